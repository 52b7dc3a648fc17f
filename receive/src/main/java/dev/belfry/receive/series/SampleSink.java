package dev.belfry.receive.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a decoder finds in a body, item by item; for one thread, used once. */
public final class SampleSink implements SeriesSink {
    /*
     * A decoder hashes what stands for a series, asks find, and only when that gives NONE makes the labels and asks
     * resolve:
     *
     *   int series = sink.find();
     *   if (series == SeriesResolver.NONE) { series = sink.resolve(labels); }
     *   if (series != SeriesResolver.NONE) { sink.samples.add(series, …); }
     */
    /** Where samples, exemplars and metadata go. */
    public final SampleBatch.Builder samples;

    /** Where increments and observations go. */
    public final PushBatch.Builder pushed = new PushBatch.Builder();

    /** The hash that {@link #find} and {@link #resolve} read; begin it with {@link #begin}. */
    public final KeyHash hash;

    private final SeriesIntake series;
    private final KnownFamilies.Told told;
    private final long salt;
    private final int errorsMax;
    private final List<ItemError> errors = new ArrayList<>();
    private int items;
    private int refused;
    private int refusedItem = -2;
    private int last = SeriesResolver.NONE;

    /**
     * A sink.
     *
     * @param told what was told of families before
     * @param protocol keeps its keys apart from those of other protocols, 1–255
     * @param variant keeps apart the settings of a protocol by which the same bytes mean others:
     *     another text for each
     * @param expectedSamples room to begin with
     * @param errorsMax errors that are kept
     */
    public SampleSink(
            SeriesIntake series,
            KnownFamilies.Told told,
            int protocol,
            String variant,
            int expectedSamples,
            int errorsMax) {
        this.series = series;
        this.told = told;
        this.hash = new KeyHash(series.seed());
        this.samples = new SampleBatch.Builder(expectedSamples);
        byte[] bytes = variant.getBytes(StandardCharsets.UTF_8);
        this.salt = hash.reset(series.salt(protocol)).add(bytes, 0, bytes.length).low();
        this.errorsMax = errorsMax;
    }

    /** Begins the next item. */
    @Override
    public void item() {
        items++;
    }

    /** Takes back the item that was begun last: there was none. */
    public void noItem() {
        items--;
    }

    /** Whether the item that was begun last is refused. */
    public boolean isRefused() {
        return refusedItem == items - 1;
    }

    /** How many items were begun. */
    public int items() {
        return items;
    }

    /** Begins the hash of a series. */
    @Override
    public KeyHash begin() {
        return hash.reset(salt);
    }

    /** The series that is known by the hash as it is now, {@link SeriesResolver#NONE} if none. */
    @Override
    public int find() {
        int found = series.find(hash.high(), hash.low(), last);
        last = found == SeriesResolver.NONE ? last : found;
        return found;
    }

    /**
     * The series of {@code labels}, to be known by the hash as it is now; {@link
     * SeriesResolver#NONE} when it may not be, and then the item is refused.
     */
    @Override
    public int resolve(Labels labels) {
        try {
            last = series.resolve(hash.high(), hash.low(), labels);
            return last;
        } catch (BelfryException wrong) {
            if (wrong.code() != ErrorCode.VALIDATION_ERROR && wrong.code() != ErrorCode.FORBIDDEN) {
                throw wrong;
            }
            refuse(wrong.code(), String.valueOf(wrong.getMessage()));
            return SeriesResolver.NONE;
        }
    }

    /** Refuses the item that was begun last; the first reason counts. */
    public void refuse(ErrorCode code, String message) {
        if (isRefused()) {
            return;
        }
        refusedItem = items - 1;
        refused++;
        if (errors.size() < errorsMax) {
            errors.add(new ItemError(refusedItem, code, message));
        }
    }

    /** Whether what is under the hash as it is now was not told of a family before. */
    @Override
    public boolean isNewFamily() {
        return told.isNew(hash.high());
    }

    /** Tells of a family. */
    @Override
    public void family(String name, MetricType type, String unit, String help) {
        samples.add(KnownFamilies.metadata(name, type, unit, help));
    }

    @Override
    public SampleBatch.Builder samples() {
        return samples;
    }

    /** What was gathered. */
    public DecodedSamples decoded() {
        return new DecodedSamples(samples.build(), pushed.build(), errors, refused, items, told);
    }
}
