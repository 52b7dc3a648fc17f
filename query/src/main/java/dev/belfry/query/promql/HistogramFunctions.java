package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Kahan;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Functions of histograms: native ones, and classic ones by their buckets. */
final class HistogramFunctions {
    private static final String LE = "le";

    private HistogramFunctions() {}

    // ---- one number of each native histogram

    static List<Row> simple(Evaluator evaluator, Expr.Call call) {
        ToDoubleFunction<FloatHistogram> function =
                switch (call.function().name()) {
                    case "histogram_avg" -> histogram -> histogram.sum() / histogram.count();
                    case "histogram_count" -> FloatHistogram::count;
                    case "histogram_sum" -> FloatHistogram::sum;
                    case "histogram_stddev" -> histogram -> Math.sqrt(variance(histogram));
                    default -> HistogramFunctions::variance;
                };
        List<Row> result = new ArrayList<>();
        for (Row row : evaluator.vector(Functions.argument(call, 0))) {
            if (row.histograms == null) {
                continue;
            }
            Row target = evaluator.newRow(row.labels, true);
            for (int i = 0; i < target.values.length; i++) {
                FloatHistogram histogram = row.histogram(i);
                if (histogram != null) {
                    target.set(i, function.applyAsDouble(histogram));
                }
            }
            result.add(target);
        }
        return result;
    }

    private static double variance(FloatHistogram histogram) {
        double mean = histogram.sum() / histogram.count();
        double variance = 0;
        double lost = 0;
        for (FloatHistogram.Bucket bucket : histogram.buckets()) {
            double delta = middle(histogram, bucket) - mean;
            double part = bucket.count() * delta * delta;
            double total = variance + part;
            lost = Kahan.lost(variance, part, total, lost);
            variance = total;
        }
        return (variance + lost) / histogram.count();
    }

    private static double middle(FloatHistogram histogram, FloatHistogram.Bucket bucket) {
        if (histogram.custom()) {
            return (bucket.upper() + bucket.lower()) / 2;
        }
        if (bucket.lower() <= 0 && bucket.upper() >= 0) {
            return 0;
        }
        double mean = Math.sqrt(bucket.upper() * bucket.lower());
        return bucket.upper() < 0 ? -mean : mean;
    }

    // ---- quantiles and fractions

    /* A quantile or fraction that is asked for, with the labels that its results get. */
    private record Question(double[] first, double[] second, boolean fraction, String label) {}

    /* The series of a classic histogram: all buckets of the same labels but "le". */
    private static final class Classic {
        final Labels labels;
        final List<Bucket> buckets = new ArrayList<>();

        Classic(Labels labels) {
            this.labels = labels;
        }

        /** In the order of their bounds. */
        void sort() {
            buckets.sort((a, b) -> Double.compare(a.bound(), b.bound()));
        }
    }

    private record Bucket(double bound, Row row) {}

    static List<Row> buckets(Evaluator evaluator, Expr.Call call) {
        String name = call.function().name();
        int vectorIndex = call.function().arguments().indexOf(ValueType.VECTOR);
        Expr vector = Functions.argument(call, vectorIndex).unwrapped();
        Map<Labels, Classic> classics = new LinkedHashMap<>();
        List<Row> natives = new ArrayList<>();
        sort(evaluator, vector, classics, natives);
        List<Question> questions = questions(evaluator, call, name);
        Rows result = new Rows();
        String target = name.equals("histogram_quantiles") ? target(call) : "";
        Span span = Functions.argument(call, 0).span();
        for (Row row : natives) {
            evaluator.evaluation.budget().check();
            Classic same = classics.get(row.labels);
            for (Question question : questions) {
                Row to = evaluator.newRow(labels(row.labels, target, question), true);
                ofNative(evaluator, row, same, question, to, span, vector.span());
                result.add(to);
            }
        }
        Map<Labels, Row> nativesByLabels = new HashMap<>();
        natives.forEach(row -> nativesByLabels.put(row.labels, row));
        List<Classic> all = List.copyOf(classics.values());
        int rows = all.stream().mapToInt(classic -> classic.buckets.size()).sum();
        evaluator
                .evaluation
                .inParts(
                        all.size(),
                        rows / Limits.SERIES_OF_PART_MIN,
                        (evaluation, part) -> {
                            Evaluator own = evaluator.within(evaluation);
                            List<Row> found = new ArrayList<>();
                            for (Classic classic : all.subList(part.from(), part.to())) {
                                evaluation.budget().check();
                                Row conflicting = nativesByLabels.get(classic.labels);
                                classic.sort();
                                for (Question question : questions) {
                                    Labels labels = labels(classic.labels, target, question);
                                    Row to = own.newRow(labels, true);
                                    ofClassic(own, classic, conflicting, question, to, vector);
                                    found.add(to);
                                }
                            }
                            return found;
                        })
                .forEach(part -> part.forEach(result::add));
        return result.nonEmpty();
    }

