package dev.belfry.store;

import java.time.Duration;

/**
 * How the metric store works.
 *
 * @param retention how long samples are kept, from when they were received or from their time,
 *     whichever is later
 * @param tiers whether samples past {@code retention} become steps of 5 minutes until they are 63
 *     days old and of an hour until they are 456, and are dropped then; else they are dropped at
 *     once
 * @param headBytes memory for samples that are not in blocks yet
 * @param tailBytes what of the journal is in no file yet, and is read again by a start, at which
 *     they go to a file: 64 MiB are 7 million samples or 350,000 new series, half a second; with
 *     less, files of a million series would have so few samples of each that blocks cost more
 * @param flushAge age of the oldest of them at which they become blocks
 * @param exemplarsMax exemplars kept, the newest
 * @param waitMax how long a query waits for what was acknowledged before it
 * @param limits how many series there may be
 */
public record MetricStoreConfig(
        Duration retention,
        boolean tiers,
        long headBytes,
        long tailBytes,
        Duration flushAge,
        int exemplarsMax,
        Duration waitMax,
        Limits limits) {
    /**
     * How many series there may be; new ones above are refused.
     *
     * @param seriesMax in all
     * @param seriesPerMetricMax of one metric
     * @param seriesPerSourceMax of one source
     * @param keysMax keys of requests that are remembered; a series may have several
     */
    public record Limits(
            int seriesMax, int seriesPerMetricMax, int seriesPerSourceMax, int keysMax) {}

    /** The defaults of a machine with two cores and 1 GiB for Belfry. */
    public static final MetricStoreConfig STANDARD =
            new MetricStoreConfig(
                    Duration.ofDays(90),
                    false,
                    128L << 20,
                    64L << 20,
                    Duration.ofHours(2),
                    20_000,
                    Duration.ofSeconds(5),
                    new Limits(2_000_000, 1_500_000, 1_500_000, 4_000_000));

    /** This with another retention. */
    public MetricStoreConfig withRetention(Duration age) {
        return new MetricStoreConfig(
                age, tiers, headBytes, tailBytes, flushAge, exemplarsMax, waitMax, limits);
    }

    /** This with tiers or without. */
    public MetricStoreConfig withTiers(boolean on) {
        return new MetricStoreConfig(
                retention, on, headBytes, tailBytes, flushAge, exemplarsMax, waitMax, limits);
    }

    /** This with other limits. */
    public MetricStoreConfig withLimits(Limits other) {
        return new MetricStoreConfig(
                retention, tiers, headBytes, tailBytes, flushAge, exemplarsMax, waitMax, other);
    }

    /** This with another size of memory for samples. */
    public MetricStoreConfig withHeadBytes(long bytes) {
        return new MetricStoreConfig(
                retention, tiers, bytes, tailBytes, flushAge, exemplarsMax, waitMax, limits);
    }

    /** This with another size of the journal's part that is in no file. */
    public MetricStoreConfig withTailBytes(long bytes) {
        return new MetricStoreConfig(
                retention, tiers, headBytes, bytes, flushAge, exemplarsMax, waitMax, limits);
    }
}
