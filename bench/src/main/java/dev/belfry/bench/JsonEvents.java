package dev.belfry.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The reference events as JSON lines of about 400 bytes: 40 sources, 4 tags, a payload of two
 * fields, a message of 8 words out of 2,000, a random trace id. For one thread.
 */
final class JsonEvents {
    private static final int WORDS = 2000;
    static final String[] LEVELS = {"debug", "info", "info", "info", "warn", "error"};
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final SplittableRandom random;
    private final String[] words = new String[WORDS];
    private final long startEpochMillis;
    private long number;

    /** Event {@code number} has the time {@code start + number} milliseconds. */
    JsonEvents(long seed, long startEpochMillis, long firstNumber) {
        random = new SplittableRandom(seed + firstNumber);
        this.startEpochMillis = startEpochMillis;
        number = firstNumber;
        SplittableRandom letters = new SplittableRandom(1);
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 3 + letters.nextInt(8); length > 0; length--) {
                word.append((char) ('a' + letters.nextInt(26)));
            }
            words[i] = word.toString();
        }
    }

    /** Word {@code index} of the vocabulary. */
    String word(int index) {
        return words[index];
    }

    /** {@code count} further events as lines. */
    byte[] lines(int count) {
        StringBuilder out = new StringBuilder(count * 420);
        for (int i = 0; i < count; i++) {
            line(out);
            out.append('\n');
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private void line(StringBuilder out) {
        out.append("{\"event_type\":\"log\",\"source\":\"service-").append(random.nextInt(40));
        out.append("\",\"level\":\"").append(LEVELS[random.nextInt(LEVELS.length)]);
        out.append("\",\"timestamp\":\"");
        out.append(java.time.Instant.ofEpochMilli(startEpochMillis + number));
        out.append("\",\"message\":\"");
        for (int i = 0; i < 8; i++) {
            out.append(i == 0 ? "" : " ").append(words[random.nextInt(WORDS)]);
        }
        if (number % 1_000_000 == 500_000) {
            out.append(" rareword").append(number / 1_000_000);
        }
        out.append("\",\"trace_id\":\"");
        traceId(out, number);
        out.append("\",\"tags\":{\"environment\":\"production\",\"region\":\"region-");
        out.append(random.nextInt(5)).append("\",\"host\":\"host-").append(random.nextInt(200));
        out.append("\",\"version\":\"1.").append(random.nextInt(9)).append(".0\"}");
        out.append(",\"payload\":{\"duration_ms\":").append(random.nextInt(5000));
        out.append(",\"user\":\"user-").append(random.nextInt(100_000)).append("\"}}");
        number++;
    }

    /** The trace id of event {@code number}: random to look at, known to the benchmark. */
    static void traceId(StringBuilder out, long number) {
        for (long word : new long[] {mix(number * 2), mix(number * 2 + 1)}) {
            for (int shift = 60; shift >= 0; shift -= 4) {
                out.append(HEX[(int) (word >>> shift) & 15]);
            }
        }
    }

    private static long mix(long value) {
        long mixed = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
