package dev.belfry.server.series;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ExpositionFormat;
import dev.belfry.receive.ExpositionImport;
import dev.belfry.receive.ItemError;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.server.receive.MetricReceiving;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Takes in expositions that are sent. */
public final class ImportEndpoints {

    private final MetricReceiving receiving;

    /** Takes samples in by {@code receiving}. */
    public ImportEndpoints(MetricReceiving receiving) {
        this.receiving = receiving;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.of(
                                "POST",
                                "/api/v1/import/prometheus",
                                Access.of(Permission.EVENTS_WRITE),
                                "Metrics",
                                "Take in Prometheus' text, OpenMetrics or Protocol Buffers, by"
                                        + " Content-Type; with or without times",
                                this::take)
                        .with(
                                List.of(
                                        Parameter.many(
                                                "extra_label",
                                                Shape.TEXT,
                                                "A label that every series gets, NAME=VALUE.",
                                                "job=backfill"),
                                        Parameter.of(
                                                "timestamp",
                                                Shape.WHOLE,
                                                "Epoch milliseconds, for samples without a time.",
                                                "1769248800000")))
                        .takes(Shape.TEXT, "")
                        .answersRaw(204, Shape.FREE)
                        .fails(ErrorCode.RATE_LIMITED, ErrorCode.OVERLOADED)
                        .bodyMax(receiving.bodyBytesMax())
                        .hushed());
    }

    private Reply take(Call call) {
        ExpositionFormat format = ExpositionFormat.of(call.header("content-type"));
        Labels extra = extra(call.parameters());
        long given = call.parameter("timestamp").map(ImportEndpoints::millis).orElse(-1L);
        DecodedSamples decoded =
                receiving.take(
                        call,
                        (body, length, series, nowMillis) ->
                                ExpositionImport.decode(
                                        body,
                                        length,
                                        format,
                                        extra,
                                        receiving.families(),
                                        series,
                                        given < 0 ? nowMillis : given));
        if (decoded.refused() == 0) {
            return Reply.bytes(204, "", new byte[0]);
        }
        boolean none = decoded.refused() == decoded.itemCount();
        throw new BelfryException(
                decoded.errors().getFirst().code(),
                decoded.refused()
                        + " of "
                        + decoded.itemCount()
                        + " samples were refused"
                        + (none ? "" : ", the others were taken")
                        + "; the first: "
                        + decoded.errors().getFirst().message(),
                Map.of("refused", decoded.refused(), "errors", shown(decoded.errors())));
    }

    private static List<Object> shown(List<ItemError> errors) {
        List<Object> shown = new ArrayList<>();
        for (ItemError error : errors) {
            shown.add(
                    Map.of(
                            "index", error.index(),
                            "code", error.code().name(),
                            "message", error.message()));
        }
        return shown;
    }

    private static Labels extra(Map<String, List<String>> parameters) {
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        for (String each : parameters.getOrDefault("extra_label", List.of())) {
            int equals = each.indexOf('=');
            if (equals < 1) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "extra_label: " + each + " (expected: NAME=VALUE)");
            }
            labels.set(each.substring(0, equals), each.substring(equals + 1));
        }
        return labels.build();
    }

    private static long millis(String text) {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "timestamp: " + text + " (expected: epoch milliseconds)");
    }
}
