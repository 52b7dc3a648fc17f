package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.RemoteWrite.Message;
import dev.belfry.receive.protobuf.ProtoWriter;
import dev.belfry.testkit.WriteRequestBody;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Broken bodies of every protocol of metrics give samples or a refusal, in bounded memory. */
final class MetricDecodersFuzz {
    private static final long SEED = Long.getLong("belfry.seed", 20_261_129L);
    private static final int ROUNDS = 10_000;

    /** What decoding may allocate: some for the first arrays, some for each byte. */
    private static final long ALLOCATED_BASE = 4 << 20;

    private static final long ALLOCATED_PER_BYTE = 2_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    enum Protocol {
        INFLUX {
            @Override
            List<byte[]> corpus() {
                return texts(
                        "cpu,host=a\\,b user=1.5,system=2i,idle=97u,on=t,n=\"a, \\\"b\\\"\" 17000\n"
                                + "# c\nm f=-3e2\n\nm,t=u g=F 5\n");
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return InfluxLines.decode(
                        body, body.length, "ns", "db", new KnownFamilies(), series, 42);
            }
        },
        TEXT {
            @Override
            List<byte[]> corpus() {
                return texts(EXPOSITION);
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return exposition(body, ExpositionFormat.TEXT, series);
            }
        },
        OPEN_METRICS {
            @Override
            List<byte[]> corpus() {
                return texts(
                        EXPOSITION.replace(" 1700000000000", " 1700000000.5")
                                + "# UNIT u_seconds seconds\n# TYPE u_seconds counter\n"
                                + "u_seconds_total 1 # {trace_id=\"t\"} 0.5 1.5\n# EOF\n");
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return exposition(body, ExpositionFormat.OPEN_METRICS, series);
            }
        },
        PROTOBUF {
            @Override
            List<byte[]> corpus() {
                return List.of(messages());
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return exposition(body, ExpositionFormat.PROTOBUF, series);
            }
        },
        SCRAPED_TEXT {
            @Override
            List<byte[]> corpus() {
                return texts(EXPOSITION);
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return scraped(body, ExpositionFormat.TEXT, series);
            }
        },
        SCRAPED_PROTOBUF {
            @Override
            List<byte[]> corpus() {
                return List.of(messages());
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return scraped(body, ExpositionFormat.PROTOBUF, series);
            }
        },
        JSON {
            @Override
            List<byte[]> corpus() {
                return texts(
                        "[{\"name\":\"n\",\"metric_type\":\"counter\",\"value\":1.5,\"labels\":"
                                + "{\"a\":1,\"b\":\"\\u00e4\",\"c\":true},\"timestamp\":"
                                + "\"2026-01-24T10:00:00Z\"},{\"name\":\"h\",\"type\":"
                                + "\"histogram\",\"value\":2,\"unit\":\"s\",\"help\":\"x\"}]",
                        "{\"name\":\"s\",\"metricType\":\"summary\",\"value\":3,\"tags\":{}}");
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return MetricPush.decode(body, body.length, new KnownFamilies(), series, 42);
            }
        },
        REMOTE_WRITE_ONE {
            @Override
            List<byte[]> corpus() {
                return List.of(written(WriteRequestBody.one()));
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return write(Message.ONE, body, series);
            }
        },
        REMOTE_WRITE_TWO {
            @Override
            List<byte[]> corpus() {
                return List.of(written(WriteRequestBody.two()));
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                return write(Message.TWO, body, series);
            }
        },
        STATSD {
            @Override
            List<byte[]> corpus() {
                return texts(
                        "a.b:1|c|@0.1\ng:+4|g\nt,k=v:320|ms:5|ms\ns:x|s|#a:b,c,d:e:f|c:ci|T1700000\n"
                                + "h:1:2:3|h\nd:0.5|d\n_e{1,1}:a|b\n");
            }

            @Override
            DecodedSamples decode(byte[] body, SeriesIntake series) {
                StatsdMetrics metrics = new StatsdMetrics("s");
                metrics.add(body, 0, body.length);
                return metrics.take().decode(new KnownFamilies(), series, 42).samples();
            }
        };

        private static final String EXPOSITION =
                "# HELP a What \\\\ it\\nis.\n# TYPE a counter\na{x=\"y\",z=\"\\\"\"} 1 1700000000000\n"
                        + "# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"+Inf\"} 2\n"
                        + "h_sum 3\nh_count 2\n{\"q.r\",\"l.m\"=\"n\"} NaN\n";

        abstract List<byte[]> corpus();

        abstract DecodedSamples decode(byte[] body, SeriesIntake series);
    }

