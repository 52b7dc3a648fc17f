package dev.belfry.server.events;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.Event;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.EventPage;
import dev.belfry.query.EventQueries;
import dev.belfry.query.Order;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.QueryContext;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the events of a filter out as a file. */
public final class ExportEndpoint {
    /*
     * Page after page, each a query of its own, so that a client that reads slowly holds no place of a query;
     * the cursor makes them one view.
     */
    private static final int EVENTS_MAX = 1_000_000;
    private static final int EVENTS_DEFAULT = 100_000;
    private static final String NDJSON = "application/x-ndjson";
    private static final Piece NOTHING = new Piece(0, null, new byte[0]);

    /** A page as it is sent; {@code cursor} leads to the next. */
    private record Piece(int events, @Nullable String cursor, byte[] lines) {}

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final Supplier<Identity> identity;
    private final LongSupplier nowNanos;

    /** An endpoint over {@code engine}; each export is recorded in the audit trail. */
    public ExportEndpoint(
            Supplier<Engine> engine,
            QueryDesk desk,
            Supplier<Identity> identity,
            LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.identity = identity;
        this.nowNanos = nowNanos;
    }

    /** The declaration. */
    public Endpoint endpoint() {
        List<Parameter> parameters = new ArrayList<>(Filters.PARAMETERS);
        parameters.add(
                Parameter.of("format", Shape.oneOf("csv", "ndjson"), "csv by default.", "csv"));
        parameters.add(
                Parameter.many(
                        "column",
                        Shape.TEXT,
                        "Of CSV, in order: timestamp level source message …, tags.KEY, payload.KEY,"
                                + " or KEY.",
                        "message"));
        parameters.add(Parameter.of("limit", Shape.WHOLE, "1 to 1000000; 100000.", "1000"));
        parameters.add(
                Parameter.of("order", Shape.oneOf("desc", "asc"), "Newest first: desc.", "desc"));
        return Endpoint.of(
                        "GET",
                        "/api/v1/monitoring/events/export",
                        Access.of(Permission.EVENTS_READ),
                        "Events",
                        "Take events out as CSV or NDJSON; recorded in the audit trail",
                        this::export)
                .with(parameters)
                .answersRaw(200, Shape.TEXT)
                .fails(ErrorCode.QUERY_LIMIT);
    }

    private Reply export(Call call) throws InterruptedException {
        boolean csv = call.parameter("format").orElse("csv").equals("csv");
        int limit = call.whole("limit", EVENTS_DEFAULT, 1, EVENTS_MAX);
        EventColumns columns = EventColumns.of(call.parameters().getOrDefault("column", List.of()));
        EventFilter filter = Filters.of(call, nowNanos.getAsLong()).orElse(null);
        EventColumns shown = csv ? columns : null;
        Piece first = filter == null ? NOTHING : piece(call, filter, limit, null, shown, true);
        Map<String, Object> details = new HashMap<>();
        call.parameters().forEach((name, values) -> details.put(name, String.join(", ", values)));
        details.put("format", csv ? "csv" : "ndjson");
        details.put("limit", limit);
        identity.get().audit().record(call.caller(), "events.export", null, details);
        return Reply.streamed(
                        200,
                        csv ? Csv.TYPE : NDJSON,
                        sink -> write(call, filter, limit, first, shown, sink))
                .with(
                        "content-disposition",
                        "attachment; filename=\"events." + (csv ? "csv" : "ndjson") + "\"");
    }

    private void write(
            Call call,
            @Nullable EventFilter filter,
            int limit,
            Piece first,
            @Nullable EventColumns columns,
            Reply.Sink sink)
            throws Exception {
        if (columns != null) {
            Csv csv = new Csv();
            columns.head(csv);
            sink.write(csv.take());
        }
        Piece piece = first;
        int left = limit;
        while (true) {
            left -= piece.events();
            if (piece.events() > 0) {
                sink.write(piece.lines());
            }
            if (piece.cursor() == null || left <= 0 || filter == null) {
                return;
            }
            piece = piece(call, filter, left, piece.cursor(), columns, false);
        }
    }

    private static byte[] lines(EventPage page) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(page.events().size() * 512);
        for (Event event : page.events()) {
            JsonText text = new JsonText(512);
            EventJson.write(text, event);
            lines.writeBytes(text.bytes());
            lines.write('\n');
        }
        return lines.toByteArray();
    }

    private static byte[] lines(EventPage page, EventColumns columns) {
        Csv csv = new Csv();
        page.events().forEach(event -> columns.line(csv, event));
        return csv.take();
    }

    /* Made within the query's place, so that only a few pages are in memory as events. */
    private Piece piece(
            Call call,
            EventFilter filter,
            int left,
            @Nullable String cursor,
            @Nullable EventColumns columns,
            boolean counts)
            throws InterruptedException {
        Order order =
                call.parameter("order").orElse("desc").equals("asc")
                        ? Order.OLDEST_FIRST
                        : Order.NEWEST_FIRST;
        int limit = Math.min(left, EventQueries.PAGE_MAX);
        Function<QueryContext, Piece> query =
                context -> {
                    EventPage page =
                            engine.get().events().search(filter, order, limit, 0, cursor, context);
                    return new Piece(
                            page.events().size(),
                            page.nextCursor(),
                            columns == null ? lines(page) : lines(page, columns));
                };
        return counts
                ? desk.run("export", call, Piece::events, query)
                : desk.runOn(
                        new QueryDesk.Question("export", "", desk.rowsMax()),
                        call,
                        Piece::events,
                        query);
    }
}
