package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.RemoteWrite.Message;
import dev.belfry.receive.prometheus.ReadSeries;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReadSeriesTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_261_129L);
    private static final int ROUNDS = 20_000;

    /** What Prometheus 3.5.3 streamed of a histogram of its own, scraped eleven times. */
    private static final String HISTOGRAMS =
            """
            0a9d020a340a085f5f6e616d655f5f122870726f6d6574686575735f687474705f726571756573745f647572\
            6174696f6e5f7365636f6e64730a130a0768616e646c657212082f6d6574726963730a1b0a08696e7374616e\
            6365120f3132372e302e302e313a33393039300a080a036a6f6212017012a8010892cce5b3a234109e9ae6b3\
            a2341802229501000b00749de3dbc8e1e318ce58596163907f0000d1133cb309447f3bb4b42fd085c80237f1\
            f245ab6c3c29c0c482e9c08dd8927d41d51ce492d4237bc5ba21aaa09d8a1d5f046d111206a6a212da8d6e37\
            5e2142301bbe2ab0d3bef111b9b82098691dfb634c88dd789421dc822816466a51b4411209ad912384f9c579\
            5c18e20678198e8c846c01ddd34efbec9bab5ea0404bc422\
            """;

    private final MemoryResolver resolver = new MemoryResolver();

    @Test
    void histogramsOfPrometheus_areThoseThatItAnswers() {
        byte[] message = HexFormat.of().parseHex(HISTOGRAMS);
        ReadSeries series = new ReadSeries(0, Long.MAX_VALUE, labels -> labels);
        series.addChunks(message, message.length);
        assertThat(series.samples()).isEqualTo(11);
        SampleBatch batch = written(series);
        assertThat(batch.count()).isEqualTo(11);
        for (int i = 0; i < 11; i++) {
            FloatHistogram histogram = Objects.requireNonNull(batch.histogram(i));
            assertThat(histogram.count()).isEqualTo(i + 1);
        }
        assertThat(batch.timestampsMillis()[10]).isEqualTo(1_795_941_829_918L);
        assertThat(batch.histogram(10))
                .hasToString(
                        "{count:11, sum:0.252681131, (0.002532889755177753,0.002762135864009951]:1,"
                                + " (0.005065779510355506,0.005524271728019902]:1,"
                                + " (0.0060242610367497685,0.006569503244169644]:3,"
                                + " (0.008519591661447326,0.009290680585958758]:1,"
                                + " (0.014328188175072986,0.015625]:1,"
                                + " (0.015625,0.01703918332289465]:1,"
                                + " (0.026278012976678575,0.028656376350145972]:1,"
                                + " (0.028656376350145972,0.03125]:1,"
                                + " (0.125,0.1363134665831572]:1}");
        assertThat(series.firstMillis()).isEqualTo(1_795_941_819_922L);
        assertThat(series.firstLabels().get("handler")).isEqualTo("/metrics");
    }

    @Test
    void whatRemoteReadStreams_isReadBack_ofTheWantedTimes() {
        Random random = new Random(SEED);
        int count = 1_000;
        long[] times = new long[count];
        double[] values = new double[count];
        FloatHistogram[] histograms = new FloatHistogram[count];
        for (int i = 0; i < count; i++) {
            long step = i % 50 == 0 ? random.nextLong(1L << 40) : 15_000 + random.nextInt(3);
            times[i] = (i == 0 ? 0 : times[i - 1]) + 1 + step;
            values[i] =
                    switch (random.nextInt(4)) {
                        case 0 -> StaleNaN.VALUE;
                        case 1 -> i;
                        default -> random.nextGaussian();
                    };
            if (i % 100 == 99) {
                histograms[i] =
                        new FloatHistogram(
                                3,
                                ResetHint.UNKNOWN,
                                5.5,
                                i,
                                0x1p-128,
                                1,
                                new int[] {-3, -2, 900},
                                new double[] {1, 1.5, 1},
                                new int[] {4},
                                new double[] {1},
                                new double[0]);
            }
        }
        SeriesSamples samples =
                new SeriesSamples(
                        Labels.of(Labels.NAME, "a", "b", "c"), times, values, histograms, count);
        byte[] frame = RemoteRead.frame(0, samples);
        byte[] message = message(frame);
        ReadSeries all = new ReadSeries(0, Long.MAX_VALUE, labels -> labels.with("s", "t"));
        all.addChunks(message, message.length);
        SampleBatch batch = written(all);
        assertThat(batch.count()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(batch.timestampsMillis()[i]).isEqualTo(times[i]);
            if (histograms[i] != null) {
                assertThat(batch.histogram(i)).hasToString(histograms[i].toString());
            } else {
                assertThat(Double.doubleToRawLongBits(batch.values()[i]))
                        .isEqualTo(Double.doubleToRawLongBits(values[i]));
            }
        }
        assertThat(resolver.labels(batch.series()[0]))
                .isEqualTo(Labels.of(Labels.NAME, "a", "b", "c", "s", "t"));
        ReadSeries some = new ReadSeries(times[10], times[19], labels -> labels);
        some.addChunks(message, message.length);
        assertThat(some.samples()).isEqualTo(10);
        ReadSeries none = new ReadSeries(0, 0, labels -> labels);
        none.addChunks(message, message.length);
        assertThat(none.size()).isZero();
    }

    @Test
    void brokenAnswers_areRefused() {
        List<byte[]> corpus = List.of(HexFormat.of().parseHex(HISTOGRAMS));
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = Mutations.next(new Random(SEED + round), corpus);
            ReadSeries series = new ReadSeries(0, Long.MAX_VALUE, labels -> labels);
            try {
                series.addChunks(message, message.length);
                good++;
            } catch (BelfryException refused) {
                assertThat(refused.getMessage()).contains("expected: ");
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + (SEED + round) + ": " + HexFormat.of().formatHex(message), e);
            }
        }
        assertThat(good).isGreaterThan(ROUNDS / 100);
    }

    /* Behind a length of one to three bytes and the checksum. */
    private static byte[] message(byte[] frame) {
        int at = 0;
        while (frame[at] < 0) {
            at++;
        }
        return Arrays.copyOfRange(frame, at + 5, frame.length);
    }

    private SampleBatch written(ReadSeries series) {
        byte[] body = series.body();
        DecodedSamples decoded =
                new RemoteWrite(new KnownFamilies())
                        .decode(
                                Message.ONE,
                                body,
                                body.length,
                                SeriesIntake.of(resolver, Set.of()),
                                42)
                        .decoded();
        assertThat(decoded.errors()).isEmpty();
        return decoded.batch();
    }
}
