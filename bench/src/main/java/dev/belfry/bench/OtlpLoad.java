package dev.belfry.bench;

import dev.belfry.model.series.Labels;
import java.util.List;

/** The series of {@link RemoteWriteLoad} as OTLP sends them: 2,000 points a request. */
final class OtlpLoad {
    /*
     * A process of 500 series is a resource, its counters are metrics of five points each. What a process is known by
     * stands in the resource, as SDKs send it; or else at each point, as what was scraped is sent on by some.
     */
    private static final int BATCH = RemoteWriteLoad.BATCH;
    private static final int PROCESS = 500;
    private static final int POINTS = 5;
    private static final List<String> OF_POINT = List.of("code", "__name__");
    private static final int CUMULATIVE = 2;

    private final int series;
    private final boolean ofResource;

    /** Series 0 to {@code series}, exclusive: a multiple of 2,000. */
    OtlpLoad(int series, boolean ofResource) {
        this.series = series;
        this.ofResource = ofResource;
    }

    /** Whether what a process is known by stands in the resource. */
    boolean ofResource() {
        return ofResource;
    }

    /** How many messages a round has. */
    int bodies() {
        return series / BATCH;
    }

    /** Message {@code body} at {@code timeMillis}. */
    byte[] message(int body, long timeMillis) {
        ProtoMessage request = new ProtoMessage();
        for (int first = body * BATCH; first < (body + 1) * BATCH; first += PROCESS) {
            request.message(1, process(first, timeMillis));
        }
        return request.bytes();
    }

    private ProtoMessage process(int first, long timeMillis) {
        Labels labels = RemoteWriteLoad.labels(first, 0);
        ProtoMessage resource = new ProtoMessage();
        resource.pair(1, "service.name", labels.get("job"));
        resource.pair(1, "service.instance.id", labels.get("instance"));
        if (ofResource) {
            labels.forEach((name, value) -> {
                if (!OF_POINT.contains(name)) {
                    resource.pair(1, name, value);
                }
            });
        }
        ProtoMessage metrics = new ProtoMessage();
        metrics.message(1, new ProtoMessage().text(1, "shop"));
        for (int number = first; number < first + PROCESS; number += POINTS) {
            metrics.message(2, metric(number, timeMillis));
        }
        return new ProtoMessage().message(1, resource).message(2, metrics);
    }

    private ProtoMessage metric(int first, long timeMillis) {
        ProtoMessage sum = new ProtoMessage();
        for (int number = first; number < first + POINTS; number++) {
            long nanos = timeMillis * 1_000_000;
            long value = number * 31L + timeMillis / RemoteWriteLoad.STEP_MILLIS;
            ProtoMessage point = new ProtoMessage();
            point.fixed64(2, 1_700_000_000_000_000_000L).fixed64(3, nanos);
            point.fixed64(4, Double.doubleToRawLongBits(value));
            Labels labels = RemoteWriteLoad.labels(number, 0);
            labels.forEach((name, label) -> {
                if (name.equals("code") || !ofResource && !OF_POINT.contains(name)) {
                    point.pair(7, name, label);
                }
            });
            sum.message(1, point);
        }
        sum.varint(2, CUMULATIVE).varint(3, 1);
        String name = RemoteWriteLoad.labels(first, 0).metricName();
        return new ProtoMessage()
                .text(1, name.substring(0, name.length() - "_total".length()))
                .message(7, sum);
    }
}
