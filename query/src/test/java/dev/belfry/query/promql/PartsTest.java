package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.testkit.PromqlTarget.Answer;
import dev.belfry.testkit.SeriesNotation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many series are evaluated in parts by several threads: with the results of one after the other.
 */
final class PartsTest {
    private static final int SERIES = 1500;
    private static final int SAMPLES = 40;

    private final MemorySeries series = new MemorySeries();

    PartsTest() {
        SplittableRandom random = new SplittableRandom(3);
        FloatHistogram histogram =
                SeriesNotation.parse("h {{schema:1 sum:3 count:4 buckets:[1 2 1]}}")
                        .items()
                        .getFirst()
                        .histogram();
        List<SeriesSamples> all = new ArrayList<>();
        for (int i = 0; i < SERIES; i++) {
            long[] times = new long[SAMPLES];
            double[] values = new double[SAMPLES];
            FloatHistogram[] histograms = new FloatHistogram[SAMPLES];
            double value = 0;
            for (int j = 0; j < SAMPLES; j++) {
                times[j] = j * 15_000L + 1;
                value = random.nextInt(30) == 0 ? 0 : value + random.nextDouble() * 1e3;
                values[j] = value;
                histograms[j] = i % 500 == 499 ? histogram.times(j + 1) : null;
            }
            Labels labels =
                    Labels.of(
                            Labels.NAME,
                            i % 500 == 499 ? "h_total" : "c_total",
                            "a",
                            Integer.toString(i % 7),
                            "b",
                            Integer.toString(i));
            all.add(
                    new SeriesSamples(
                            labels, times, values, i % 500 == 499 ? histograms : null, SAMPLES));
        }
        series.load(all);
    }

    /*
     * Other sides select by a: where an expression repeats, it is evaluated as a whole, once.
     * A series of each a that ends where another begins, as that of a program's version. */
    private static final String VERSIONS =
            "label_replace(max by (a) (c_total{a!=\"\"}) < 16e3, \"v\", \"1\", \"\", \"\") or"
                    + " label_replace(max by (a) (c_total{a!=\"\"}) >= 16e3, \"v\", \"2\", \"\", \"\")";

