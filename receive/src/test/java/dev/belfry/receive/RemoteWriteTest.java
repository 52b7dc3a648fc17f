package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.RemoteWrite.Message;
import dev.belfry.receive.RemoteWrite.Written;
import dev.belfry.receive.protobuf.ProtoWriter;
import dev.belfry.testkit.WriteRequestBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RemoteWriteTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);
    private static final long NOW = 1_769_248_800_000L;
    private static final Labels UP = Labels.of("__name__", "up", "job", "shop", "zone", "a");
    private static final FloatHistogram HISTOGRAM =
            new FloatHistogram(
                    3,
                    ResetHint.NOT_RESET,
                    17,
                    20.5,
                    0.001,
                    2,
                    new int[] {-2, -1, 4, 9},
                    new double[] {1, 5, 2, 3},
                    new int[] {0, 1},
                    new double[] {3, 1},
                    new double[0]);

    private final Resolver resolver = new Resolver();
    private final RemoteWrite write = new RemoteWrite(new KnownFamilies());

    /** Knows series, and counts how often labels had to be read. */
    private static final class Resolver implements SeriesResolver {
        final List<Labels> series = new ArrayList<>();
        final Map<List<Long>, Integer> keys = new HashMap<>();
        int resolved;
        int limit = Integer.MAX_VALUE;

        @Override
        public long seed() {
            return 42;
        }

        @Override
        public int find(long keyHigh, long keyLow) {
            return keys.getOrDefault(List.of(keyHigh, keyLow), NONE);
        }

        @Override
        public int resolve(long keyHigh, long keyLow, Labels labels) {
            resolved++;
            int known = series.indexOf(labels);
            if (known < 0) {
                if (series.size() == limit) {
                    throw new BelfryException(
                            ErrorCode.VALIDATION_ERROR, "series: 1 (expected: at most " + limit);
                }
                known = series.size();
                series.add(labels);
            }
            keys.put(List.of(keyHigh, keyLow), known);
            return known;
        }

        @Override
        public Labels labels(int number) {
            return series.get(number);
        }
    }

    private static WriteRequestBody body(Message message) {
        return message == Message.ONE ? WriteRequestBody.one() : WriteRequestBody.two();
    }

    private Written decode(Message message, byte[] body, String... onlySources) {
        byte[] longer = Arrays.copyOf(body, body.length + 5);
        SeriesIntake series = SeriesIntake.of(resolver, Set.of(onlySources));
        return write.decode(message, longer, body.length, series, NOW);
    }

    @ParameterizedTest
    @EnumSource
    void samples_histogramsAndExemplars(Message message) {
        Labels trace = Labels.of("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
        byte[] body =
                body(message)
                        .series(UP)
                        .sample(NOW, 1.5)
                        .sample(0, 0)
                        .sample(1, StaleNaN.VALUE)
                        .exemplar(trace, 0.25, NOW - 1)
                        .series(UP.with("zone", "b"))
                        .histogram(NOW, HISTOGRAM, true)
                        .histogram(NOW + 1, HISTOGRAM.times(0.5), false)
                        .bytes();
        Written written = decode(message, body);
        SampleBatch batch = written.decoded().batch();
        assertThat(written.decoded().errors()).isEmpty();
        assertThat(batch.count()).isEqualTo(5);
        assertThat(resolver.series).containsExactly(UP, UP.with("zone", "b"));
        assertThat(Arrays.copyOf(batch.series(), 5)).containsExactly(0, 0, 0, 1, 1);
        assertThat(Arrays.copyOf(batch.timestampsMillis(), 5))
                .containsExactly(NOW, 0, 1, NOW, NOW + 1);
        assertThat(batch.values()[0]).isEqualTo(1.5);
        assertThat(StaleNaN.is(batch.values()[2])).isTrue();
        assertThat(batch.histogram(3)).isEqualTo(HISTOGRAM);
        assertThat(batch.histogram(4)).isEqualTo(HISTOGRAM.times(0.5));
        assertThat(batch.exemplars())
                .containsExactly(
                        new SampleBatch.SeriesExemplar(0, new Exemplar(trace, 0.25, NOW - 1)));
        assertThat(List.of(written.samples(), written.histograms(), written.exemplars()))
                .containsExactly(3, 2, 1);
    }

    @ParameterizedTest
    @EnumSource
    void customBuckets_andStaleHistograms(Message message) {
        FloatHistogram custom =
                new FloatHistogram(
                        FloatHistogram.CUSTOM,
                        ResetHint.GAUGE,
                        6,
                        9,
                        0,
                        0,
                        new int[] {0, 2},
                        new double[] {2, 4},
                        new int[0],
                        new double[0],
                        new double[] {0.5, 1});
        FloatHistogram stale =
                new FloatHistogram(
                        0,
                        ResetHint.UNKNOWN,
                        0,
                        StaleNaN.VALUE,
                        0,
                        0,
                        new int[0],
                        new double[0],
                        new int[0],
                        new double[0],
                        new double[0]);
        byte[] body =
                body(message)
                        .series(UP)
                        .histogram(1, custom, true)
                        .histogram(2, stale, true)
                        .bytes();
        Written written = decode(message, body);
        SampleBatch batch = written.decoded().batch();
        assertThat(batch.histogram(0)).isEqualTo(custom);
        assertThat(batch.histogram(1)).isNull();
        assertThat(StaleNaN.is(batch.values()[1])).isTrue();
        assertThat(List.of(written.samples(), written.histograms())).containsExactly(0, 2);
    }

    @ParameterizedTest
    @EnumSource
    void samplesBefore1970_areRefusedAlone(Message message) {
        byte[] body =
                body(message)
                        .series(UP)
                        .sample(-1, 1)
                        .sample(2, 1)
                        .histogram(Long.MIN_VALUE, HISTOGRAM, true)
                        .series(UP.with("zone", "b"))
                        .histogram(3, HISTOGRAM, true)
                        .bytes();
        DecodedSamples decoded = decode(message, body).decoded();
        assertThat(Arrays.copyOf(decoded.batch().timestampsMillis(), decoded.batch().count()))
                .containsExactly(2, 3);
        assertThat(decoded.refused()).isEqualTo(2);
        assertThat(decoded.errors().stream().map(ItemError::message))
                .containsExactly(
                        "sample: time -1 ms (expected: at least 0, 1970-01-01)",
                        "histogram: time -9223372036854775808 ms (expected: at least 0,"
                                + " 1970-01-01)");
    }

    @ParameterizedTest
    @EnumSource
    void knownSeries_areNotReadAgain(Message message) {
        byte[] first = body(message).series(UP).sample(1, 1).bytes();
        Labels other = Labels.of("__name__", "other", "job", "shop");
        byte[] second = body(message).series(other).sample(1, 1).series(UP).sample(2, 1).bytes();
        decode(message, first);
        SampleBatch batch = decode(message, second).decoded().batch();
        assertThat(resolver.resolved).isEqualTo(2);
        assertThat(Arrays.copyOf(batch.series(), 2)).containsExactly(1, 0);
    }

    @Test
    void starts_ofBothDraftsOfTwo() {
        byte[] body =
                WriteRequestBody.two()
                        .series(UP)
                        .sample(10, 1, 7)
                        .series(UP.with("zone", "b"))
                        .sample(11, 1)
                        .created(6)
                        .series(UP.with("zone", "c"))
                        .sample(12, 1)
                        .bytes();
        SampleBatch batch = decode(Message.TWO, body).decoded().batch();
        assertThat(List.of(batch.startMillis(0), batch.startMillis(1), batch.startMillis(2)))
                .containsExactly(7L, 6L, 0L);
    }

    @Test
    void metadata_isKeptOnce_andAgainUntilItWasKept() {
        byte[] one =
                WriteRequestBody.one()
                        .metadata("up", MetricType.GAUGE, "", "Whether it is up.")
                        .metadata("up", MetricType.GAUGE, "", "Whether it is up.")
                        .bytes();
        assertThat(decode(Message.ONE, one).decoded().batch().metadata())
                .containsExactly(
                        new MetricMetadata("up", MetricType.GAUGE, "", "Whether it is up."));
        Written again = decode(Message.ONE, one);
        assertThat(again.decoded().batch().metadata()).hasSize(1);
        again.decoded().told().kept();
        assertThat(decode(Message.ONE, one).decoded().batch().metadata()).isEmpty();
    }

    @Test
    void exemplars_haveTheLabelsThatOpenMetricsAllows() {
        Labels most = Labels.of("t", "😀".repeat(127));
        byte[] body =
                WriteRequestBody.one()
                        .series(UP)
                        .sample(1, 1)
                        .exemplar(most, 1, 1)
                        .exemplar(Labels.of("t", "x".repeat(128)), 1, 1)
                        .bytes();
        DecodedSamples decoded = decode(Message.ONE, body).decoded();
        assertThat(decoded.batch().exemplars())
                .extracting(each -> each.exemplar().labels())
                .containsExactly(most);
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo("exemplar: labels of 129 characters (expected: at most 128)");
    }

    @Test
    void metadata_ofMoreFamiliesThanARequestTells_isLeftToTheNext() {
        WriteRequestBody many = WriteRequestBody.one();
        for (int index = 0; index < 100_000; index++) {
            many.metadata("f" + index, MetricType.GAUGE, "", "");
        }
        byte[] body = many.bytes();
        Written first = decode(Message.ONE, body);
        assertThat(first.decoded().batch().metadata()).hasSize(65_536);
        assertThat(first.decoded().refused()).isZero();
        first.decoded().told().kept();
        assertThat(decode(Message.ONE, body).decoded().batch().metadata()).hasSize(34_464);
    }

    @Test
    void metadata_ofTwo_isOfTheFamily() {
        byte[] body =
                WriteRequestBody.two()
                        .series(Labels.of("__name__", "t_seconds_bucket", "le", "1"))
                        .sample(1, 1)
                        .metadata("", MetricType.HISTOGRAM, "seconds", "Time.")
                        .series(Labels.of("A", "b", "__name__", "n_total"))
                        .sample(1, 1)
                        .metadata("", MetricType.COUNTER, "", "Number.")
                        .bytes();
        assertThat(decode(Message.TWO, body).decoded().batch().metadata())
                .containsExactly(
                        new MetricMetadata("t_seconds", MetricType.HISTOGRAM, "seconds", "Time."),
                        new MetricMetadata("n_total", MetricType.COUNTER, "", "Number."));
    }

    @ParameterizedTest
    @EnumSource
    void badSeries_areRefusedAlone(Message message) {
        FloatHistogram wrong =
                new FloatHistogram(
                        12345,
                        ResetHint.UNKNOWN,
                        1,
                        1,
                        0,
                        0,
                        new int[] {1},
                        new double[] {1},
                        new int[0],
                        new double[0],
                        new double[0]);
        byte[] body =
                body(message)
                        .series(Labels.of("job", "shop"))
                        .sample(1, 1)
                        .sample(2, 1)
                        .series(UP)
                        .histogram(3, wrong, true)
                        .sample(4, 1)
                        .series(Labels.of("__name__", "long", "x", "y".repeat(20_000)))
                        .sample(5, 1)
                        .bytes();
        DecodedSamples decoded = decode(message, body).decoded();
        assertThat(decoded.batch().count()).isEqualTo(1);
        assertThat(decoded.refused()).isEqualTo(4);
        assertThat(decoded.errors().stream().map(ItemError::index)).containsExactly(0, 1, 2);
        assertThat(decoded.errors().stream().map(ItemError::message))
                .satisfiesExactly(
                        first -> assertThat(first).contains("no __name__", "shop"),
                        second -> assertThat(second).contains("schema 12345 (expected: -4 to 52"),
                        third -> assertThat(third).contains("20000 characters", "at most 16384"));
    }

    @Test
    void labels_areSorted_emptyOnesLeftOut_andTwiceIsRefused() {
        byte[] series =
                series(
                        label("z", "1"),
                        label("__name__", "up"),
                        label("empty", ""),
                        new byte[] {0x12, 0},
                        label("a", "2"));
        DecodedSamples decoded = decode(Message.ONE, series).decoded();
        assertThat(decoded.errors()).isEmpty();
        assertThat(resolver.series)
                .containsExactly(Labels.of("__name__", "up", "a", "2", "z", "1"));
        decode(Message.ONE, series);
        assertThat(resolver.resolved).isEqualTo(1);
        assertThat(
                        decode(
                                        Message.ONE,
                                        series(
                                                label("__name__", "up"),
                                                label("a", "1"),
                                                label("a", "2"),
                                                new byte[] {0x12, 0}))
                                .decoded()
                                .errors())
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("a twice in {__name__=\"up\""));
        byte[] latin = label("a", "x");
        latin[latin.length - 1] = (byte) 0xE9;
        assertThat(
                        decode(
                                        Message.ONE,
                                        series(
                                                label("__name__", "up"),
                                                latin,
                                                new byte[] {0x12, 0}))
                                .decoded()
                                .errors())
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("(expected: UTF-8)"));
    }

    private static byte[] label(String name, String value) {
        byte[] whole = WriteRequestBody.one().series(Labels.of(name, "?" + value)).bytes();
        // Its value begins with a mark that keeps an empty one; it is cut out again.
        byte[] label = Arrays.copyOfRange(whole, 2, whole.length);
        byte[] cut = new byte[label.length - 1];
        int mark = label.length - 1 - value.length();
        System.arraycopy(label, 0, cut, 0, mark);
        System.arraycopy(label, mark + 1, cut, mark, value.length());
        cut[1]--;
        cut[mark - 1]--;
        return cut;
    }

    private static byte[] series(byte[]... fields) {
        int size = Arrays.stream(fields).mapToInt(field -> field.length).sum();
        byte[] series = new byte[size + 2];
        series[0] = 0x0A;
        series[1] = (byte) size;
        int at = 2;
        for (byte[] field : fields) {
            System.arraycopy(field, 0, series, at, field.length);
            at += field.length;
        }
        return series;
    }

    @ParameterizedTest
    @EnumSource
    void restrictedSender_writesOnlyItsSources_evenKnownSeries(Message message) {
        Labels other = Labels.of("__name__", "up", "job", "shop", "source", "till");
        byte[] body = body(message).series(UP).sample(1, 1).series(other).sample(1, 1).bytes();
        decode(message, body);
        DecodedSamples restricted = decode(message, body, "till").decoded();
        assertThat(restricted.batch().count()).isEqualTo(1);
        assertThat(restricted.batch().series()[0]).isEqualTo(1);
        assertThat(restricted.errors())
                .singleElement()
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN);
                    assertThat(e.message()).contains("shop", "till");
                });
    }

    @ParameterizedTest
    @EnumSource
    void seriesOverTheLimit_areRefusedAlone(Message message) {
        resolver.limit = 1;
        byte[] body =
                body(message)
                        .series(UP)
                        .sample(1, 1)
                        .series(UP.with("zone", "b"))
                        .sample(1, 1)
                        .bytes();
        DecodedSamples decoded = decode(message, body).decoded();
        assertThat(decoded.batch().count()).isEqualTo(1);
        assertThat(decoded.errors()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void labelsWithoutEnd_areRefusedBeforeTheyAreSorted(Message message) {
        Labels.Builder many = new Labels.Builder(Labels.EMPTY);
        for (int index = 0; index <= SeriesIntake.LABELS_MAX; index++) {
            many.set("l" + index, "v");
        }
        byte[] body =
                body(message)
                        .series(many.set(Labels.NAME, "up").build())
                        .sample(1, 1)
                        .series(UP)
                        .sample(1, 1)
                        .exemplar(many.build(), 1, 1)
                        .exemplar(Labels.of("n".repeat(2000), "v"), 1, 1)
                        .exemplar(Labels.of("a", "b"), 1, 1)
                        .bytes();
        DecodedSamples decoded = decode(message, body).decoded();
        assertThat(decoded.batch().count()).isEqualTo(1);
        assertThat(decoded.batch().exemplars()).hasSize(1);
        assertThat(decoded.refused()).isEqualTo(3);
        assertThat(decoded.errors().get(0).message()).contains("at most " + most(message));
        assertThat(decoded.errors().get(1).message()).contains("at most " + most(message));
        assertThat(decoded.errors().get(2).message()).contains("a name of 2000 characters");
    }

    private static int most(Message message) {
        return (message == Message.ONE ? 1 : 2) * SeriesIntake.LABELS_MAX;
    }

    /** Two bytes a label: sorted by insertion, this body would keep a thread for hours. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void referencesWithoutEnd_areOneError() {
        ProtoWriter out = new ProtoWriter(16 << 20);
        out.bytes(4, new byte[0], 0, 0);
        out.bytes(4, new byte[] {'b'}, 0, 1);
        out.bytes(4, new byte[] {'a'}, 0, 1);
        int series = out.begin(5);
        byte[] references = new byte[8 << 20];
        Arrays.fill(references, 0, references.length / 2, (byte) 1);
        Arrays.fill(references, references.length / 2, references.length, (byte) 2);
        out.bytes(1, references, 0, references.length);
        out.bytes(2, new byte[0], 0, 0);
        out.end(series);
        DecodedSamples decoded =
                decode(Message.TWO, Arrays.copyOf(out.bytes(), out.size())).decoded();
        assertThat(decoded.refused()).isEqualTo(1);
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo(
                        "labels: 8388608 references"
                                + " (expected: names and values in turn, at most 512)");
    }

    @Test
    void histogramWithTooManyBuckets_isPassedWhole() {
        ProtoWriter out = new ProtoWriter(1 << 16);
        int series = out.begin(1);
        byte[] name = label(Labels.NAME, "up");
        out.bytes(1, name, 2, name.length - 2);
        int histogram = out.begin(4);
        out.bytes(12, new byte[20_000], 0, 20_000);
        sample(out, 13); // a sample only to whoever reads on in the middle of the histogram
        out.end(histogram);
        sample(out, 14);
        out.end(series);
        DecodedSamples decoded =
                decode(Message.ONE, Arrays.copyOf(out.bytes(), out.size())).decoded();
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo("histogram: more buckets (expected: at most 16384)");
        assertThat(Arrays.copyOf(decoded.batch().values(), decoded.batch().count()))
                .containsExactly(14);
    }

    private static void sample(ProtoWriter out, double value) {
        int sample = out.begin(2);
        out.fixed64(1, Double.doubleToRawLongBits(value));
        out.end(sample);
    }

    @Test
    void symbolThatIsNotThere_isRefused() {
        byte[] body = {0x22, 0, 0x2A, 6, 0x0A, 2, 0, 0, 0x12, 0};
        assertThat(decode(Message.TWO, body).decoded().errors())
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("label: no name"));
        byte[] odd = {0x22, 1, 'a', 0x2A, 5, 0x0A, 1, 0, 0x12, 0};
        assertThat(decode(Message.TWO, odd).decoded().errors())
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("1 references"));
        byte[] beyond = {0x22, 1, 'a', 0x2A, 6, 0x0A, 2, 0, 9, 0x12, 0};
        assertThat(decode(Message.TWO, beyond).decoded().errors())
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("symbol: 9 (expected: one of"));
    }

    @ParameterizedTest
    @EnumSource
    void nearlyGoodBodies_areReadOrRefused(Message message) {
        List<byte[]> corpus =
                List.of(
                        body(message)
                                .series(UP)
                                .sample(NOW, 1)
                                .exemplar(Labels.of("a", "b"), 1, NOW)
                                .metadata("up", MetricType.GAUGE, "u", "h")
                                .bytes(),
                        body(message)
                                .series(UP.with("é", "ü"))
                                .histogram(NOW, HISTOGRAM, true)
                                .histogram(NOW, HISTOGRAM, false)
                                .bytes());
        int read = 0;
        for (int round = 0; round < 10_000; round++) {
            byte[] body = Mutations.next(new Random(SEED + round), corpus);
            try {
                Written written =
                        decode(
                                message,
                                body,
                                round % 2 == 0 ? new String[] {"shop"} : new String[0]);
                assertThat(written.decoded().errors().size())
                        .isLessThanOrEqualTo(written.decoded().refused());
                read++;
            } catch (BelfryException e) {
                assertThat(e.code())
                        .as("seed " + (SEED + round))
                        .isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void otherBytes_areNoMessage() {
        assertThatThrownBy(() -> decode(Message.ONE, new byte[] {0x0A, 50, 1}))
                .hasMessageContaining("body: no prometheus.WriteRequest at byte 1");
        assertThatThrownBy(() -> decode(Message.TWO, new byte[] {0x0A, 50, 1}))
                .hasMessageContaining("body: no io.prometheus.write.v2.Request at byte 1");
    }
}
