package dev.belfry.server.series;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.InfluxLines;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.receive.MetricReceiving;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What writers of Influx speak: both versions' write, and what they ask before. */
public final class InfluxEndpoints {
    private static final String JSON = "application/json";
    private static final Parameter DATABASE =
            Parameter.of("db", Shape.TEXT, "Becomes the label db.", "telegraf");
    private static final Parameter BUCKET =
            Parameter.of("bucket", Shape.TEXT, "Becomes the label db.", "telegraf");
    private static final Parameter PRECISION =
            Parameter.of(
                    "precision",
                    Shape.oneOf("n", "ns", "u", "us", "µ", "ms", "s", "m", "h"),
                    "Of the lines' times; nanoseconds unless told.",
                    "s");
    private static final Parameter QUERY =
            Parameter.of("q", Shape.TEXT, "The statement.", "CREATE DATABASE telegraf");

    private final MetricReceiving receiving;

    /** Takes lines in by {@code receiving}. */
    public InfluxEndpoints(MetricReceiving receiving) {
        this.receiving = receiving;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                write("/write", "Take in lines of Influx' protocol", DATABASE, this::first),
                write("/api/v2/write", "The same, version 2", BUCKET, this::second),
                ping("GET"),
                ping("HEAD"),
                Endpoint.of(
                                "POST",
                                "/query",
                                Access.of(Permission.EVENTS_WRITE),
                                "Metrics",
                                "CREATE DATABASE, which writers send first: there is nothing to do",
                                this::query)
                        .with(List.of(QUERY))
                        .takes(Shape.FREE, "")
                        .answersRaw(200, Shape.FREE)
                        .speaks(new InfluxDialect())
                        .hushed());
    }

    private Endpoint write(
            String path, String summary, Parameter database, Endpoint.Handler handler) {
        return Endpoint.of(
                        "POST",
                        path,
                        Access.of(Permission.EVENTS_WRITE),
                        "Metrics",
                        summary,
                        handler)
                .with(List.of(database, PRECISION))
                .takes(Shape.TEXT, "")
                .answersRaw(204, Shape.FREE)
                .fails(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED)
                .bodyMax(receiving.bodyBytesMax())
                .speaks(new InfluxDialect())
                .hushed();
    }

    private static Endpoint ping(String method) {
        return Endpoint.of(
                        method,
                        "/ping",
                        Access.PUBLIC,
                        "Metrics",
                        "Whether lines are taken, as Influx says it",
                        _ ->
                                Reply.bytes(204, "", new byte[0])
                                        .with("X-Influxdb-Build", "OSS")
                                        .with("X-Influxdb-Version", "1.8.10"))
                .answersRaw(204, Shape.FREE)
                .hushed();
    }

    private Reply first(Call call) {
        return take(call, call.parameter("db").orElse(""));
    }

    private Reply second(Call call) {
        return take(call, call.parameter("bucket").orElse(""));
    }

    private Reply take(Call call, String database) {
        String precision = call.parameter("precision").orElse("ns");
        DecodedSamples decoded =
                receiving.take(
                        call,
                        (body, length, series, nowMillis) ->
                                InfluxLines.decode(
                                        body,
                                        length,
                                        precision,
                                        database,
                                        receiving.families(),
                                        series,
                                        nowMillis));
        if (decoded.refused() == 0) {
            return Reply.bytes(204, "", new byte[0]);
        }
        throw new BelfryException(
                decoded.errors().getFirst().code(),
                "partial write: "
                        + decoded.errors().getFirst().message()
                        + " dropped="
                        + decoded.refused());
    }

    private Reply query(Call call) {
        String form = new String(call.bodyBytes(), 0, call.bodyLength(), StandardCharsets.UTF_8);
        String query = call.parameter("q").orElse(form).toUpperCase(Locale.ROOT);
        if (!query.contains("CREATE") || !query.contains("DATABASE")) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "q: not known here (expected: CREATE DATABASE; metrics are asked for by PromQL)");
        }
        return Reply.bytes(
                200, JSON, "{\"results\":[{\"statement_id\":0}]}".getBytes(StandardCharsets.UTF_8));
    }
}
