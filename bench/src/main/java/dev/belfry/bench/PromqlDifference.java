package dev.belfry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.testkit.WriteRequestBody;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The same samples in Belfry and in Prometheus, and generated queries: are the answers equal? */
final class PromqlDifference {
    private static final int QUERIES = 500;
    private static final int SAMPLES = 240;
    private static final long INTERVAL_MILLIS = 15_000;

    /* Sums of many numbers may differ in the last digits: the order of series is not the same. */
    private static final double TOLERANCE = 1e-9;

    private PromqlDifference() {}

    static void run(Options options, Path folder) throws Exception {
        long end = (System.currentTimeMillis() / 3_600_000 - 1) * 3_600_000;
        long start = end - SAMPLES * INTERVAL_MILLIS;
        SplittableRandom random = new SplittableRandom(options.seed());
        List<SeriesSamples> series = series(start, random.split());
        try (MetricServer belfry = MetricServer.start("belfry", options, folder.resolve("belfry"));
                MetricServer prometheus =
                        MetricServer.start("prometheus", options, folder.resolve("prometheus"))) {
            PromqlQueries own = new PromqlQueries(belfry);
            PromqlQueries other = new PromqlQueries(prometheus);
            for (SeriesSamples one : series) {
                own.write(WriteRequestBody.one().add(one));
                other.write(WriteRequestBody.one().add(one));
            }
            compare(own, other, start, end, random);
        }
    }

    // ---- samples

    private static List<SeriesSamples> series(long start, SplittableRandom random) {
        List<SeriesSamples> all = new ArrayList<>();
        String[] bounds = {"0.1", "0.5", "1", "5", "+Inf"};
        for (int i = 0; i < 12; i++) {
            String[] own = {"job", "j" + i % 3, "instance", "i" + i, "kind", "k" + i % 2};
            all.add(samples("requests_total", own, start, random, true));
            all.add(samples("temperature", own, start, random, false));
            if (i < 6) {
                all.add(histograms("latency", own, start, random));
            }
            if (i < 4) {
                long seed = random.nextLong();
                for (int bound = 0; bound < bounds.length; bound++) {
                    String[] labels = Arrays.copyOf(own, own.length + 2);
                    labels[own.length] = "le";
                    labels[own.length + 1] = bounds[bound];
                    SeriesSamples one =
                            samples(
                                    "seconds_bucket",
                                    labels,
                                    start,
                                    new SplittableRandom(seed),
                                    true);
                    double[] values = one.values().clone();
                    for (int j = 0; j < values.length; j++) {
                        values[j] = StaleNaN.is(values[j]) ? values[j] : values[j] * (bound + 1);
                    }
                    all.add(
                            new SeriesSamples(
                                    one.labels(),
                                    one.timestampsMillis(),
                                    values,
                                    null,
                                    one.size()));
                }
            }
        }
        return all;
    }

