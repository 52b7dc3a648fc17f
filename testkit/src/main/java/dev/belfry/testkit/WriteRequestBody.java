package dev.belfry.testkit;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesSamples;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the message of Prometheus' remote write, 1.0 or 2.0, not compressed. For one thread. */
public final class WriteRequestBody {
    private final boolean two;
    private final Map<String, Integer> symbols = new LinkedHashMap<>();
    private final Bytes requests = new Bytes();
    private Bytes series = new Bytes();
    private boolean inSeries;

    private WriteRequestBody(boolean two) {
        this.two = two;
        symbols.put("", 0);
    }

    /** A {@code prometheus.WriteRequest}. */
    public static WriteRequestBody one() {
        return new WriteRequestBody(false);
    }

    /** An {@code io.prometheus.write.v2.Request}. */
    public static WriteRequestBody two() {
        return new WriteRequestBody(true);
    }

    /** Begins a series. */
    public WriteRequestBody series(Labels labels) {
        endSeries();
        inSeries = true;
        labels(series, labels);
        return this;
    }

    /** A series with its samples. */
    public WriteRequestBody add(SeriesSamples samples) {
        series(samples.labels());
        for (int index = 0; index < samples.size(); index++) {
            FloatHistogram histogram = samples.histogram(index);
            if (histogram == null) {
                sample(samples.timestampsMillis()[index], samples.values()[index]);
            } else {
                histogram(samples.timestampsMillis()[index], histogram, false);
            }
        }
        return this;
    }

    /** A number. */
    public WriteRequestBody sample(long timestampMillis, double value) {
        return sample(timestampMillis, value, 0);
    }

    /** A number that counts from {@code startMillis} on; 2.0 only. */
    public WriteRequestBody sample(long timestampMillis, double value, long startMillis) {
        Bytes sample = new Bytes().number(1, value).varint(2, timestampMillis);
        series.message(2, startMillis == 0 ? sample : sample.varint(3, startMillis));
        return this;
    }

    /** A histogram, with whole numbers as differences where {@code whole}. */
    public WriteRequestBody histogram(
            long timestampMillis, FloatHistogram histogram, boolean whole) {
        Bytes bytes = new Bytes();
        if (whole) {
            bytes.varint(1, (long) histogram.count());
        } else {
            bytes.number(2, histogram.count());
        }
        bytes.number(3, histogram.sum()).zigzag(4, histogram.schema());
        bytes.number(5, histogram.zeroThreshold());
        if (whole) {
            bytes.varint(6, (long) histogram.zeroCount());
        } else {
            bytes.number(7, histogram.zeroCount());
        }
        side(bytes, 8, histogram.negativeIndexes(), histogram.negativeCounts(), whole);
        side(bytes, 11, histogram.positiveIndexes(), histogram.positiveCounts(), whole);
        bytes.varint(14, histogram.hint().ordinal()).varint(15, timestampMillis);
        Bytes bounds = new Bytes();
        for (double bound : histogram.bounds()) {
            bounds.plain(bound);
        }
        bytes.message(16, bounds);
        series.message(two ? 3 : 4, bytes);
        return this;
    }

    private static void side(Bytes to, int field, int[] indexes, double[] counts, boolean whole) {
        Bytes deltas = new Bytes();
        int next = 0;
        int at = 0;
        double before = 0;
        while (at < indexes.length) {
            int from = at;
            do {
                if (whole) {
                    deltas.plainZigzag((long) (counts[at] - before));
                } else {
                    deltas.plain(counts[at]);
                }
                before = counts[at++];
            } while (at < indexes.length && indexes[at] == indexes[at - 1] + 1);
            to.message(field, new Bytes().zigzag(1, indexes[from] - next).varint(2, at - from));
            next = indexes[at - 1] + 1;
        }
        to.message(whole ? field + 1 : field + 2, deltas);
    }

    /** An exemplar of the series. */
    public WriteRequestBody exemplar(Labels labels, double value, long timestampMillis) {
        Bytes exemplar = new Bytes();
        labels(exemplar, labels);
        exemplar.number(2, value).varint(3, timestampMillis);
        series.message(two ? 4 : 3, exemplar);
        return this;
    }

    /** What is known of a family; in 2.0 the one of the series. */
    public WriteRequestBody metadata(String family, MetricType type, String unit, String help) {
        if (two) {
            series.message(
                    5,
                    new Bytes()
                            .varint(1, type.ordinal())
                            .varint(3, symbol(help))
                            .varint(4, symbol(unit)));
            return this;
        }
        endSeries();
        requests.message(
                3,
                new Bytes().varint(1, type.ordinal()).text(2, family).text(4, help).text(5, unit));
        return this;
    }

    /** When all that the series counts began; first drafts of 2.0 only. */
    public WriteRequestBody created(long startMillis) {
        series.varint(6, startMillis);
        return this;
    }

    /** The message. */
    public byte[] bytes() {
        endSeries();
        if (!two) {
            return requests.out.toByteArray();
        }
        Bytes all = new Bytes();
        symbols.keySet().forEach(symbol -> all.text(4, symbol));
        all.out.writeBytes(requests.out.toByteArray());
        return all.out.toByteArray();
    }

    private void endSeries() {
        if (inSeries) {
            requests.message(two ? 5 : 1, series);
            series = new Bytes();
            inSeries = false;
        }
    }

    private int symbol(String text) {
        return symbols.computeIfAbsent(text, _ -> symbols.size());
    }

    private void labels(Bytes to, Labels labels) {
        if (!two) {
            labels.forEach(
                    (name, value) -> to.message(1, new Bytes().text(1, name).text(2, value)));
            return;
        }
        Bytes references = new Bytes();
        labels.forEach((name, value) -> references.plain(symbol(name)).plain(symbol(value)));
        to.message(1, references);
    }

    /** Protocol Buffers, see https://protobuf.dev/programming-guides/encoding. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes varint(int field, long value) {
            return plain(field << 3L).plain(value);
        }

        Bytes zigzag(int field, long value) {
            return plain(field << 3L).plainZigzag(value);
        }

        Bytes number(int field, double value) {
            return plain(field << 3L | 1).plain(value);
        }

        Bytes text(int field, String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            plain(field << 3L | 2).plain(utf8.length);
            out.writeBytes(utf8);
            return this;
        }

        Bytes message(int field, Bytes message) {
            plain(field << 3L | 2).plain(message.out.size());
            out.writeBytes(message.out.toByteArray());
            return this;
        }

        Bytes plainZigzag(long value) {
            return plain(value << 1 ^ value >> 63);
        }

        Bytes plain(double value) {
            long bits = Double.doubleToRawLongBits(value);
            for (int shift = 0; shift < 64; shift += 8) {
                out.write((int) (bits >>> shift));
            }
            return this;
        }

        Bytes plain(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
            return this;
        }
    }
}
