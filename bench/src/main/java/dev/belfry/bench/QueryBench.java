package dev.belfry.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The questions of the issue over HTTP, one client, as often as given; time from request to last
 * byte.
 */
final class QueryBench {
    private static final String EVENTS = "/api/v1/monitoring/events?limit=100";

    private QueryBench() {}

    static Map<String, Distribution> run(BelfryProcess belfry, long events, int repetitions)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(3);
        JsonEvents words = new JsonEvents(7, 0, 0);
        Map<String, Supplier<String>> questions = new LinkedHashMap<>();
        questions.put("newest 100", () -> EVENTS);
        questions.put("newest 100 of 50 %", () -> EVENTS + "&level=info");
        questions.put(
                "newest 100 of 0.5 %", () -> EVENTS + "&tag.host=host-" + random.nextInt(200));
        questions.put(
                "newest 100 of 0.001 %",
                () -> EVENTS + "&payload.user=user-" + random.nextInt(100_000));
        questions.put("newest 100 of nothing", () -> EVENTS + "&source=none");
        questions.put("trace id", () -> EVENTS + "&trace_id=" + trace(random.nextLong(events)));
        questions.put(
                "rare word",
                () -> EVENTS + "&q=rareword" + random.nextLong(Math.max(1, events / 1_000_000)));
        questions.put(
                "phrase of two words",
                () ->
                        EVENTS
                                + "&q="
                                + encode(
                                        '"'
                                                + words.word(random.nextInt(2000))
                                                + ' '
                                                + words.word(random.nextInt(2000))
                                                + '"'));
        questions.put(
                "count by time and level", () -> "/api/v1/monitoring/events/histogram?buckets=500");
        questions.put("top values of all fields", () -> "/api/v1/monitoring/fields?limit=10");
        Map<String, Distribution> measured = new LinkedHashMap<>();
        for (Map.Entry<String, Supplier<String>> question : questions.entrySet()) {
            double[] millis = new double[repetitions];
            for (int i = -repetitions / 4; i < repetitions; i++) {
                String path = question.getValue().get();
                long start = System.nanoTime();
                belfry.get(path);
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
            measured.put(question.getKey(), new Distribution(millis));
        }
        return measured;
    }

    private static String trace(long number) {
        StringBuilder id = new StringBuilder();
        JsonEvents.traceId(id, number);
        return id.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