    /* In another function, the inner expression is evaluated as a whole. */
    private static String whole(String query) {
        return query.replace("«", "label_replace(").replace("»", ", \"z\", \"\", \"\", \"\")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum by (a) («rate(c_total[2m])»)",
                "sum(«c_total * 2»)",
                "avg by (a) («c_total»)",
                "avg(«c_total * 1e306»)",
                "min(«c_total»)",
                "max by (a) («-c_total»)",
                "count by (a) («c_total»)",
                "group(«c_total»)",
                "stddev by (a) («c_total»)",
                "stdvar(«increase(c_total[1m]) / 3»)",
                "sum(«rate(h_total[2m])»)",
                "avg by (a) («h_total»)",
                "sum by (a) («{__name__=~\"c_total|h_total\"}»)",
                "sum by (a) («max_over_time(rate(c_total[1m])[3m:30s])»)",
                "topk by (a) (3, «avg_over_time(c_total[2m])»)",
                "quantile(0.9, «abs(c_total - 1e4)»)",
                "topk(5, «c_total»)",
                "topk by (a) (2, «{__name__=~\"c_total|h_total\"}»)",
                "bottomk without (b) (4, «c_total + 1»)",
                "topk(scalar(max(c_total)) % 9, «-c_total»)",
                "sum by (a) («rate(c_total[2m])» * on (a) group_left max by (a) (c_total{a!=\"\"}))",
                "sum(max by (a) (c_total{a!=\"\"}) / on (a) group_right () «-c_total»)",
                "«c_total» > on (a) group_left avg by (a) (c_total{a!=\"\"})",
                "sum by (a) («c_total» > bool on (a) group_left avg by (a) (c_total{a!=\"\"}))",
                "sum by (v) («c_total» * on (a) group_left (v) (" + VERSIONS + "))",
                "count by (a) («c_total» and on (a) max by (a) (c_total{a!=\"\"}) > 16e3)",
                "count by (a) («c_total» unless ignoring (a) c_total{a!=\"\"} > 1e4)",
                "sum by (a) («c_total» / on (b) (c_total{a!=\"\"} + 1))",
                "sum(«c_total» / on (b) (c_total{a!=\"\"} + 1) * on () group_left count(h_total))",
                "max_over_time(sum(«c_total» / on (b) (c_total{a!=\"\"} + 1))[3m:30s])",
                "sum by (a) (max_over_time((«c_total» - on (a) group_left min by (a) (c_total{a!=\"\"}))[3m:30s]))",
                "sum(«h_total» * on () group_left count(c_total{a!=\"\"}))",
                "count(«{__name__=~\"c_total|h_total\"}» + on () group_left count(c_total{a!=\"\"}))"
            })
    void parts_giveWhatTheWholeGives(String query) {
        Answer parts =
                series.range(query.replace("«", "(").replace("»", ")"), 200_000, 600_000, 50_000);
        Answer whole = series.range(whole(query), 200_000, 600_000, 50_000);
        assertThat(parts.kind()).as("%s", parts.text()).isEqualTo("matrix");
        assertThat(parts.warnings()).hasSameSizeAs(whole.warnings());
        assertThat(parts.series()).hasSameSizeAs(whole.series());
        for (int i = 0; i < parts.series().size(); i++) {
            same(parts.series().get(i), whole.series().get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(«c_total» * on (a) group_left (b) label_replace(max by (a) (c_total{a!=\"\"}), \"b\","
                        + " \"x\", \"\", \"\"))",
                "sum(«c_total» * on (a) max by (a) (c_total{a!=\"\"}))",
                "sum(«c_total» * on (a) group_left c_total{a!=\"\"})",
                "«c_total» * on (a, __name__) label_replace(max by (a) (c_total{a!=\"\"}), \"__name__\","
                        + " \"c_total\", \"\", \"\")"
            })
    void joins_thatAreAmbiguous_failInPartsToo(String query) {
        Answer parts =
                series.range(query.replace("«", "(").replace("»", ")"), 200_000, 600_000, 50_000);
        assertThat(parts.kind()).isEqualTo("error");
        assertThat(parts.text())
                .isEqualTo(series.range(whole(query), 200_000, 600_000, 50_000).text());
    }

    @Test
    void join_doesNotHoldTheSideOfMany() {
        String join = "%s * on (a) group_left max by (a) (c_total{a!=\"\"})";
        series.options = new QueryOptions(300_000, 5_000_000, 10_000, 8L << 20, 120_000, 60_000);
        assertThat(range(join.formatted("sort(c_total)")).text())
                .startsWith("query needs too many bytes of memory (expected: at most 8388608");
        assertThat(range("sum(" + join.formatted("c_total") + ")").kind()).isEqualTo("matrix");
    }

    @Test
    void best_areKept_andNoOthers() {
        series.options = new QueryOptions(300_000, 5_000_000, 10_000, 4L << 20, 120_000, 60_000);
        assertThat(range("topk(3, sort(c_total))").text())
                .startsWith("query needs too many bytes of memory (expected: at most 4194304");
        assertThat(range("topk(3, c_total)").kind()).isEqualTo("matrix");
        assertThat(range("bottomk by (a) (1, -c_total)").kind()).isEqualTo("matrix");
    }

    private Answer range(String query) {
        return series.range(query, 200_000, 600_000, 1000);
    }

    private static void same(SeriesSamples found, SeriesSamples wanted) {
        assertThat(found.labels()).isEqualTo(wanted.labels());
        assertThat(found.timestampsMillis()).isEqualTo(wanted.timestampsMillis());
        for (int i = 0; i < found.size(); i++) {
            FloatHistogram histogram = wanted.histogram(i);
            double expected = histogram == null ? wanted.values()[i] : histogram.sum();
            FloatHistogram other = found.histogram(i);
            double actual = other == null ? found.values()[i] : other.sum();
            assertThat(other == null).isEqualTo(histogram == null);
            assertThat(actual).isCloseTo(expected, within(Math.abs(expected) * 1e-12));
        }
    }

    @Test
    void parts_giveTheSameEachTime() {
        String query = "sum by (a) (rate(c_total[2m]))";
        double[] first = series.range(query, 200_000, 600_000, 50_000).series().get(3).values();
        for (int i = 0; i < 20; i++) {
            assertThat(series.range(query, 200_000, 600_000, 50_000).series().get(3).values())
                    .isEqualTo(first);
        }
    }

    @Test
    void error_inOnePart_isTheError() {
        assertThat(
                        series.range("{__name__=~\"._total\"} smoothed", 200_000, 600_000, 50_000)
                                .text())
                .isEqualTo("smoothed and anchored modifiers do not work with native histograms");
    }

    @Test
    void limits_countAllParts() {
        series.options = new QueryOptions(300_000, 1_000_000, 1000, 1L << 30, 120_000, 60_000);
        assertThat(series.range("sum(c_total)", 200_000, 600_000, 50_000).text())
                .isEqualTo("query needs too many series (expected: at most 1000)");
        series.options = new QueryOptions(300_000, 5000, 10_000, 1L << 30, 120_000, 60_000);
        assertThat(series.range("c_total", 200_000, 600_000, 50_000).text())
                .startsWith("query processing would load too many samples into memory");
        assertThat(series.range("sum(c_total)", 200_000, 600_000, 50_000).kind())
                .as("aggregated as they come")
                .isEqualTo("matrix");
    }

    @Test
    void whatRepeats_isReadOnce() {
        series.selections = 0;
        series.range("sum(rate(c_total[2m])) / sum(rate(c_total[2m]))", 200_000, 600_000, 50_000);
        assertThat(series.selections).isEqualTo(1);
        series.range("c_total - c_total offset 1m", 200_000, 600_000, 50_000);
        assertThat(series.selections).isEqualTo(3);
    }
}
