package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.RemoteWrite.Written;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Exemplars;
import dev.belfry.receive.series.Limits;
import java.util.ArrayList;
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
    private final PlainLabels plain = new PlainLabels();
    final SampleBatch.Builder batch;
    private final HistogramMessage histogram = new HistogramMessage();
    private final KnownFamilies.Told told;
    private final List<ItemError> errors = new ArrayList<>();
    private int refused;
    private int staleHistograms;
    int seriesIndex = -1;
    private int last = SeriesResolver.NONE;

    Gathering(SeriesIntake series, KnownFamilies.Told told, int expected) {
        this.series = series;
        this.hash = new KeyHash(series.seed());
        this.told = told;
        this.batch = new SampleBatch.Builder(expected);
    }

    Written written() {
        return new Written(
                new DecodedSamples(batch.build(), errors, refused, told), staleHistograms);
    }

    /** The series that is known by the key in {@code hash}; {@link SeriesResolver#NONE} if none. */
    int find() {
        int found = series.find(hash.high(), hash.low(), last);
        last = found == SeriesResolver.NONE ? last : found;
        return found;
    }

    /**
     * The series of the labels in {@code bytes[from .. to)}, label messages and nothing else, as of
     * the key in {@code hash}; {@link SeriesResolver#NONE} when they must be looked at one by one.
     */
    int resolve(byte[] bytes, int from, int to) {
        if (!plain.read(bytes, from, to)) {
            return SeriesResolver.NONE;
        }
        last = series.resolve(hash.high(), hash.low(), plain.labels());
        return last;
    }

    /** The series of the labels gathered in {@code pairs}, as of the key in {@code hash}. */
    int resolve() {
        last = series.resolve(hash.high(), hash.low(), pairs.labels());
        return last;
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
        if (timestampMillis < 0) {
            refuse(early("sample", timestampMillis), 1);
            return;
        }
        batch.add(number, timestampMillis, value);
        if (startMillis != 0) {
            batch.startOfLast(startMillis);
        }
    }

    /* The store would refuse the whole request for it. */
    private static BelfryException early(String what, long timestampMillis) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                what + ": time " + timestampMillis + " ms (expected: at least 0, 1970-01-01)");
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
            if (histogram.timestampMillis < 0) {
                throw early("histogram", histogram.timestampMillis);
            }
            if (StaleNaN.is(histogram.sum())) {
                batch.add(number, histogram.timestampMillis, StaleNaN.VALUE);
                staleHistograms++;
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
            if (!Exemplars.fit(labels)) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "exemplar: labels of "
                                + Exemplars.characters(labels)
                                + " characters (expected: at most "
                                + Limits.EXEMPLAR_CHARACTERS_MAX
                                + ")");
            }
            batch.add(number, new Exemplar(labels, value, timestampMillis));
        } catch (BelfryException e) {
            refuse(e, 1);
        }
    }

    /** Whether metadata of this hash was kept before, or comes again in this request. */
    boolean isKnown(long metadataHash) {
        return !told.isNew(metadataHash);
    }

    /** Adds what is known of a family. */
    void metadata(String family, int type, String unit, String help) {
        if (!family.isEmpty()) {
            batch.add(KnownFamilies.metadata(family, type(type), unit, help));
        }
    }

    /* The numbers are those of both versions; MetricType has them in this order. */
    private static MetricType type(int number) {
        MetricType[] types = MetricType.values();
        return number >= 0 && number < types.length ? types[number] : MetricType.UNKNOWN;
    }
}