    private static SeriesSamples samples(
            String name, String[] labels, long start, SplittableRandom random, boolean counter) {
        Labels.Builder builder = new Labels.Builder(Labels.EMPTY).set(Labels.NAME, name);
        for (int i = 0; i < labels.length; i += 2) {
            builder.set(labels[i], labels[i + 1]);
        }
        long[] times = new long[SAMPLES];
        double[] values = new double[SAMPLES];
        int size = 0;
        double value = random.nextInt(100);
        int gap = 0;
        for (int i = 0; i < SAMPLES; i++) {
            gap = gap > 0 ? gap - 1 : random.nextInt(60) == 0 ? random.nextInt(1, 30) : 0;
            if (counter) {
                value = random.nextInt(80) == 0 ? 0 : value + random.nextInt(0, 50);
            } else {
                value += random.nextInt(-200, 200) / 8.0;
            }
            if (gap > 0) {
                continue;
            }
            times[size] = start + i * INTERVAL_MILLIS + random.nextInt(0, 40);
            boolean special = !counter && random.nextInt(100) == 0;
            values[size++] =
                    random.nextInt(120) == 0
                            ? StaleNaN.VALUE
                            : special
                                    ? List.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0)
                                            .get(random.nextInt(3))
                                    : value;
        }
        return new SeriesSamples(builder.build(), times, values, null, size);
    }

    /* Native histograms of two resolutions, with resets and gaps. */
    private static SeriesSamples histograms(
            String name, String[] labels, long start, SplittableRandom random) {
        SeriesSamples frame = samples(name, labels, start, random, true);
        FloatHistogram[] histograms = new FloatHistogram[frame.size()];
        double[] counts = new double[4];
        int schema = random.nextInt(0, 3);
        double sum = 0;
        for (int i = 0; i < frame.size(); i++) {
            if (random.nextInt(60) == 0) {
                counts = new double[4];
                schema = random.nextInt(0, 3);
                sum = 0;
            }
            for (int j = 0; j < counts.length; j++) {
                int more = random.nextInt(0, 6);
                counts[j] += more;
                sum += more * (j + 0.5);
            }
            /* No staleness markers: of one request, Prometheus takes all numbers first. */
            double zero = counts[0];
            histograms[i] =
                    new FloatHistogram(
                            schema,
                            FloatHistogram.ResetHint.UNKNOWN,
                            zero + counts[1] + counts[2] + counts[3],
                            sum,
                            0.001,
                            zero,
                            new int[] {0, 1},
                            new double[] {counts[1], counts[2]},
                            new int[] {2},
                            new double[] {counts[3]},
                            new double[0]);
        }
        return new SeriesSamples(
                frame.labels(), frame.timestampsMillis(), frame.values(), histograms, frame.size());
    }

    // ---- queries

    private static String pick(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static String selector(SplittableRandom random) {
        return pick(random, "requests_total", "temperature", "seconds_bucket", "latency")
                + pick(
                        random,
                        "",
                        "",
                        "{job=\"j1\"}",
                        "{job!=\"j1\"}",
                        "{instance=~\"i[1-5]\"}",
                        "{instance=~\"i1.*\",kind=\"k0\"}",
                        "{kind!~\"k1|k3\"}");
    }

    private static String when(SplittableRandom random) {
        return pick(random, "", "", "", "", " offset 2m", " offset -45s", " @ end()", " @ start()");
    }

    private static String range(SplittableRandom random, int depth) {
        String duration = pick(random, "1m", "2m30s", "5m", "20m", "17s");
        return depth > 0 && random.nextInt(4) == 0
                ? vector(random, depth - 1)
                        + "["
                        + duration
                        + ":"
                        + pick(random, "", "30s", "13s")
                        + "]"
                        + when(random)
                : selector(random) + "[" + duration + "]" + when(random);
    }

    private static String vector(SplittableRandom random, int depth) {
        if (depth == 0) {
            return selector(random) + when(random);
        }
        return switch (random.nextInt(10)) {
            case 0, 1, 2 ->
                    pick(
                                    random,
                                    "rate",
                                    "increase",
                                    "delta",
                                    "irate",
                                    "idelta",
                                    "deriv",
                                    "changes",
                                    "resets",
                                    "avg_over_time",
                                    "sum_over_time",
                                    "min_over_time",
                                    "max_over_time",
                                    "count_over_time",
                                    "stddev_over_time",
                                    "stdvar_over_time",
                                    "last_over_time",
                                    "present_over_time",
                                    "mad_over_time",
                                    "absent_over_time")
                            + "("
                            + range(random, depth)
                            + ")";
            case 3 ->
                    pick(random, "quantile_over_time(0.8, ", "quantile_over_time(0, ")
                            + range(random, depth)
                            + ")";
            case 4, 5 ->
                    pick(random, "sum", "avg", "min", "max", "count", "group", "stddev", "stdvar")
                            + pick(
                                    random,
                                    "",
                                    " by (job)",
                                    " by (job, kind)",
                                    " without (instance)",
                                    " without (le, kind)")
                            + " ("
                            + vector(random, depth - 1)
                            + ")";
            case 6 ->
                    pick(
                                    random,
                                    "abs",
                                    "ceil",
                                    "floor",
                                    "sgn",
                                    "sqrt",
                                    "ln",
                                    "-",
                                    "sort",
                                    "timestamp",
                                    "hour",
                                    "absent",
                                    "exp",
                                    "round",
                                    "atan")
                            + "("
                            + vector(random, depth - 1)
                            + ")";
            case 7 ->
                    "("
                            + vector(random, depth - 1)
                            + pick(
                                    random,
                                    " + ",
                                    " - ",
                                    " * ",
                                    " / ",
                                    " % ",
                                    " ^ ",
                                    " > ",
                                    " <= ",
                                    " == bool ",
                                    " != ")
                            + pick(random, "2", "-0.5", "scalar(sum(temperature))", "100")
                            + ")";
            case 8 ->
                    "("
                            + vector(random, depth - 1)
                            + pick(random, " + ", " / ", " > bool ", " and ", " or ", " unless ")
                            + pick(random, "", "on (job, instance, le) ", "ignoring (kind) ")
                            + vector(random, depth - 1)
                            + ")";
            default ->
                    pick(
                            random,
                            "quantile by (job) (0.7, " + vector(random, depth - 1) + ")",
                            "topk by (kind) (2, " + vector(random, depth - 1) + ")",
                            "bottomk(3, " + vector(random, depth - 1) + ")",
                            "histogram_quantile(0.9, rate(seconds_bucket[5m]))",
                            "histogram_quantile(0.3, " + vector(random, depth - 1) + ")",
                            "histogram_fraction(0.2, 3, sum by (job) (rate(latency[3m])))",
                            pick(
                                            random,
                                            "histogram_count",
                                            "histogram_sum",
                                            "histogram_avg",
                                            "histogram_stddev",
                                            "histogram_stdvar")
                                    + "("
                                    + vector(random, depth - 1)
                                    + ")",
                            "histogram_quantile(0.4, sum by (le, job) ("
                                    + "rate(seconds_bucket[3m])))",
                            "label_replace("
                                    + vector(random, depth - 1)
                                    + ", \"x\", \"$1\", \"instance\", \"i(.)\")",
                            "clamp(" + vector(random, depth - 1) + ", -10, 1e3)",
                            "predict_linear(" + range(random, depth) + ", 60)");
        };
    }

    // ---- comparison

    private static void compare(
            PromqlQueries own, PromqlQueries other, long start, long end, SplittableRandom random)
            throws Exception {
        int equal = 0;
        int refused = 0;
        int empty = 0;
        for (int i = 0; i < QUERIES; i++) {
            String query = vector(random, random.nextInt(1, 4));
            long step = random.nextInt(7, 300) * 1000L;
            long from = start + random.nextLong((end - start) / 2);
            long to = Math.min(end, from + step * random.nextInt(1, 60));
            JsonNode left = own.rangeOrError(query, from, to, step);
            JsonNode right = other.rangeOrError(query, from, to, step);
            String difference = difference(left, right);
            if (difference != null) {
                System.out.printf(
                        "%s from %d to %d step %d%n  %s%n", query, from, to, step, difference);
                continue;
            }
            equal++;
            refused += left.path("status").asText().equals("error") ? 1 : 0;
            empty += left.at("/data/result").isEmpty() ? 1 : 0;
        }
        System.out.printf(
                "%d of %d queries have equal answers, %d of them errors of both, %d empty%n",
                equal, QUERIES, refused, empty - refused);
    }

    private static @Nullable String difference(JsonNode own, JsonNode other) throws Exception {
        if (!own.path("status").equals(other.path("status"))) {
            return "Belfry: " + shown(own) + "\n  other: " + shown(other);
        }
        if (own.path("status").asText().equals("error")) {
            return null;
        }
        Map<String, JsonNode> left = byLabels(own);
        Map<String, JsonNode> right = byLabels(other);
        if (!left.keySet().equals(right.keySet())) {
            return "series: " + left.keySet() + "\n  other: " + right.keySet();
        }
        for (Map.Entry<String, JsonNode> entry : left.entrySet()) {
            String one = difference(entry.getKey(), entry.getValue(), right.get(entry.getKey()));
            if (one != null) {
                return one;
            }
        }
        return null;
    }

    private static String shown(JsonNode answer) {
        String text = answer.toString();
        return text.length() > 300 ? text.substring(0, 300) : text;
    }

    private static Map<String, JsonNode> byLabels(JsonNode answer) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Map<String, JsonNode> series = new TreeMap<>();
        for (JsonNode one : answer.at("/data/result")) {
            TreeMap<String, String> labels = new TreeMap<>();
            one.get("metric")
                    .properties()
                    .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
            series.put(json.writeValueAsString(labels), one);
        }
        return series;
    }

    private static @Nullable String difference(
            String labels, JsonNode own, @Nullable JsonNode other) {
        if (other == null) {
            return labels + ": not there";
        }
        String numbers = numbers(labels, own.path("values"), other.path("values"));
        return numbers != null
                ? numbers
                : histograms(labels, own.path("histograms"), other.path("histograms"));
    }

    private static @Nullable String histograms(String labels, JsonNode own, JsonNode other) {
        if (own.size() != other.size()) {
            return labels + ": " + own.size() + " histograms, other: " + other.size();
        }
        for (int i = 0; i < own.size(); i++) {
            JsonNode mine = own.get(i).get(1);
            JsonNode their = other.get(i).get(1);
            boolean same =
                    own.get(i).get(0).asDouble() == other.get(i).get(0).asDouble()
                            && close(mine.path("count"), their.path("count"))
                            && close(mine.path("sum"), their.path("sum"))
                            && mine.path("buckets").size() == their.path("buckets").size();
            for (int j = 0; same && j < mine.path("buckets").size(); j++) {
                JsonNode bucket = mine.get("buckets").get(j);
                JsonNode theirs = their.get("buckets").get(j);
                same =
                        bucket.get(0).asInt() == theirs.get(0).asInt()
                                && close(bucket.get(1), theirs.get(1))
                                && close(bucket.get(2), theirs.get(2))
                                && close(bucket.get(3), theirs.get(3));
            }
            if (!same) {
                return labels + ": " + own.get(i) + ", other: " + other.get(i);
            }
        }
        return null;
    }

    private static @Nullable String numbers(String labels, JsonNode own, JsonNode other) {
        if (own.size() != other.size()) {
            return labels + ": " + own.size() + " values, other: " + other.size();
        }
        Iterator<JsonNode> theirs = other.iterator();
        for (JsonNode mine : own) {
            JsonNode their = theirs.next();
            if (!mine.get(0).equals(their.get(0))
                    && mine.get(0).asDouble() != their.get(0).asDouble()) {
                return labels + ": at " + mine.get(0) + ", other: at " + their.get(0);
            }
            if (!close(mine.get(1), their.get(1))) {
                return labels + ": " + mine + ", other: " + their;
            }
        }
        return null;
    }

    private static boolean close(JsonNode own, JsonNode other) {
        double a = number(own.asText());
        double b = number(other.asText());
        return a == b
                || (Double.isNaN(a) && Double.isNaN(b))
                || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
