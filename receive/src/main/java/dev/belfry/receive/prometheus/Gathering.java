package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a request of remote write brings, while it is read; the part that both versions share. */
final class Gathering {
    /*
     * A series that cannot be taken is one error; its samples are counted as refused and the others go on. What
     * refuses the whole, such as overload, is thrown on.
     */
    final SeriesIntake series;
    final KeyHash hash;
    final LabelPairs pairs = new LabelPairs();
    final SampleBatch.Builder batch;
    private final HistogramMessage histogram = new HistogramMessage();
    private final MetadataMemory memory;
    private final long hour;
    private final List<ItemError> errors = new ArrayList<>();
    private long[] metadataKeys = new long[16];
    private int metadataKeyCount;
    private int refused;
    int seriesIndex = -1;

    Gathering(SeriesIntake series, MetadataMemory memory, long nowMillis, int expected) {
        this.series = series;
        this.hash = new KeyHash(series.seed());
        this.memory = memory;
        this.hour = nowMillis / 3_600_000;
        this.batch = new SampleBatch.Builder(expected);
    }

    DecodedSamples decoded() {
        return new DecodedSamples(batch.build(), errors, refused);
    }

    /** Under what the metadata of the batch is to be remembered once it is kept. */
    long[] metadataKeys() {
        return Arrays.copyOf(metadataKeys, metadataKeyCount);
    }

    /** The series of the labels gathered in {@code pairs}, as of the key in {@code hash}. */
    int resolve() {
        return series.resolve(hash.high(), hash.low(), pairs.labels());
    }

    /**
     * Keeps the error of a series, of which {@code lost} samples, histograms and exemplars are not
     * taken.
     *
     * @throws BelfryException the error itself when it is not this series' fault
     */
    void refuse(BelfryException error, int lost) {
        if (error.code() != ErrorCode.VALIDATION_ERROR && error.code() != ErrorCode.FORBIDDEN) {
            throw error;
        }
        refused += Math.max(1, lost);
        if (errors.size() < DecodedSamples.ERRORS_MAX) {
            errors.add(
                    new ItemError(
                            Math.max(0, seriesIndex),
                            error.code(),
                            String.valueOf(error.getMessage())));
        }
    }

    void sample(int number, long timestampMillis, double value, long startMillis) {
        batch.add(number, timestampMillis, value);
        if (startMillis != 0) {
            batch.startOfLast(startMillis);
        }
    }

    /**
     * Reads a native histogram.
     *
     * @param startMillis of the series, for those that do not tell their own
     */
    void histogram(ProtoReader in, int number, long startMillis) {
        int outer = in.enter();
        int end = in.end;
        try {
            histogram.read(in);
            if (StaleNaN.is(histogram.sum())) {
                batch.add(number, histogram.timestampMillis, StaleNaN.VALUE);
                return;
            }
            batch.add(number, histogram.timestampMillis, histogram.histogram());
            long start = histogram.startMillis != 0 ? histogram.startMillis : startMillis;
            if (start != 0) {
                batch.startOfLast(start);
            }
        } catch (BelfryException e) {
            refuse(e, 1);
        } finally {
            in.end = end;
            in.leave(outer);
        }
    }

    /** Adds an exemplar whose labels stand in {@code pairs}. */
    void exemplar(int number, double value, long timestampMillis) {
        try {
            Labels labels = pairs.labels();
            int characters = 0;
            for (int index = 0; index < labels.size(); index++) {
                characters += labels.name(index).length() + labels.value(index).length();
            }
            if (characters > Limits.EXEMPLAR_CHARS_MAX) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "exemplar: labels of "
                                + characters
                                + " characters (expected: at most "
                                + Limits.EXEMPLAR_CHARS_MAX
                                + ")");
            }
            batch.add(number, new Exemplar(labels, value, timestampMillis));
        } catch (BelfryException e) {
            refuse(e, 1);
        }
    }

    /** Whether metadata of this hash was kept before, or comes again in this request. */
    boolean isKnown(long metadataHash) {
        long key = metadataHash + hour;
        if (memory.has(key)) {
            return true;
        }
        for (int index = metadataKeyCount - 1; index >= 0; index--) {
            if (metadataKeys[index] == key) {
                return true;
            }
        }
        return false;
    }

    /** Adds what is known of a family, whose hash is {@code metadataHash}. */
    void metadata(long metadataHash, String family, int type, String unit, String help) {
        if (family.isEmpty()) {
            return;
        }
        if (metadataKeyCount == metadataKeys.length) {
            metadataKeys = Arrays.copyOf(metadataKeys, metadataKeyCount * 2);
        }
        metadataKeys[metadataKeyCount++] = metadataHash + hour;
        batch.add(new MetricMetadata(cut(family), type(type), cut(unit), cut(help)));
    }

    private static String cut(String text) {
        return text.length() <= Limits.METADATA_CHARS_MAX
                ? text
                : text.substring(0, Limits.METADATA_CHARS_MAX);
    }

    /* The numbers are those of both versions; MetricType has them in this order. */
    private static MetricType type(int number) {
        MetricType[] types = MetricType.values();
        return number >= 0 && number < types.length ? types[number] : MetricType.UNKNOWN;
    }
}
