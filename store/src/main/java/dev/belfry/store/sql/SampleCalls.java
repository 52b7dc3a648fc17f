package dev.belfry.store.sql;

import dev.belfry.model.BelfryException;
import dev.belfry.store.QueryContext;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the table macro {@code samples} of what a query calls it with, as docs/sql.md says. */
final class SampleCalls {
    /*
     * The samples of each call are read before the query runs, into a table of its instance, where they count for
     * the memory and the room that it may take. The macro finds those of a call by the text of its arguments, which
     * DuckDB itself has evaluated ahead, in the transaction in which the query runs: now() is the same in both.
     */
    private static final Pattern NUMBERS =
            Pattern.compile("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|BIGNUM");

    /* Of a time that DuckDB can show. */
    private static final long MILLIS_MAX = Long.MAX_VALUE / 1000 - 1;

    /** A call's arguments, as they are shown by DuckDB. */
    private record Call(String selector, String start, String end) {}

    private record Value(String text, String type) {}

    private final Connection connection;
    private final SampleSource source;
    private final QueryContext context;

    SampleCalls(Connection connection, SampleSource source, QueryContext context) {
        this.connection = connection;
        this.source = source;
        this.context = context;
    }

    /**
     * Reads what is called for and makes the macro, in the transaction of the query.
     *
     * @param parsed the query, as {@code json_serialize_sql} gives it
     * @param places where in it the calls stand
     */
    void make(String parsed, List<String> places) throws SQLException {
        execute(
                "CREATE TABLE "
                        + SampleTable.NAME
                        + " (call INTEGER, name VARCHAR, labels VARCHAR, times BIGINT[],"
                        + " numbers DOUBLE[], histograms VARCHAR[])");
        Set<Call> calls = new LinkedHashSet<>();
        StringBuilder which = new StringBuilder("CASE");
        for (String place : places) {
            Value selector = value(parsed, place, 0);
            Value start = value(parsed, place, 1);
            Value end = value(parsed, place, 2);
            Call call = new Call(selector.text, start.text, end.text);
            if (calls.add(call)) {
                which.append(" WHEN selector::VARCHAR = ")
                        .append(Physical.literal(call.selector))
                        .append(" AND start_time::VARCHAR = ")
                        .append(Physical.literal(call.start))
                        .append(" AND end_time::VARCHAR = ")
                        .append(Physical.literal(call.end))
                        .append(" THEN ")
                        .append(calls.size() - 1);
                long from = Math.ceilDiv(micros(start), 1000L);
                long to = Math.min(MILLIS_MAX, Math.floorDiv(micros(end), 1000L));
                try (SampleTable table = new SampleTable(connection, context, calls.size() - 1)) {
                    source.read(call.selector, from, to, table);
                }
            }
        }
        execute(
                "CREATE MACRO samples(selector, start_time, end_time) AS TABLE SELECT"
                        + " make_timestamptz(time * 1000) AS timestamp, name, labels::JSON AS labels,"
                        + " value, histogram::JSON AS histogram FROM (SELECT name, labels,"
                        + " unnest(times) AS time, unnest(numbers) AS value,"
                        + " unnest(histograms) AS histogram FROM memory.main."
                        + SampleTable.NAME
                        + " WHERE call = "
                        + which
                        + " END)");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /* What an argument is: a query of it alone is made of its part of the tree. */
    private Value value(String parsed, String place, int argument) throws SQLException {
        String expression =
                one("SELECT json_extract(?, ?)::VARCHAR", parsed, place + argument + "/expression");
        String empty = one("SELECT json_serialize_sql(?)", "SELECT NULL");
        String list =
                one("SELECT json_extract(?, '/statements/0/node/select_list')::VARCHAR", empty);
        String query =
                one("SELECT json_deserialize_sql(?)", empty.replace(list, "[" + expression + "]"));
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT a::VARCHAR, typeof(a) FROM (" + query + ") AS t(a)")) {
            result.next();
            String text = result.getString(1);
            if (text == null) {
                throw SqlGate.refused("samples: NULL (expected: selector, start, end)");
            }
            return new Value(text, result.getString(2));
        } catch (SQLException failure) {
            String message = String.valueOf(failure.getMessage());
            if (!message.startsWith("Binder Error")) {
                throw failure;
            }
            throw SqlGate.refused(
                    "samples: "
                            + message.lines().findFirst().orElse("")
                            + " (expected: a selector, a start and an end that go by no row)");
        }
    }

    private String one(String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /* A number is seconds since 1970, all else a time. */
    private long micros(Value time) throws SQLException {
        try {
            if (NUMBERS.matcher(time.type).matches()) {
                return new BigDecimal(time.text)
                        .movePointRight(6)
                        .setScale(0, RoundingMode.FLOOR)
                        .max(BigDecimal.valueOf(Long.MIN_VALUE))
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValueExact();
            }
            if (time.text.endsWith("infinity")) {
                return time.text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            return Long.parseLong(one("SELECT epoch_us(CAST(? AS TIMESTAMPTZ))", time.text));
        } catch (NumberFormatException | SQLException unknown) {
            throw notATime(time);
        }
    }

    private static BelfryException notATime(Value time) {
        return SqlGate.refused(
                "samples: time "
                        + time.text
                        + " (expected: one such as '2026-01-15T12:00:00Z', or seconds since 1970)");
    }
}
