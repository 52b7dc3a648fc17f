package dev.belfry.server.events;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.Timestamps;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Read-only SQL, for administrators. */
public final class SqlEndpoint {
    private static final Shape QUERY =
            object("SqlQuery", member("query", Shape.TEXT, "One SELECT over the table events."));
    private static final Shape RESULT =
            object(
                    "SqlResult",
                    member("columns", list(Shape.TEXT), ""),
                    member("rows", list(list(Shape.ANY)), "A list of values a row."));

    /** Answers SQL. */
    @FunctionalInterface
    public interface Sql {
        /** The rows of {@code query}, which only reads. */
        ResultTable ask(String query, QueryContext context);
    }

    private final Sql sql;
    private final Supplier<Identity> identity;
    private final QueryDesk desk;

    /** An endpoint over {@code sql}; what is asked is recorded in the audit trail. */
    public SqlEndpoint(Sql sql, Supplier<Identity> identity, QueryDesk desk) {
        this.sql = sql;
        this.identity = identity;
        this.desk = desk;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        return Endpoint.of(
                        "POST",
                        "/api/v1/monitoring/sql",
                        Access.of(Permission.ADMIN),
                        "Events",
                        "Ask in SQL; read-only, recorded in the audit trail",
                        this::ask)
                .with(List.of(QueryDesk.TIMEOUT))
                .takes(
                        QUERY,
                        "{\"query\":\"SELECT source, count(*) AS n FROM events GROUP BY source\"}")
                .answers(200, Shape.beside(RESULT, Shape.STATISTICS))
                .fails(ErrorCode.QUERY_LIMIT);
    }

    private Reply ask(Call call) throws InterruptedException {
        String query = call.object("query").text("query");
        identity.get().audit().record(call.caller(), "sql.query", null, Map.of("query", query));
        return desk.answer(
                new QueryDesk.Question("sql", query, desk.rowsMax()),
                call,
                found -> found.rows().size(),
                context -> sql.ask(query, context),
                SqlEndpoint::reply);
    }

    private static Reply reply(ResultTable table) {
        JsonText text = new JsonText(4096).object().name("success").truth(true);
        text.name("data").object().name("columns").value(table.columns()).name("rows").array();
        for (@Nullable Object[] row : table.rows()) {
            text.array();
            for (Object value : row) {
                write(text, value);
            }
            text.endArray();
        }
        text.endArray().endObject();
        SearchEndpoints.statistics(text, table.statistics(), table.truncated());
        return Reply.json(200, text.endObject());
    }

    /** A value of a result: JSON as it is, times as text. */
    static void write(JsonText text, @Nullable Object value) {
        switch (value) {
            case null -> text.nothing();
            case ResultTable.Json json -> text.raw(json.text());
            case UUID id -> text.uuid(id);
            case Instant instant ->
                    text.text(
                            Timestamps.format(
                                    Timestamps.nanosOf(
                                            instant.getEpochSecond(), instant.getNano())));
            default -> text.value(value);
        }
    }
}
