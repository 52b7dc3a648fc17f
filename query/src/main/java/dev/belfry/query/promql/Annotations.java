package dev.belfry.query.promql;

import dev.belfry.model.series.Floats;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person should know of a result: warnings and infos, each once, with its place. What is
 * said of several places is told of the last, which is the outermost.
 */
public final class Annotations {
    private static final String INFO = "PromQL info: ";
    private static final String WARNING = "PromQL warning: ";

    private final Map<String, String> warnings = new LinkedHashMap<>();
    private final Map<String, String> infos = new LinkedHashMap<>();
    private final Map<String, Repair> repairs = new LinkedHashMap<>();
    private final String query;

    /** How much the buckets of classic histograms had to be repaired; for one thread. */
    static final class Repair {
        private double lowest = Double.POSITIVE_INFINITY;
        private double highest = Double.NEGATIVE_INFINITY;
        private double difference;
        private long from = Long.MAX_VALUE;
        private long to = Long.MIN_VALUE;
        private int samples;
        private String place = "";

        /** One histogram at a time: from which to which bucket, and how much at most. */
        void add(long time, double low, double high, double much) {
            lowest = Math.min(lowest, low);
            highest = Math.max(highest, high);
            difference = Math.max(difference, much);
            from = Math.min(from, time);
            to = Math.max(to, time);
            samples++;
        }

        private void add(Repair other) {
            lowest = Math.min(lowest, other.lowest);
            highest = Math.max(highest, other.highest);
            difference = Math.max(difference, other.difference);
            from = Math.min(from, other.from);
            to = Math.max(to, other.to);
            samples += other.samples;
        }
    }

    Annotations(String query) {
        this.query = query;
    }

    /** The warnings. */
    public List<String> warnings() {
        return placed(warnings);
    }

    /** The infos. */
    public List<String> infos() {
        List<String> all = new ArrayList<>(placed(infos));
        repairs.forEach((text, repair) ->
                all.add(
                        text
                                + ", from buckets "
                                + Floats.general(repair.lowest)
                                + " to "
                                + Floats.general(repair.highest)
                                + ", with a max diff of "
                                + Floats.general(repair.difference, new MathContext(2))
                                + ", over "
                                + repair.samples
                                + " samples from "
                                + Instant.ofEpochSecond(repair.from / 1000)
                                + " to "
                                + Instant.ofEpochSecond(repair.to / 1000)
                                + repair.place));
        return List.copyOf(all);
    }

    private static List<String> placed(Map<String, String> texts) {
        List<String> all = new ArrayList<>(texts.size());
        texts.forEach((text, place) -> all.add(text + place));
        return List.copyOf(all);
    }

    /** How many there are, to see whether some were added. */
    int size() {
        return warnings.size() + infos.size() + repairs.size();
    }

    /** Adds those that another thread found. */
    void absorb(Annotations part) {
        part.warnings.forEach((text, place) -> put(warnings, text, place));
        part.infos.forEach((text, place) -> put(infos, text, place));
        part.repairs.forEach(this::put);
    }

    private String place(Span span) {
        return " (" + span.position(query) + ")";
    }

    private void warn(String text, Span span) {
        put(warnings, WARNING + text, place(span));
    }

    private void inform(String text, Span span) {
        put(infos, INFO + text, place(span));
    }

    private static void put(Map<String, String> to, String text, String place) {
        if (to.size() < Limits.ANNOTATIONS_MAX || to.containsKey(text)) {
            to.put(text, place);
        }
    }

    private void put(String text, Repair repair) {
        Repair there = repairs.putIfAbsent(text, repair);
        if (there != null) {
            there.add(repair);
            there.place = repair.place;
        }
    }

    private static String named(String metric) {
        return metric.isEmpty() ? "" : " for metric name " + Strings.quote(metric);
    }

    void invalidQuantile(double quantile, Span span) {
        warn("quantile value should be between 0 and 1, got " + Floats.general(quantile), span);
    }

