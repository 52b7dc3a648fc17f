package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.testkit.PromqlTarget.Answer;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SeriesNotation;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** All steps at once give what each step gives alone. */
final class StepsFuzz {
    private static final String SERIES =
            """
            c_total{a="1",b="x"} 0+3x20 stale 5+2x30
            c_total{a="2",b="x"} _x7 1 _ 4 _x9 2+1x20
            c_total{a="3",b="y"} 0 5 1 7 2 NaN 3 8 _x5 9+1x30
            g{a="1",b="x"} 1 -2 3 -4 Inf 5 -Inf 6 stale 7 8 9 NaN 1+1x25
            g{a="2",b="y"} 10-1x40
            h{a="1",b="x"} {{schema:0 sum:5 count:4 buckets:[1 2 1]}}+{{sum:2 count:1 buckets:[1]}}x15 _x3 {{schema:1 sum:1 count:1 buckets:[1]}}x20
            h{a="2",b="y"} 1 2 {{schema:0 sum:5 count:4 buckets:[1 2 1]}}x10 3 4 5 _x4 {{schema:0 sum:1 count:1 buckets:[1]}}x9
            """;

    private final MemorySeries series = new MemorySeries();

    StepsFuzz() {
        List<SeriesSamples> all = new ArrayList<>();
        for (String line : SERIES.split("\n")) {
            SeriesNotation.Described described = SeriesNotation.parse(line);
            List<SeriesNotation.Item> items = described.items();
            List<Integer> kept = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                if (!items.get(i).omitted()) {
                    kept.add(i);
                }
            }
            FloatHistogram[] histograms = new FloatHistogram[kept.size()];
            for (int i = 0; i < histograms.length; i++) {
                histograms[i] = items.get(kept.get(i)).histogram();
            }
            all.add(
                    new SeriesSamples(
                            described.labels(),
                            kept.stream().mapToLong(i -> i * 30_000L).toArray(),
                            kept.stream().mapToDouble(i -> items.get(i).value()).toArray(),
                            histograms,
                            histograms.length));
        }
        series.load(all);
    }

    @Test
    void range_isWhatEachStepGives() {
        SplittableRandom random = Seeds.random("range_isWhatEachStepGives");
        int compared = 0;
        for (int i = 0; i < 1000; i++) {
            String query = vector(random, 3);
            long start = random.nextInt(0, 900) * 1000L;
            long step = random.nextInt(1, 120) * 1000L;
            compared += compare(series, query, start, step, 8) ? 1 : 0;
        }
        assertThat(compared).isGreaterThan(300);
    }

    /* Where samples and steps are even, windows are found by counting, and sums are made of runs. */
    @Test
    void range_overEvenTimes_isWhatEachStepGives() {
        SplittableRandom random = Seeds.random("range_overEvenTimes_isWhatEachStepGives");
        MemorySeries even = new MemorySeries();
        List<SeriesSamples> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int size = random.nextInt(1, 60);
            long[] times = new long[size];
            double[] values = new double[size];
            long first = random.nextInt(0, 20) * 10_000L + random.nextInt(0, 3);
            double value = random.nextInt(3) == 0 ? 0 : random.nextInt(0, 500);
            for (int j = 0; j < size; j++) {
                times[j] = first + j * 10_000L;
                boolean reset = i % 4 == 3 && random.nextInt(20) == 0;
                value = reset ? 0 : value + random.nextInt(0, 9);
                boolean special = i % 6 == 5 && random.nextInt(20) == 0;
                values[j] = special ? Double.NaN : value;
            }
            Labels labels =
                    new Labels.Builder(Labels.EMPTY)
                            .set(Labels.NAME, "n_total")
                            .set("i", "" + i)
                            .set("g", "" + i % 3)
                            .build();
            all.add(new SeriesSamples(labels, times, values, null, size));
        }
        even.load(all);
        for (int i = 0; i < 300; i++) {
            String subquery =
                    pick(random, "max_over_time", "sum_over_time", "last_over_time", "rate")
                            + "("
                            + pick(random, "n_total", "sum by (g) (rate(n_total[30s]))")
                            + pick(random, "[25s:5s]", "[40s:10s]", "[1m:7s]", "[1m:1m]")
                            + pick(random, "", " offset 20s", " offset -15s", " @ 200")
                            + ")"
                            + pick(random, "", "[3m:20s])", "[2m:30s] offset 1m)");
            subquery =
                    subquery.endsWith("])") || subquery.endsWith("1m)")
                            ? "avg_over_time(" + subquery
                            : subquery;
            long start = random.nextInt(0, 40) * 10_000L + random.nextInt(0, 2) * 3000L;
            long step = random.nextInt(1, 30) * 10_000L;
            compare(even, subquery, start, step, 8);
        }
        for (int i = 0; i < 400; i++) {
            String slope =
                    pick(random, "rate(", "increase(", "delta(", "quantile_over_time(0.3, ")
                            + "n_total["
                            + pick(random, "10s", "25s", "30s", "50s", "2m")
                            + "]"
                            + pick(random, "", " offset 20s", " offset -15s", " @ 200")
                            + ")";
            String query =
                    pick(random, "", "sum by (g) ", "avg by (g) ", "count by (g) ", "2 - ")
                            + "("
                            + pick(random, slope, slope, "n_total", slope + " * 2")
                            + pick(
                                    random,
                                    "",
                                    " / n_total",
                                    " + on (i) n_total",
                                    " > bool 1",
                                    " > 9")
                            + ")";
            long start = random.nextInt(0, 40) * 10_000L + random.nextInt(0, 2) * 3000L;
            long step = random.nextInt(1, 5) * 10_000L;
            assertThat(compare(even, query, start, step, 20)).as(query).isTrue();
        }
    }

    /* Whether there is an answer; it is the same for all steps at once and for each alone. */
    private static boolean compare(
            MemorySeries series, String query, long start, long step, int steps) {
        Answer range = series.range(query, start, start + (steps - 1) * step, step);
        boolean failed = false;
        Map<Labels, Map<Long, String>> alone = new TreeMap<>();
        for (int i = 0; i < steps; i++) {
            Answer answer = series.instant(query, start + i * step);
            failed |= answer.kind().equals("error");
            collect(answer, alone);
        }
        assertThat(range.kind().equals("error")).as(query + ": " + range.text()).isEqualTo(failed);
        Map<Labels, Map<Long, String>> together = new TreeMap<>();
        collect(range, together);
        if (!failed) {
            assertThat(together).as(query + " from " + start + " by " + step).isEqualTo(alone);
        }
        return !failed;
    }

    private static void collect(Answer answer, Map<Labels, Map<Long, String>> into) {
        for (SeriesSamples one : answer.series()) {
            for (int i = 0; i < one.size(); i++) {
                FloatHistogram histogram = one.histogram(i);
                into.computeIfAbsent(one.labels(), key -> new TreeMap<>())
                        .put(
                                one.timestampsMillis()[i],
                                histogram != null
                                        ? digits(histogram.count()) + "/" + digits(histogram.sum())
                                        : digits(one.values()[i]));
            }
        }
    }

    /* Sums may be made in another order. */
    private static String digits(double value) {
        return Math.abs(value) < 1e-9 ? "0" : Floats.general(value, new MathContext(8));
    }

    private static String vector(SplittableRandom random, int depth) {
        if (depth == 0) {
            return pick(
                    random,
                    "c_total",
                    "g",
                    "h",
                    "{b=\"x\"}",
                    "g offset 1m",
                    "c_total @ 300",
                    "g @ 200 offset -30s",
                    "vector(time())",
                    "absent(g{a=\"1\"})",
                    "g smoothed");
        }
        int next = depth - 1;
        return switch (random.nextInt(9)) {
            case 0 -> aggregation(random) + "(" + vector(random, next) + ")";
            // Which of two equal ones is picked is left open.
            case 1 ->
                    pick(
                                    random,
                                    "(max by (b) (topk by (b) (1, ",
                                    "(sum(bottomk(2, ",
                                    "(count(quantile(0.3, ")
                            + vector(random, next)
                            + ")))";
            case 2 -> rangeFunction(random) + range(random, next) + ")";
            case 3 -> {
                String operator = operator(random);
                // Of one series with and without its name the first step tells whether it has one:
                // so none has.
                String sign = operator.equals(" or ") ? "-" : "";
                yield "("
                        + sign
                        + vector(random, next)
                        + operator
                        + sign
                        + vector(random, next)
                        + ")";
            }
            case 4 -> "(" + vector(random, next) + scalarOperator(random) + ")";
            case 5 ->
                    pick(random, "abs(", "-(", "timestamp(", "histogram_count(", "hour(")
                            + vector(random, next)
                            + ")";
            case 6 -> "label_replace(" + vector(random, next) + ",\"n\",\"$1\",\"a\",\"(.)\")";
            case 7 -> "histogram_quantile(0.4, " + vector(random, next) + ")";
            default -> vector(random, 0);
        };
    }

    private static String range(SplittableRandom random, int depth) {
        return switch (random.nextInt(3)) {
            case 0 -> pick(random, "c_total", "g", "h") + pick(random, "[90s]", "[5m]", "[1s]");
            case 1 -> pick(random, "c_total", "g") + pick(random, "[2m] offset 1m", "[3m] @ 400");
            default ->
                    "("
                            + vector(random, depth)
                            + ")"
                            + pick(random, "[5m:1m]", "[3m:25s] offset 30s", "[4m:]");
        };
    }

    private static String rangeFunction(SplittableRandom random) {
        return pick(
                random,
                "rate(",
                "increase(",
                "delta(",
                "irate(",
                "idelta(",
                "changes(",
                "resets(",
                "sum_over_time(",
                "avg_over_time(",
                "max_over_time(",
                "last_over_time(",
                "deriv(",
                "count_over_time(",
                "stddev_over_time(",
                "absent_over_time(",
                "mad_over_time(",
                "quantile_over_time(0.3, ");
    }

    private static String aggregation(SplittableRandom random) {
        return pick(
                random,
                "sum",
                "avg by (b) ",
                "count",
                "min without (a) ",
                "max",
                "stddev",
                "group by (a) ",
                "sum by (__name__) ",
                "stdvar by (b) ");
    }

    private static String operator(SplittableRandom random) {
        return pick(
                random,
                " + on(a) ",
                " - ",
                " and ",
                " or ",
                " unless on(b) ",
                " * on(b) group_left ",
                " > ignoring(b) ",
                " / fill(1) ",
                " / fill_left(2) ",
                " + on(a) group_right fill_right(3) ");
    }

    private static String scalarOperator(SplittableRandom random) {
        return pick(
                random,
                " * 2",
                " > 3",
                " >= bool time()",
                " % scalar(g{a=\"2\"})",
                " ^ 2",
                " <= 6",
                " != 5");
    }

    private static String pick(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
