package dev.belfry.store.sql;

import dev.belfry.store.column.ReadCost;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.duckdb.ProfilerPrintFormat;

/** What the last query of an instance has read. */
final class SqlProfile {
    private static final Pattern ROWS = Pattern.compile("\"total_rows_scanned\"\\s*:\\s*(\\d+)");
    private static final Pattern BYTES = Pattern.compile("\"total_bytes_read\"\\s*:\\s*(\\d+)");

    private SqlProfile() {}

    static void addTo(ReadCost cost, Connection connection) throws SQLException {
        String profile =
                connection
                        .unwrap(DuckDBConnection.class)
                        .getProfilingInformation(ProfilerPrintFormat.JSON);
        cost.addRows(number(ROWS, profile));
        cost.addBytes(number(BYTES, profile));
    }

    private static long number(Pattern pattern, String profile) {
        Matcher found = pattern.matcher(profile);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
