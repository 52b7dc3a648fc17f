package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.Engine;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlFailure;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.Snappy;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Prometheus' remote read: samples, or chunks in a stream. */
public final class ReadEndpoint {
    /*
     * https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/: who asks merges what several servers
     * answer, and so wants series in the order of their labels; a selection of the store has another.
     */
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String STREAM =
            "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
    private static final long REQUEST_BYTES_MAX = 4 << 20;

    /** What an answer of samples may take; a streamed one is not bounded. */
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private static final SeriesSource.Hints NO_HINTS =
            new SeriesSource.Hints(0, 0, "", List.of(), false);

    private static final Dialect DIALECT =
            (error, _) -> {
                Reply reply =
                        Reply.text(Errors.status(error.code()), TEXT, error.getMessage() + "\n");
                return error.code() == ErrorCode.UNAUTHORIZED
                        ? reply.with("www-authenticate", "Basic realm=\"belfry\"")
                        : reply;
            };

    private final Supplier<Engine> engine;

    /** Reads from {@code engine}. */
    public ReadEndpoint(Supplier<Engine> engine) {
        this.engine = engine;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (String path : List.of("/api/v1/read", "/prometheus/api/v1/read")) {
            all.add(
                    Endpoint.of(
                                    "POST",
                                    path,
                                    Access.of(Permission.EVENTS_READ),
                                    PrometheusApi.GROUP,
                                    "Remote read: samples, or streamed chunks",
                                    this::read)
                            .takes(Shape.FREE, "")
                            .answersRaw(200, Shape.FREE)
                            .fails(ErrorCode.OVERLOADED)
                            .bodyMax(REQUEST_BYTES_MAX)
                            .speaks(DIALECT));
        }
        return all;
    }

    private Reply read(Call call) {
        byte[] block = call.bodyBytes();
        int length =
                Snappy.inflatedLength(block, call.bodyLength(), Math.toIntExact(REQUEST_BYTES_MAX));
        byte[] body = new byte[length];
        Snappy.inflate(block, call.bodyLength(), body);
        RemoteRead.Request request = RemoteRead.decode(body, length);
        MetricReader series = OwnedSeries.of(engine.get().metrics(), call.principal());
        List<List<LabelMatcher>> matchers = new ArrayList<>();
        for (RemoteRead.Query query : request.queries()) {
            matchers.add(matchers(query));
        }
        return request.streamed()
                ? streamed(series, request, matchers)
                : samples(series, request, matchers);
    }

    private static List<LabelMatcher> matchers(RemoteRead.Query query) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (RemoteRead.Matcher given : query.matchers()) {
            try {
                matchers.add(Promql.matcher(given.operator(), given.name(), given.value()));
            } catch (PromqlFailure failure) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR, String.valueOf(failure.getMessage()));
            }
        }
        return matchers;
    }

    private static Reply samples(
            MetricReader series, RemoteRead.Request request, List<List<LabelMatcher>> matchers) {
        RemoteRead.Samples answer = new RemoteRead.Samples();
        for (int index = 0; index < matchers.size(); index++) {
            answer.begin();
            forEach(
                    series,
                    matchers.get(index),
                    request.queries().get(index),
                    each -> {
                        answer.add(each);
                        if (answer.size() > ANSWER_BYTES_MAX) {
                            throw new BelfryException(
                                    ErrorCode.VALIDATION_ERROR,
                                    "exceeded sample limit: over "
                                            + ANSWER_BYTES_MAX
                                            + " bytes (expected: fewer, or STREAMED_XOR_CHUNKS)");
                        }
                    });
            answer.end();
        }
        return Reply.bytes(200, "application/x-protobuf", answer.block())
                .with("content-encoding", "snappy");
    }

    private static Reply streamed(
            MetricReader series, RemoteRead.Request request, List<List<LabelMatcher>> matchers) {
        return Reply.streamed(
                200,
                STREAM,
                sink -> {
                    for (int index = 0; index < matchers.size(); index++) {
                        int number = index;
                        forEach(
                                series,
                                matchers.get(index),
                                request.queries().get(index),
                                each -> {
                                    byte[] frame = RemoteRead.frame(number, each);
                                    if (frame.length > 0) {
                                        ApiJson.send(sink, frame);
                                    }
                                });
                    }
                });
    }

    /** The series in the order of their labels. */
    private static void forEach(
            MetricReader series,
            List<LabelMatcher> matchers,
            RemoteRead.Query query,
            Consumer<SeriesSamples> use) {
        try (SeriesSource.Selection selection =
                series.select(matchers, query.startMillis(), query.endMillis(), NO_HINTS)) {
            List<Integer> order = new ArrayList<>(selection.size());
            Labels[] labels = new Labels[selection.size()];
            for (int index = 0; index < labels.length; index++) {
                order.add(index);
                labels[index] = selection.labels(index);
            }
            order.sort(Comparator.comparing(index -> labels[index]));
            for (int index : order) {
                try (SeriesSource.Cursor cursor = selection.cursor(index, index + 1)) {
                    SeriesSamples next = cursor.next();
                    if (next != null) {
                        use.accept(next);
                    }
                }
            }
        }
    }
}