    private static String target(Expr.Call call) {
        String label = Evaluator.text(Functions.argument(call, 1));
        if (label.isEmpty() || Strings.hasInvalidBytes(label)) {
            throw PromqlException.execution(
                    "invalid label name in histogram_quantiles(): " + Strings.quote(label));
        }
        return label;
    }

    private static Labels labels(Labels labels, String target, Question question) {
        return target.isEmpty() ? labels : labels.with(target, question.label());
    }

    private static List<Question> questions(Evaluator evaluator, Expr.Call call, String name) {
        List<Question> questions = new ArrayList<>();
        if (name.equals("histogram_fraction")) {
            double[] lower = evaluator.scalar(Functions.argument(call, 0));
            double[] upper = evaluator.scalar(Functions.argument(call, 1));
            questions.add(new Question(lower, upper, true, ""));
            return questions;
        }
        int from = name.equals("histogram_quantiles") ? 2 : 0;
        int to = name.equals("histogram_quantiles") ? call.arguments().size() : 1;
        for (Expr argument : call.arguments().subList(from, to)) {
            double[] quantiles = evaluator.scalar(argument);
            for (double quantile : quantiles) {
                if (!(quantile >= 0 && quantile <= 1)) {
                    evaluator.annotations().invalidQuantile(quantile, argument.span());
                }
            }
            questions.add(new Question(quantiles, quantiles, false, labelValue(quantiles[0])));
        }
        return questions;
    }

    /* As OpenMetrics writes numbers: with a dot. */
    private static String labelValue(double quantile) {
        String text = Floats.shortest(quantile);
        boolean whole = text.chars().allMatch(c -> Character.isDigit(c) || c == '-');
        return whole ? text + ".0" : text;
    }

    private static void sort(
            Evaluator evaluator, Expr vector, Map<Labels, Classic> classics, List<Row> natives) {
        // Many series have few bounds.
        Map<String, Double> bounds = new HashMap<>();
        for (Row row : evaluator.vector(vector)) {
            if (row.histograms != null) {
                natives.add(row);
            }
            if (!row.hasNumbers()) {
                continue;
            }
            String text = row.labels.get(LE);
            try {
                double bound = bounds.computeIfAbsent(text, Numbers::parseBound);
                Classic classic = classics.computeIfAbsent(row.labels.with(LE, ""), Classic::new);
                classic.buckets.add(new Bucket(bound, row));
            } catch (NumberFormatException e) {
                evaluator
                        .annotations()
                        .badBucketLabel(row.labels.metricName(), text, vector.span());
            }
        }
    }

    private static void ofNative(
            Evaluator evaluator,
            Row row,
            @Nullable Classic same,
            Question question,
            Row to,
            Span span,
            Span vectorSpan) {
        String metric = row.labels.metricName();
        for (int i = 0; i < to.values.length; i++) {
            FloatHistogram histogram = row.histogram(i);
            if (histogram == null) {
                continue;
            }
            if (same != null && anyAt(same, i)) {
                evaluator.annotations().mixedClassicNative(metric, vectorSpan);
                continue;
            }
            to.set(
                    i,
                    question.fraction()
                            ? NativeBuckets.fraction(
                                    question.first()[i],
                                    question.second()[i],
                                    histogram,
                                    evaluator.annotations(),
                                    metric,
                                    span)
                            : NativeBuckets.quantile(
                                    question.first()[i],
                                    histogram,
                                    evaluator.annotations(),
                                    metric,
                                    span));
        }
    }

    private static boolean anyAt(Classic classic, int step) {
        return classic.buckets.stream().anyMatch(bucket -> bucket.row().hasNumber(step));
    }

    private static void ofClassic(
            Evaluator evaluator,
            Classic classic,
            @Nullable Row conflicting,
            Question question,
            Row to,
            Expr vector) {
        ClassicBuckets buckets = new ClassicBuckets(classic.buckets.size());
        Annotations.Repair repair = new Annotations.Repair();
        for (int i = 0; i < to.values.length; i++) {
            if (conflicting != null && conflicting.histogram(i) != null) {
                continue;
            }
            buckets.clear();
            for (Bucket bucket : classic.buckets) {
                double count = bucket.row().values[i];
                if (!Row.absent(count)) {
                    buckets.add(bucket.bound(), count);
                }
            }
            if (buckets.isEmpty()) {
                continue;
            }
            if (question.fraction()) {
                to.set(i, buckets.fraction(question.first()[i], question.second()[i]));
                continue;
            }
            to.set(i, buckets.quantile(question.first()[i]));
            if (buckets.repaired()) {
                repair.add(
                        evaluator.steps.time(i),
                        buckets.lowestRepaired(),
                        buckets.highestRepaired(),
                        buckets.largestRepair());
            }
        }
        String metric = classic.labels.metricName();
        evaluator.annotations().repairedBuckets(metric, vector.span(), repair);
    }
}
