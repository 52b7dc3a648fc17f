package dev.belfry.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.model.series.StaleNaN;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleBatchCodecTest {
    private static final FloatHistogram EXPONENTIAL =
            new FloatHistogram(
                    8,
                    FloatHistogram.ResetHint.GAUGE,
                    12,
                    -0.0,
                    1e-128,
                    3,
                    new int[] {-7, 0, 900},
                    new double[] {1, 2.5, Math.pow(2, 60)},
                    new int[] {4},
                    new double[] {Double.NaN},
                    new double[0]);
    private static final FloatHistogram CUSTOM =
            new FloatHistogram(
                    FloatHistogram.CUSTOM,
                    FloatHistogram.ResetHint.UNKNOWN,
                    3,
                    4.5,
                    0,
                    0,
                    new int[] {0, 2},
                    new double[] {1, 2},
                    new int[0],
                    new double[0],
                    new double[] {-1, 0.5, Double.MAX_VALUE});

    /** A batch with the labels ahead of it. */
    private record Frame(Map<Integer, Labels> definitions, SampleBatch batch) {}

    private static Frame everything() {
        SampleBatch.Builder batch = new SampleBatch.Builder(4);
        batch.add(7, 0, 1);
        batch.add(0, Long.MAX_VALUE, -0.0);
        batch.add(Integer.MAX_VALUE, 5, EXPONENTIAL);
        batch.startOfLast(3);
        batch.add(1, 1_700_000_000_000L, StaleNaN.VALUE);
        batch.add(2, 4, CUSTOM);
        batch.add(7, new Exemplar(Labels.of("trace_id", "äé"), Double.MIN_VALUE, -5));
        batch.add(new MetricMetadata("up", MetricType.STATESET, "s", "what \n it is"));
        Map<Integer, Labels> definitions = new LinkedHashMap<>();
        definitions.put(7, Labels.of("__name__", "up", "job", "é"));
        definitions.put(0, Labels.EMPTY);
        return new Frame(definitions, batch.build());
    }

    private static byte[] encoded(Frame frame) {
        WireWriter writer = new WireWriter(0);
        SampleBatchCodec.encode(
                frame.definitions().keySet().stream().mapToInt(Integer::intValue).toArray(),
                (series, out) ->
                        SampleBatchCodec.encode(
                                frame.definitions().getOrDefault(series, Labels.EMPTY), out),
                frame.batch(),
                writer);
        return writer.toByteArray();
    }

    private static Frame decoded(byte[] bytes, int length) {
        Map<Integer, Labels> definitions = new LinkedHashMap<>();
        SampleBatch batch =
                SampleBatchCodec.decode(
                        bytes,
                        0,
                        length,
                        (series, labels) ->
                                definitions.put(series, SampleBatchCodec.decodeLabels(labels)));
        return new Frame(definitions, batch);
    }

    private static void assertSame(Frame read, Frame written) {
        assertThat(List.copyOf(read.definitions().entrySet()))
                .isEqualTo(List.copyOf(written.definitions().entrySet()));
        SampleBatch a = read.batch();
        SampleBatch b = written.batch();
        int n = b.count();
        assertThat(a.count()).isEqualTo(n);
        assertThat(Arrays.copyOf(a.series(), n)).isEqualTo(Arrays.copyOf(b.series(), n));
        assertThat(Arrays.copyOf(a.timestampsMillis(), n))
                .isEqualTo(Arrays.copyOf(b.timestampsMillis(), n));
        for (int i = 0; i < n; i++) {
            assertThat(Double.doubleToRawLongBits(a.values()[i]))
                    .isEqualTo(Double.doubleToRawLongBits(b.values()[i]));
            assertThat(a.startMillis(i)).isEqualTo(b.startMillis(i));
            assertThat(a.histogram(i)).isEqualTo(b.histogram(i));
        }
        assertThat(a.exemplars()).isEqualTo(b.exemplars());
        assertThat(a.metadata()).isEqualTo(b.metadata());
    }

    @Test
    void aFrame_isReadBack() {
        byte[] bytes = encoded(everything());
        assertSame(decoded(bytes, bytes.length), everything());
    }

    @Test
    void definitionsThatAreSkipped_leaveTheSamples() {
        byte[] bytes = encoded(everything());
        List<Integer> series = new ArrayList<>();
        SampleBatch batch =
                SampleBatchCodec.decode(
                        bytes,
                        0,
                        bytes.length,
                        (one, labels) -> {
                            series.add(one);
                            SampleBatchCodec.skipLabels(labels);
                        });
        assertSame(new Frame(everything().definitions(), batch), everything());
        assertThat(series).containsExactlyElementsOf(everything().definitions().keySet());
    }

    @Test
    void theGoldenFrame_isReadForEver() throws IOException {
        byte[] golden = resource("/wire/sample-batch-1.bin");
        assertSame(decoded(golden, golden.length), everything());
        assertThat(encoded(everything())).isEqualTo(golden);
        byte[] deletion = resource("/wire/series-deletion-1.bin");
        SeriesDeletion read =
                SeriesDeletionCodec.decode(new WireReader(deletion, 0, deletion.length));
        assertThat(read.series()).containsExactly(0, 3, 1_000_000);
        assertThat(read.startMillis()).isEqualTo(Long.MIN_VALUE);
        assertThat(read.endMillis()).isEqualTo(17);
        WireWriter writer = new WireWriter(0);
        SeriesDeletionCodec.encode(read, writer);
        assertThat(writer.toByteArray()).isEqualTo(deletion);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SampleBatchCodecTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    @Test
    void cutOrChangedBytes_failWithoutGreatAllocations() {
        byte[] bytes = encoded(everything());
        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> decoded(bytes, cut)).isInstanceOf(WireFormatException.class);
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(decoded(damaged, damaged.length)).isNotNull();
            } catch (WireFormatException expected) {
                assertThat(expected).hasMessageContaining("expected");
            }
        }
    }
}
