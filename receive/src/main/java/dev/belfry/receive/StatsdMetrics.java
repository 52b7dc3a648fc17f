package dev.belfry.receive;

import dev.belfry.receive.push.Observations;
import dev.belfry.receive.push.StatsdReader;
import dev.belfry.receive.push.StatsdReader.Type;
import dev.belfry.receive.push.StatsdSeries;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what lines of StatsD say until it is flushed. For one thread at a time.
 *
 * <p>What is kept is bounded: {@link #isFull} asks for a flush, and what comes when there is twice
 * as much is dropped.
 */
public final class StatsdMetrics {
    /**
     * Metrics, observations and texts of sets after which it wants to be flushed; long texts count
     * as several.
     */
    public static final int KEPT_WANTED_MAX = 250_000;

    private static final int KEPT_MAX = 2 * KEPT_WANTED_MAX;
    private static final int CHARACTERS = 64;

    private final @Nullable String source;
    private final StatsdReader reader = new StatsdReader(new Gathering());
    private Map<String, StatsdSeries> gathered = new LinkedHashMap<>();
    private int kept;
    private int lines;
    private int malformed;
    private int dropped;
    private String firstRefusal = "";

    /**
     * Nothing yet.
     *
     * @param source the label {@code source} of metrics that name none; null for none
     */
    public StatsdMetrics(@Nullable String source) {
        this.source = source;
    }

    /**
     * What has gathered.
     *
     * @param series with numbers
     * @param lines how many numbers and texts they stand for
     * @param malformed lines that are none
     * @param dropped numbers and texts for which there was no room
     * @param firstRefusal what was wrong with the first malformed line; empty when none is
     */
    public record Gathered(
            Collection<StatsdSeries> series,
            int lines,
            int malformed,
            int dropped,
            String firstRefusal) {

        /**
         * The changes that the numbers make; asked for again it gives the same.
         *
         * @param families what was told before
         * @param intake finds the sender's series
         * @param nowMillis the time of what has none of its own, epoch milliseconds
         * @throws dev.belfry.model.BelfryException when the store cannot take series now
         */
        public Decoded decode(KnownFamilies families, SeriesIntake intake, long nowMillis) {
            SampleSink sink =
                    new SampleSink(
                            intake,
                            families.begin(nowMillis),
                            Protocols.STATSD,
                            "",
                            16,
                            DecodedSamples.ERRORS_MAX);
            Observations observations = new Observations(sink);
            int refused = 0;
            for (StatsdSeries each : series) {
                refused += each.flush(sink, observations, nowMillis) ? 0 : each.lines();
            }
            return new Decoded(sink.decoded(), refused);
        }
    }

    /**
     * The changes that numbers make.
     *
     * @param samples the changes, and why others are refused
     * @param refusedLines how many numbers and texts are refused
     */
    public record Decoded(DecodedSamples samples, int refusedLines) {}

    /** Takes the lines of {@code data[from .. to)}. */
    public void add(byte[] data, int from, int to) {
        reader.lines(data, from, to);
    }

    /** Counts a line that is too long to be read. */
    public void tooLong(int bytesMax) {
        refuse("a line of more than " + bytesMax + " bytes (expected: shorter ones)");
    }

    /** Whether it wants to be flushed before its time. */
    public boolean isFull() {
        return kept >= KEPT_WANTED_MAX;
    }

    /** Takes what has gathered, and begins anew. */
    public Gathered take() {
        Gathered all = new Gathered(gathered.values(), lines, malformed, dropped, firstRefusal);
        gathered = new LinkedHashMap<>();
        kept = 0;
        lines = 0;
        malformed = 0;
        dropped = 0;
        firstRefusal = "";
        return all;
    }

    private void refuse(String message) {
        malformed++;
        if (firstRefusal.isEmpty()) {
            firstRefusal = message;
        }
    }

    private static int size(String text) {
        return 1 + text.length() / CHARACTERS;
    }

    private final class Gathering implements StatsdReader.Sink {
        @Override
        public void number(
                String name,
                String tags,
                Type type,
                double value,
                boolean changes,
                double rate,
                long millis) {
            StatsdSeries series = series(name, tags, type);
            if (series != null) {
                kept += series.add(value, changes, rate, millis);
            }
        }

        @Override
        public void text(String name, String tags, String value) {
            StatsdSeries series = series(name, tags, Type.SET);
            if (series != null) {
                kept += series.add(value) * size(value);
            }
        }

        @Override
        public void refuse(String message) {
            StatsdMetrics.this.refuse(message);
        }

        private @Nullable StatsdSeries series(String name, String tags, Type type) {
            if (kept >= KEPT_MAX) {
                dropped++;
                return null;
            }
            lines++;
            String key = type.ordinal() + name + '\n' + tags;
            StatsdSeries known = gathered.get(key);
            if (known == null) {
                known = new StatsdSeries(type, name, tags, source);
                gathered.put(key, known);
                kept += size(key);
            }
            return known;
        }
    }
}
