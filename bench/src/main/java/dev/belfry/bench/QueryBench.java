package dev.belfry.bench;

import dev.belfry.query.Engine;
import dev.belfry.store.StoreStatus;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;

/** The questions to Belfry: one client, time from request to last byte. */
final class QueryBench {
    private static final String BASE = "/api/v1/monitoring/";

    private QueryBench() {}

    static void overHttp(BelfryProcess belfry, long events, Figures figures) throws Exception {
        Question.measure(Question.all(events, 40), figures, question -> ask(belfry, question));
        Question.measure(
                Map.of(Measure.FIELDS, Collections.nCopies(10, new Question(Measure.FIELDS, ""))),
                figures,
                _ -> belfry.get(BASE + "fields?limit=10"));
    }

    /** Asks one. */
    static void ask(BelfryProcess belfry, Question question)
            throws IOException, InterruptedException {
        switch (question.measure()) {
            case GROUP_TAG -> belfry.insight("stats count() by host");
            case NUMBER_P95 -> belfry.insight("stats p95(duration_ms)");
            default -> belfry.get(path(question));
        }
    }

    /** Bytes of what is sealed. */
    static void bytes(Path data, Figures figures) throws Exception {
        try (Engine engine = Engine.open(data)) {
            engine.awaitRecovered(Duration.ofMinutes(1));
            StoreStatus store = engine.status().store();
            long sealed =
                    store.segments().stream().mapToLong(StoreStatus.SegmentStatus::rows).sum();
            if (sealed > 0) {
                figures.add(Measure.BYTES, (double) store.segmentBytes() / sealed);
            }
        }
    }

    private static String path(Question question) {
        String newest = BASE + "events?limit=100";
        String argument = question.argument();
        return switch (question.measure()) {
            case NEWEST -> newest;
            case NEWEST_HALF -> newest + "&level=info";
            case NEWEST_HOST -> newest + "&tag.host=" + argument;
            case NEWEST_USER -> newest + "&payload.user=" + argument;
            case NEWEST_NONE -> newest + "&source=none";
            case TRACE -> newest + "&trace_id=" + argument;
            case WORD -> newest + "&q=" + argument;
            case PHRASE ->
                    newest
                            + "&q="
                            + URLEncoder.encode('"' + argument + '"', StandardCharsets.UTF_8);
            case COUNT_TIME_LEVEL -> BASE + "events/histogram?buckets=" + argument;
            default -> throw new IllegalStateException("BUG: " + question);
        };
    }
}
