package dev.belfry.receive.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.receive.SampleContext;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a decoder finds in a body, item by item; for one thread, used once. */
public final class SampleSink {
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

    private final SampleContext context;
    private final SeriesResolver resolver;
    private final long salt;
    private final List<ItemError> errors = new ArrayList<>();
    private int items;
    private int refusedItem = -2;

    /**
     * A sink.
     *
     * @param protocol keeps its keys apart from those of other protocols and settings
     * @param expectedSamples room to begin with
     */
    public SampleSink(SampleContext context, long protocol, int expectedSamples) {
        this.context = context;
        this.resolver = context.resolver();
        this.hash = new KeyHash(resolver.seed());
        this.samples = new SampleBatch.Builder(expectedSamples);
        this.salt = hash.reset(protocol).add(context.salt()).low();
    }

    /** Begins the next item. */
    public void item() {
        items++;
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
    public KeyHash begin() {
        return hash.reset(salt);
    }

    /** The series that is known by the hash as it is now, {@link SeriesResolver#NONE} if none. */
    public int find() {
        return resolver.find(hash.high(), hash.low());
    }

    /**
     * The series of {@code labels}, to be known by the hash as it is now; {@link
     * SeriesResolver#NONE} when it may not be, and then the item is refused.
     */
    public int resolve(Labels labels) {
        String wrong = LabelRules.wrong(labels);
        if (wrong != null) {
            refuse(ErrorCode.VALIDATION_ERROR, wrong);
            return SeriesResolver.NONE;
        }
        String refusal = context.sources().refusal(LabelRules.source(labels));
        if (refusal != null) {
            refuse(ErrorCode.FORBIDDEN, refusal);
            return SeriesResolver.NONE;
        }
        try {
            return resolver.resolve(hash.high(), hash.low(), labels);
        } catch (BelfryException refused) {
            if (refused.code() != ErrorCode.VALIDATION_ERROR) {
                throw refused;
            }
            refuse(refused.code(), String.valueOf(refused.getMessage()));
            return SeriesResolver.NONE;
        }
    }

    /** Refuses the item that was begun last; the first reason counts. */
    public void refuse(ErrorCode code, String message) {
        if (!isRefused()) {
            refusedItem = items - 1;
            errors.add(new ItemError(refusedItem, code, message));
        }
    }

    /** Tells of a family, unless the same was told before under the hash as it is now. */
    public boolean isNewFamily() {
        return context.families().isNew(hash.high(), hash.low());
    }

    /** Tells of a family. */
    public void family(String name, MetricType type, String unit, String help) {
        String cut =
                help.length() <= Limits.HELP_CHARACTERS_MAX
                        ? help
                        : help.substring(0, Limits.HELP_CHARACTERS_MAX);
        samples.add(new MetricMetadata(name, type, unit, cut));
    }

    /** The time of samples that have none, epoch milliseconds. */
    public long nowMillis() {
        return context.nowMillis();
    }

    /** What was gathered. */
    public DecodedSamples decoded() {
        return new DecodedSamples(samples.build(), pushed.build(), errors, items);
    }
}