    void invalidRatio(double ratio, double capped, Span span) {
        warn(
                "ratio value should be between -1 and 1, got "
                        + Floats.general(ratio)
                        + ", capping to "
                        + Floats.general(capped),
                span);
    }

    void badBucketLabel(String metric, String label, Span span) {
        warn(
                "bucket label \"le\" is missing or has a malformed value of "
                        + Strings.quote(label)
                        + named(metric),
                span);
    }

    void mixedFloatsHistograms(String metric, Span span) {
        warn(
                "encountered a mix of histograms and floats for"
                        + (metric.isEmpty() ? "" : " metric name " + Strings.quote(metric)),
                span);
    }

    void mixedFloatsHistogramsAggregation(Span span) {
        warn("encountered a mix of histograms and floats for aggregation", span);
    }

    void mixedClassicNative(String metric, Span span) {
        warn("vector contains a mix of classic and native histograms" + named(metric), span);
    }

    void notCounter(String metric, Span span) {
        warn("this native histogram metric is not a counter:" + quoted(metric), span);
    }

    void notGauge(String metric, Span span) {
        warn("this native histogram metric is not a gauge:" + quoted(metric), span);
    }

    private static String quoted(String metric) {
        return " " + Strings.quote(metric);
    }

    void mixedExponentialCustom(String metric, Span span) {
        warn(
                "vector contains a mix of histograms with exponential and custom buckets schemas"
                        + named(metric),
                span);
    }

    void incompatibleLayout(String operator, Span span) {
        warn("incompatible bucket layout encountered for binary operator " + operator, span);
    }

    void resetCollision(String operation, Span span) {
        warn("conflicting counter resets during histogram " + operation, span);
    }

    void reconciledBounds(String operation, Span span) {
        inform("mismatched custom buckets were reconciled during " + operation, span);
    }

    void sortInRange(Span span) {
        warn(
                "sort is ineffective for range queries since results are always ordered by labels",
                span);
    }

    void possibleNonCounter(String metric, Span span) {
        inform(
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket:"
                        + quoted(metric),
                span);
    }

    void nonCounterType(String metric, String type, Span span) {
        inform(
                "metric might not be a counter, __type__ label is not set to \"counter\" or"
                        + " \"histogram\", got "
                        + Strings.quote(type)
                        + ":"
                        + quoted(metric),
                span);
    }

    void incompatibleTypes(String left, String operator, String right, Span span) {
        inform(
                "incompatible sample types encountered for binary operator "
                        + Strings.quote(operator)
                        + ": "
                        + left
                        + " "
                        + operator
                        + " "
                        + right,
                span);
    }

    void histogramIgnored(String aggregation, Span span) {
        inform("ignored histogram in " + aggregation + " aggregation", span);
    }

    void histogramsIgnoredInRange(String metric, Span span) {
        inform(
                "ignored histograms in a range containing both floats and histograms"
                        + named(metric),
                span);
    }

    void quantileIsNaN(String metric, Span span) {
        inform(
                "input to histogram_quantile has NaN observations, result is NaN" + named(metric),
                span);
    }

    void quantileIsSkewed(String metric, Span span) {
        inform(
                "input to histogram_quantile has NaN observations, result is skewed higher"
                        + named(metric),
                span);
    }

    void fractionHasNaN(String metric, Span span) {
        inform(
                "input to histogram_fraction has NaN observations, which are excluded from all"
                        + " fractions"
                        + named(metric),
                span);
    }

    /** Tells of the histograms of {@code metric} that were repaired, unless there are none. */
    void repairedBuckets(String metric, Span span, Repair repair) {
        if (repair.samples == 0) {
            return;
        }
        repair.place = place(span);
        String text =
                INFO
                        + "input to histogram_quantile needed to be fixed for monotonicity (see"
                        + " https://prometheus.io/docs/prometheus/latest/querying/functions/"
                        + "#histogram_quantile)"
                        + named(metric);
        put(text, repair);
    }
}
