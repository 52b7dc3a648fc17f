package dev.belfry.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A question that Belfry and every peer are asked in their own language.
 *
 * @param measure which kind
 * @param argument what is looked for: a host, a user, a trace id, a word, two words, how many
 *     buckets; may be empty
 */
record Question(Measure measure, String argument) {
    /** The kinds that look for events. */
    private static final List<Measure> SEARCHES =
            List.of(
                    Measure.NEWEST,
                    Measure.NEWEST_HALF,
                    Measure.NEWEST_HOST,
                    Measure.NEWEST_USER,
                    Measure.NEWEST_NONE,
                    Measure.TRACE,
                    Measure.WORD,
                    Measure.PHRASE);

    /** The kinds that all answer. */
    static final List<Measure> KINDS =
            Stream.concat(
                            SEARCHES.stream(),
                            Stream.of(
                                    Measure.COUNT_TIME_LEVEL,
                                    Measure.GROUP_TAG,
                                    Measure.NUMBER_P95))
                    .toList();

    /** The same questions at every call: {@code count} of each kind, about {@code events}. */
    static Map<Measure, List<Question>> all(long events, int count) {
        SplittableRandom random = new SplittableRandom(3);
        JsonEvents words = new JsonEvents(7, 0, 0);
        Map<Measure, List<Question>> questions = new EnumMap<>(Measure.class);
        for (Measure kind : KINDS) {
            List<Question> some = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                some.add(new Question(kind, argument(kind, events, random, words)));
            }
            questions.put(kind, some);
        }
        return questions;
    }

    private static String argument(
            Measure kind, long events, SplittableRandom random, JsonEvents words) {
        return switch (kind) {
            case NEWEST_HOST -> "host-" + random.nextInt(200);
            case NEWEST_USER -> "user-" + random.nextInt(100_000);
            case TRACE -> {
                StringBuilder id = new StringBuilder();
                JsonEvents.traceId(id, random.nextLong(events));
                yield id.toString();
            }
            case WORD -> "rareword" + random.nextLong(Math.max(1, events / 1_000_000));
            case PHRASE ->
                    words.word(random.nextInt(2000)) + ' ' + words.word(random.nextInt(2000));
            /* So many buckets that one is a minute: there is an event a millisecond. */
            case COUNT_TIME_LEVEL -> Long.toString(events / 60_000 + 2);
            default -> "";
        };
    }

    /** Asks one. */
    interface Asking {
        void ask(Question question) throws Exception;
    }

    /** Asks all of them, the first quarter of a kind twice, and keeps the percentile. */
    static void measure(Map<Measure, List<Question>> questions, Figures figures, Asking asking)
            throws Exception {
        for (Map.Entry<Measure, List<Question>> kind : questions.entrySet()) {
            List<Question> some = kind.getValue();
            for (Question question : some.subList(0, (some.size() + 3) / 4)) {
                asking.ask(question);
            }
            double[] millis = new double[some.size()];
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                asking.ask(some.get(i));
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            figures.add(
                    kind.getKey(), new Distribution(millis).percentile(kind.getKey().percentile()));
        }
    }
}
