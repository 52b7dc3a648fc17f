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
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Errors;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.QueryContext;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    /** What of a streamed answer is made at once. */
    private static final int PIECE_BYTES = 64 << 10;

    private static final Dialect DIALECT =
            (error, _) -> {
                Reply reply =
                        Reply.text(Errors.status(error.code()), TEXT, error.getMessage() + "\n");
                return error.code() == ErrorCode.UNAUTHORIZED
                        ? reply.with("www-authenticate", "Basic realm=\"belfry\"")
                        : reply;
            };

    private final Supplier<Engine> engine;
    private final QueryDesk desk;

    /** Reads from {@code engine} by {@code desk}. */
    public ReadEndpoint(Supplier<Engine> engine, QueryDesk desk) {
        this.engine = engine;
        this.desk = desk;
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

    private Reply read(Call call) throws InterruptedException {
        byte[] block = call.bodyBytes();
        int length =
                Snappy.inflatedLength(block, call.bodyLength(), Math.toIntExact(REQUEST_BYTES_MAX));
        byte[] body = new byte[length];
        Snappy.inflate(block, call.bodyLength(), body);
        RemoteRead.Request request = RemoteRead.decode(body, length);
        List<List<LabelMatcher>> matchers = new ArrayList<>();
        for (RemoteRead.Query query : request.queries()) {
            matchers.add(matchers(query));
        }
        return request.streamed()
                ? streamed(call, request, matchers)
                : desk.ask(
                        "samples",
                        matchers.toString(),
                        call,
                        desk.timeoutMax(),
                        _ -> matchers.size(),
                        context -> samples(reader(call, context), request, matchers, context));
    }

    private MetricReader reader(Call call, QueryContext context) {
        return BoundedSeries.of(engine.get().metrics(), call.principal(), context);
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
            MetricReader series,
            RemoteRead.Request request,
            List<List<LabelMatcher>> matchers,
            QueryContext context) {
        RemoteRead.Samples answer = new RemoteRead.Samples();
        for (int index = 0; index < matchers.size(); index++) {
            answer.begin();
            int before = answer.size();
            RemoteRead.Query query = request.queries().get(index);
            try (Series found = new Series(series, matchers.get(index), query, context)) {
                for (SeriesSamples each = found.next(); each != null; each = found.next()) {
                    answer.add(each);
                    context.reserve(2L * (answer.size() - before));
                    before = answer.size();
                    if (answer.size() > ANSWER_BYTES_MAX) {
                        throw new BelfryException(
                                ErrorCode.VALIDATION_ERROR,
                                "exceeded sample limit: over "
                                        + ANSWER_BYTES_MAX
                                        + " bytes (expected: fewer, or STREAMED_XOR_CHUNKS)");
                    }
                }
            }
            answer.end();
        }
        return Reply.bytes(200, "application/x-protobuf", answer.block())
                .with("content-encoding", "snappy");
    }

    private Reply streamed(Call call, RemoteRead.Request request, List<List<LabelMatcher>> matchers)
            throws InterruptedException {
        desk.run(
                "samples",
                matchers.toString(),
                call,
                Integer::longValue,
                context -> count(reader(call, context), request, matchers));
        return Reply.streamed(
                200,
                STREAM,
                sink -> {
                    for (int index = 0; index < matchers.size(); index++) {
                        stream(call, request, matchers.get(index), index, sink);
                    }
                });
    }

    /* How many series there are: what cannot be read is refused before the answer begins. */
    private static int count(
            MetricReader series, RemoteRead.Request request, List<List<LabelMatcher>> matchers) {
        int count = 0;
        for (int index = 0; index < matchers.size(); index++) {
            RemoteRead.Query query = request.queries().get(index);
            try (SeriesSource.Selection selection =
                    series.select(
                            matchers.get(index),
                            query.startMillis(),
                            query.endMillis(),
                            SeriesSource.Hints.NONE)) {
                count += selection.size();
            }
        }
        return count;
    }

    private void stream(
            Call call,
            RemoteRead.Request request,
            List<LabelMatcher> matchers,
            int index,
            Reply.Sink sink)
            throws Exception {
        MetricReader all = OwnedSeries.of(engine.get().metrics(), call.principal());
        try (Series series =
                desk.piece(
                        "samples",
                        call,
                        context ->
                                new Series(all, matchers, request.queries().get(index), context))) {
            while (!series.isDone()) {
                byte[] frames =
                        desk.piece("samples", call, context -> frames(series, index, context));
                if (frames.length > 0) {
                    sink.write(frames);
                }
            }
        }
    }

    private static byte[] frames(Series series, int index, QueryContext context) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        while (frames.size() < PIECE_BYTES && !series.isDone()) {
            context.check();
            SeriesSamples next = series.next();
            if (next != null) {
                frames.writeBytes(RemoteRead.frame(index, next));
            }
        }
        return frames.toByteArray();
    }

    /** The series of a query in the order of their labels; for one thread at a time. */
    private static final class Series implements AutoCloseable {
        /* Labels and their place while they are sorted. */
        private static final long SORTED_BYTES = 140;

        private final SeriesSource.Selection selection;
        private final int[] order;
        private SeriesSource.@Nullable Cursor cursor;
        private int at;

        Series(
                MetricReader series,
                List<LabelMatcher> matchers,
                RemoteRead.Query query,
                QueryContext context) {
            this.selection =
                    series.select(
                            matchers,
                            query.startMillis(),
                            query.endMillis(),
                            SeriesSource.Hints.NONE);
            try {
                context.reserve(SORTED_BYTES * selection.size());
                this.order = order(selection);
                context.reserve(-SORTED_BYTES * selection.size());
            } catch (RuntimeException e) {
                selection.close();
                throw e;
            }
        }

        private static int[] order(SeriesSource.Selection selection) {
            record Place(int index, Labels labels) {}
            Place[] places = new Place[selection.size()];
            Arrays.setAll(places, index -> new Place(index, selection.labels(index)));
            Arrays.sort(places, Comparator.comparing(Place::labels));
            return Arrays.stream(places).mapToInt(Place::index).toArray();
        }

        boolean isDone() {
            return at == order.length;
        }

        /** The next one, valid until the one after it; null after the last. */
        @Nullable SeriesSamples next() {
            if (isDone()) {
                return null;
            }
            int index = order[at++];
            SeriesSource.Cursor before = cursor;
            if (before != null) {
                before.close();
            }
            SeriesSource.Cursor next = selection.cursor(index, index + 1);
            cursor = next;
            return next.next();
        }

        @Override
        public void close() {
            try (selection) {
                if (cursor != null) {
                    cursor.close();
                }
            }
        }
    }
}
