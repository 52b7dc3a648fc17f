package dev.belfry.receive.exposition;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.protobuf.ProtoException;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Exemplars;
import dev.belfry.receive.series.NativeHistogram;
import dev.belfry.receive.series.SeriesSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the families of a delimited Protocol Buffers exposition to a sink; for one thread, used
 * once.
 */
public final class ProtoSamples {
    /*
     * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
     *
     *   (length MetricFamily)*
     *   MetricFamily { name 1 | help 2 | type 3 | Metric 4 … | unit 5 }
     *   Metric  { LabelPair 1 … | Gauge 2 | Counter 3 | Summary 4 | Untyped 5 | timestamp_ms 6 | Histogram 7 }
     *   Counter { value 1 | Exemplar 2 | created 3 }; Gauge, Untyped { value 1 }
     *   Summary { sample_count 1 | sample_sum 2 | Quantile 3 … { quantile 1 | value 2 } | created 4 }
     */
    private static final int NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int HELP = 2 << 3 | ProtoReader.LENGTH;
    private static final int TYPE = 3 << 3 | ProtoReader.VARINT;
    private static final int METRIC = 4 << 3 | ProtoReader.LENGTH;
    private static final int UNIT = 5 << 3 | ProtoReader.LENGTH;
    private static final int LABEL = 1 << 3 | ProtoReader.LENGTH;
    private static final int GAUGE = 2 << 3 | ProtoReader.LENGTH;
    private static final int COUNTER = 3 << 3 | ProtoReader.LENGTH;
    private static final int SUMMARY = 4 << 3 | ProtoReader.LENGTH;
    private static final int UNTYPED = 5 << 3 | ProtoReader.LENGTH;
    private static final int TIMESTAMP = 6 << 3 | ProtoReader.VARINT;
    private static final int HISTOGRAM = 7 << 3 | ProtoReader.LENGTH;
    private static final int VALUE = 1 << 3 | ProtoReader.FIXED64;
    private static final int EXEMPLAR = 2 << 3 | ProtoReader.LENGTH;
    private static final int CREATED = 3 << 3 | ProtoReader.LENGTH;
    private static final int COUNT = 1 << 3 | ProtoReader.VARINT;
    private static final int SUM = 2 << 3 | ProtoReader.FIXED64;
    private static final int QUANTILE = 3 << 3 | ProtoReader.LENGTH;
    private static final int LABEL_NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int LABEL_VALUE = 2 << 3 | ProtoReader.LENGTH;
    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.HISTOGRAM,
        MetricType.GAUGEHISTOGRAM
    };

    private final ProtoReader in;
    private final SeriesSink sink;
    private final boolean honorTimes;
    private final long defaultMillis;
    private final ProtoHistogram histogram;
    private final List<int[]> labelSpans = new ArrayList<>();

    /* Of the family and the metric being read. */
    private String name = "";
    private MetricType type = MetricType.UNKNOWN;
    private long familyHigh;
    private long familyLow;
    private long metricHigh;
    private long metricLow;
    private long millis;
    private boolean timed;

    /**
     * Families of {@code bytes[0 .. length)}.
     *
     * @param honorTimes whether the times that samples have count
     * @param defaultMillis the time of the others
     */
    public ProtoSamples(
            byte[] bytes, int length, SeriesSink sink, boolean honorTimes, long defaultMillis) {
        this.in = new ProtoReader(bytes, 0, length);
        this.histogram = new ProtoHistogram(in, this);
        this.sink = sink;
        this.honorTimes = honorTimes;
        this.defaultMillis = defaultMillis;
    }

    /**
     * Passes all on.
     *
     * @throws ExpositionException when the bytes are none
     */
    public void all() {
        try {
            while (in.more()) {
                int outer = in.enter();
                family();
                in.leave(outer);
            }
        } catch (ProtoException failure) {
            throw new ExpositionException(
                    "byte " + failure.offset() + " (expected: " + failure.expected() + ")");
        }
    }

    /** Whether the metric passed last has a time of its own that counts. */
    public boolean isTimed() {
        return timed;
    }

    private void family() {
        int start = in.at;
        String help = "";
        String unit = "";
        name = "";
        long number = 3;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case NAME -> name = string();
                case HELP -> help = string();
                case TYPE -> number = in.varint();
                case UNIT -> unit = string();
                default -> in.skip(tag);
            }
        }
        if (name.isEmpty() || number < 0 || number >= TYPES.length) {
            throw new ExpositionException(
                    "family " + name + " of type " + number + " (expected: a name, and 0 to 5)");
        }
        type = TYPES[(int) number];
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        KeyHash hash = sink.begin().add(number).add(key, 0, key.length);
        familyHigh = hash.high();
        familyLow = hash.low();
        tell(help, unit);
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == METRIC) {
                int outer = in.enter();
                metric();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void tell(String help, String unit) {
        byte[] said = (help + '\0' + unit).getBytes(StandardCharsets.UTF_8);
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        sink.beginFamily().add(type.ordinal()).add(key, 0, key.length).add(said, 0, said.length);
        if (sink.isNewFamily()) {
            sink.family(name, type, unit, help);
        }
    }

    private void metric() {
        sink.item();
        int start = in.at;
        labelSpans.clear();
        KeyHash hash = sink.begin().add(familyHigh).add(familyLow);
        millis = defaultMillis;
        timed = false;
        while (in.more()) {
            int tag = in.tag();
            if (tag == LABEL) {
                int length = in.length();
                labelSpans.add(new int[] {in.at, in.at + length});
                hash.add(in.bytes, in.at, length);
                in.at += length;
            } else if (tag == TIMESTAMP) {
                long given = in.varint();
                timed = honorTimes && given != 0;
                millis = timed ? given : defaultMillis;
            } else {
                in.skip(tag);
            }
        }
        metricHigh = hash.high();
        metricLow = hash.low();
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case GAUGE, COUNTER, UNTYPED -> {
                    int outer = in.enter();
                    number();
                    in.leave(outer);
                }
                case SUMMARY -> {
                    int outer = in.enter();
                    summary();
                    in.leave(outer);
                }
                case HISTOGRAM -> {
                    int outer = in.enter();
                    histogram.read();
                    in.leave(outer);
                }
                default -> in.skip(tag);
            }
        }
    }

    private void number() {
        double value = 0;
        Exemplar exemplar = null;
        long created = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case VALUE -> value = Double.longBitsToDouble(in.fixed64());
                case EXEMPLAR -> exemplar = exemplar();
                case CREATED -> created = time();
                default -> in.skip(tag);
            }
        }
        int series = add("", "", 0, value, created);
        add(series, exemplar);
    }

    private void summary() {
        double count = 0;
        double sum = 0;
        int start = in.at;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case COUNT -> count = NativeHistogram.unsigned(in.varint());
                case SUM -> sum = Double.longBitsToDouble(in.fixed64());
                default -> in.skip(tag);
            }
        }
        add("_count", "", 0, count, 0);
        add("_sum", "", 0, sum, 0);
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == QUANTILE) {
                int outer = in.enter();
                quantile();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void quantile() {
        double quantile = 0;
        double value = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case VALUE -> quantile = Double.longBitsToDouble(in.fixed64());
                case SUM -> value = Double.longBitsToDouble(in.fixed64());
                default -> in.skip(tag);
            }
        }
        add("", "quantile", quantile, value, 0);
    }

    /**
     * Adds a sample of the metric being read.
     *
     * @param label a label more, whose value is the number {@code of}; empty for none
     * @param created when it began, epoch milliseconds, 0 when not told
     * @return its series, negative when there is none
     */
    int add(String suffix, String label, double of, double value, long created) {
        int series = series(suffix, label, of);
        if (series >= 0) {
            sink.samples().add(series, millis, value);
            if (created > 0 && created <= millis) {
                sink.samples().startOfLast(created);
            }
        }
        return series;
    }

    /** The series of the metric being read, as for {@link #add}. */
    int series(String suffix, String label, double of) {
        sink.begin()
                .add(metricHigh)
                .add(metricLow)
                .add(suffix.hashCode())
                .add(label.isEmpty() ? 0 : Double.doubleToRawLongBits(of))
                .add(label.length());
        int series = sink.find();
        if (series != SeriesResolver.NONE) {
            return series;
        }
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        int at = in.at;
        int end = in.end;
        for (int[] span : labelSpans) {
            in.at = span[0];
            in.end = span[1];
            label(labels);
        }
        in.at = at;
        in.end = end;
        if (!label.isEmpty()) {
            labels.set(label, SeriesText.number(of));
        }
        return sink.resolve(labels.set(Labels.NAME, name + suffix).build());
    }

    /** Adds an exemplar of a series, if there are both and its labels are not too long. */
    boolean add(int series, @Nullable Exemplar exemplar) {
        if (series < 0 || exemplar == null || !Exemplars.fit(exemplar.labels())) {
            return false;
        }
        sink.samples().add(series, exemplar);
        return true;
    }

    /** When samples of the metric being read are. */
    long millis() {
        return millis;
    }

    /** Where samples go. */
    SampleBatch.Builder samples() {
        return sink.samples();
    }

    /** What kind of metric is being read. */
    MetricType type() {
        return type;
    }

    /* LabelPair { name 1 | value 2 } */
    private void label(Labels.Builder labels) {
        String key = "";
        String value = "";
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case LABEL_NAME -> key = string();
                case LABEL_VALUE -> value = string();
                default -> in.skip(tag);
            }
        }
        labels.set(key, value);
    }

    /** Passes an Exemplar { LabelPair 1 … | value 2 | Timestamp 3 }. */
    Exemplar exemplar() {
        int outer = in.enter();
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        double value = 0;
        long time = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case LABEL -> {
                    int around = in.enter();
                    label(labels);
                    in.leave(around);
                }
                case SUM -> value = Double.longBitsToDouble(in.fixed64());
                case CREATED -> time = time();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        return new Exemplar(labels.build(), value, time == 0 ? millis : time);
    }

    /** Passes a Timestamp { seconds 1 | nanos 2 }; epoch milliseconds. */
    long time() {
        int outer = in.enter();
        long seconds = 0;
        long nanos = 0;
        while (in.more()) {
            int tag = in.tag();
            if (tag == (1 << 3 | ProtoReader.VARINT)) {
                seconds = in.varint();
            } else if (tag == (2 << 3 | ProtoReader.VARINT)) {
                nanos = in.varint();
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
        boolean near = Math.abs(seconds) < 1L << 40 && nanos >= 0 && nanos < 1_000_000_000;
        return near ? seconds * 1000 + nanos / 1_000_000 : 0;
    }

    private String string() {
        int length = in.length();
        String text = new String(in.bytes, in.at, length, StandardCharsets.UTF_8);
        in.at += length;
        return text;
    }
}