    @ParameterizedTest
    @EnumSource
    void nearlyGoodBodies(Protocol protocol) {
        for (byte[] example : protocol.corpus()) {
            assertThat(check(protocol, example, "example")).isTrue();
        }
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = Mutations.next(new Random(SEED + round), protocol.corpus());
            good += check(protocol, body, protocol + ", seed " + (SEED + round)) ? 1 : 0;
        }
        assertThat(good).as("bodies that are good all the same").isGreaterThan(ROUNDS / 200);
    }

    private static boolean check(Protocol protocol, byte[] body, String name) {
        MemoryResolver resolver = new MemoryResolver();
        SeriesIntake series = SeriesIntake.of(resolver, Set.of());
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            DecodedSamples decoded = protocol.decode(body, series);
            resolver.lines(decoded);
            return true;
        } catch (BelfryException e) {
            assertThat(e.code()).as(name).isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(name + ": " + HexFormat.of().formatHex(body), e);
        } finally {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated)
                    .as("bytes allocated for %d, %s", body.length, name)
                    .isLessThan(ALLOCATED_BASE + ALLOCATED_PER_BYTE * body.length);
        }
    }

    private static List<byte[]> texts(String... all) {
        return Stream.of(all).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private static DecodedSamples exposition(
            byte[] body, ExpositionFormat format, SeriesIntake series) {
        return ExpositionImport.decode(
                body, body.length, format, Labels.of("k", "v"), new KnownFamilies(), series, 42);
    }

    private static DecodedSamples scraped(
            byte[] body, ExpositionFormat format, SeriesIntake series) {
        KnownFamilies families = new KnownFamilies();
        TargetSamples target =
                new TargetSamples(
                        series,
                        families,
                        LabelMapping.NONE,
                        new ScrapeLimits(50, 0, 0, 0),
                        new FamilyTexts(),
                        7);
        TargetSamples.Scrape scrape = target.read(body, body.length, format, 42, true);
        target.read(body, body.length, format, 43, true);
        return new DecodedSamples(scrape.samples().build(), List.of(), 0, scrape.told());
    }

    private static DecodedSamples write(Message message, byte[] body, SeriesIntake series) {
        return new RemoteWrite(new KnownFamilies())
                .decode(message, body, body.length, series, 42)
                .decoded();
    }

    private static byte[] written(WriteRequestBody body) {
        FloatHistogram histogram =
                new FloatHistogram(
                        3,
                        FloatHistogram.ResetHint.UNKNOWN,
                        6,
                        9.5,
                        0.001,
                        1,
                        new int[] {1, 2, 7},
                        new double[] {1, 1, 2},
                        new int[] {3},
                        new double[] {1},
                        new double[0]);
        return body.series(Labels.of(Labels.NAME, "up", "job", "x"))
                .sample(1000, 1.5)
                .histogram(2000, histogram, false)
                .histogram(3000, histogram, true)
                .exemplar(Labels.of("trace_id", "t"), 0.5, 900)
                .metadata("up", MetricType.GAUGE, "", "Whether it is up.")
                .bytes();
    }

    /* A counter with an exemplar, a native and a classic histogram, a summary. */
    private static byte[] messages() {
        ProtoWriter family = new ProtoWriter(256);
        family.bytes(1, new byte[] {'f'}, 0, 1);
        family.varint(3, 4);
        int metric = family.begin(4);
        int label = family.begin(1);
        family.bytes(1, new byte[] {'l'}, 0, 1);
        family.bytes(2, new byte[] {'v'}, 0, 1);
        family.end(label);
        int counter = family.begin(3);
        family.fixed64(1, Double.doubleToRawLongBits(5));
        int exemplar = family.begin(2);
        family.fixed64(2, Double.doubleToRawLongBits(0.5));
        family.end(exemplar);
        family.end(counter);
        int histogram = family.begin(7);
        family.varint(1, 6);
        family.varint(5, 0);
        family.varint(7, 1);
        int span = family.begin(12);
        family.varint(1, 2);
        family.varint(2, 2);
        family.end(span);
        family.varint(13, 4);
        family.varint(13, 2);
        family.end(histogram);
        int classic = family.begin(7);
        int bucket = family.begin(3);
        family.varint(1, 2);
        family.fixed64(2, Double.doubleToRawLongBits(1));
        family.end(bucket);
        family.end(classic);
        int summary = family.begin(4);
        family.varint(1, 2);
        int quantile = family.begin(3);
        family.fixed64(1, Double.doubleToRawLongBits(0.5));
        family.end(quantile);
        family.end(summary);
        family.varint(6, 1000);
        family.end(metric);
        byte[] all = new byte[family.size() + 2];
        all[0] = (byte) (family.size() & 0x7F | 0x80);
        all[1] = (byte) (family.size() >>> 7);
        System.arraycopy(family.bytes(), 0, all, 2, family.size());
        return all;
    }
}
