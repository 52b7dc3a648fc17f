package dev.belfry.receive.otlp;

import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Exemplars;
import dev.belfry.receive.series.Limits;
import dev.belfry.receive.series.SampleSink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** What all kinds of points have: attributes, times, flags, exemplars; for one thread. */
final class Point {
    /*
     * Exemplar { time 2 | as_double 3 | span_id 4 | trace_id 5 | as_int 6 | filtered_attributes 7 … }
     */
    private static final int EXEMPLAR_TIME = 2 << 3 | ProtoReader.FIXED64;
    private static final int EXEMPLAR_DOUBLE = 3 << 3 | ProtoReader.FIXED64;
    private static final int EXEMPLAR_SPAN = 4 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR_TRACE = 5 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR_INT = 6 << 3 | ProtoReader.FIXED64;
    private static final int EXEMPLAR_ATTRIBUTE = 7 << 3 | ProtoReader.LENGTH;
    private static final int NO_RECORDED_VALUE = 1;
    private static final int ID_BYTES_MAX = 16;
    private static final long MILLI_NANOS = 1_000_000;

    /** The attributes, with their tags. */
    final Spans attributes = new Spans();

    private final Spans exemplars = new Spans();
    private final Spans exemplarAttributes = new Spans();

    /** Epoch nanoseconds, 0 when not told. */
    long startNanos;

    /** Epoch nanoseconds, 0 when not told. */
    long timeNanos;

    /** Bits. */
    long flags;

    /** The latest time of a point since it was set to 0, epoch milliseconds. */
    long latestMillis;

    private final ProtoReader in;
    private final SampleSink sink;
    private final SeriesLabels labels;
    private final Family family;
    private final long nowMillis;
    private final List<Exemplar> parsed = new ArrayList<>();
    private int next;
    private long millis;
    private long startMillis;
    private long keyHigh;
    private long keyLow;

    Point(ProtoReader in, SampleSink sink, SeriesLabels labels, Family family, long nowMillis) {
        this.nowMillis = nowMillis;
        this.in = in;
        this.sink = sink;
        this.labels = labels;
        this.family = family;
    }

    /** Starts another point. */
    void clear() {
        attributes.clear();
        exemplars.clear();
        startNanos = 0;
        timeNanos = 0;
        flags = 0;
    }

    /** Passes an attribute whose tag, at {@code tagAt}, was passed. */
    void attribute(int tagAt) {
        int length = in.length();
        in.at += length;
        attributes.join(tagAt, in.at);
    }

    /** Passes an exemplar whose tag was passed. */
    void exemplar() {
        int length = in.length();
        if (exemplars.size() < Limits.EXEMPLARS_MAX) {
            exemplars.add(in.at, in.at + length);
        }
        in.at += length;
    }

    /** Hashes what was read; the point is whole. */
    void close() {
        millis = timeNanos == 0 ? nowMillis : Long.divideUnsigned(timeNanos, MILLI_NANOS);
        long start = Long.divideUnsigned(startNanos, MILLI_NANOS);
        startMillis = start <= millis ? start : 0;
        latestMillis = Math.max(latestMillis, millis);
        sink.hash.reset(family.keyHigh).add(family.keyLow);
        for (int i = 0; i < attributes.size(); i++) {
            int from = attributes.from(i);
            sink.hash.add(in.bytes, from, attributes.to(i) - from);
        }
        keyHigh = sink.hash.high();
        keyLow = sink.hash.low();
        if (exemplars.size() > 0) {
            parseExemplars();
        }
    }

    /** Whether the point says that there is no value any more. */
    boolean isStale() {
        return (flags & NO_RECORDED_VALUE) != 0;
    }

    /** Whether there are exemplars. */
    boolean hasExemplars() {
        return exemplars.size() > 0;
    }

    /** When, epoch milliseconds. */
    long millis() {
        return millis;
    }

    /** The series of the point itself. */
    int series() {
        return series(0, 0, "", "", 0);
    }

    /**
     * One of the point's series.
     *
     * @param part which one, other than 0
     * @param suffix of the name
     * @param label a label more, whose value is the number {@code value}; empty for none
     */
    int series(int part, String suffix, String label, double value) {
        return series(part, Double.doubleToRawLongBits(value), suffix, label, value);
    }

    private int series(int part, long bits, String suffix, String label, double value) {
        sink.hash.reset(keyHigh).add(keyLow).add(part).add(bits);
        int series = sink.find();
        if (series != SeriesResolver.NONE) {
            return series;
        }
        String text = label.isEmpty() ? "" : Floats.plain(value);
        return sink.resolve(labels.of(family.name() + suffix, attributes, label, text));
    }

    /** Adds a value of {@code series}; nothing when that is none. */
    void add(int series, double value) {
        if (series == SeriesResolver.NONE) {
            return;
        }
        if (isStale()) {
            sink.samples.add(series, millis, StaleNaN.VALUE);
        } else if (!family.delta) {
            sink.samples.add(series, millis, value);
            if (startMillis != 0) {
                sink.samples.startOfLast(startMillis);
            }
        } else if (Double.isFinite(value)) {
            sink.pushed.add(PushBatch.Kind.ADD, series, millis, value);
        } else {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    family.name() + ": value: " + value + " (expected: a finite increment)");
        }
    }

    /** Tells when what the histogram added last counts began. */
    void startOfLast() {
        if (startMillis != 0) {
            sink.samples.startOfLast(startMillis);
        }
    }

    /**
     * Adds the exemplars with values up to {@code upTo} to {@code series}; each goes to one series,
     * so the bounds must ascend from call to call.
     */
    void addExemplars(int series, double upTo) {
        while (next < parsed.size() && !(parsed.get(next).value() > upTo)) {
            if (series != SeriesResolver.NONE) {
                sink.samples.add(series, parsed.get(next));
            }
            next++;
        }
    }

    private void parseExemplars() {
        parsed.clear();
        next = 0;
        int at = in.at;
        int end = in.end;
        for (int i = 0; i < exemplars.size(); i++) {
            in.at = exemplars.from(i);
            in.end = exemplars.to(i);
            parsed.add(parseExemplar());
        }
        in.at = at;
        in.end = end;
        parsed.sort(Comparator.comparingDouble(Exemplar::value));
    }

    private Exemplar parseExemplar() {
        double value = 0;
        long time = timeNanos;
        String span = "";
        String trace = "";
        exemplarAttributes.clear();
        while (in.more()) {
            int tagAt = in.at;
            int tag = in.tag();
            switch (tag) {
                case EXEMPLAR_TIME -> time = in.fixed64();
                case EXEMPLAR_DOUBLE -> value = Double.longBitsToDouble(in.fixed64());
                case EXEMPLAR_INT -> value = in.fixed64();
                case EXEMPLAR_SPAN -> span = id();
                case EXEMPLAR_TRACE -> trace = id();
                case EXEMPLAR_ATTRIBUTE -> {
                    int length = in.length();
                    in.at += length;
                    exemplarAttributes.join(tagAt, in.at);
                }
                default -> in.skip(tag);
            }
        }
        Labels ids =
                new Labels.Builder(Labels.EMPTY)
                        .set("span_id", span)
                        .set("trace_id", trace)
                        .build();
        long when = time == 0 ? millis : Long.divideUnsigned(time, MILLI_NANOS);
        return new Exemplar(whole(ids), value, when);
    }

    /* An id as hexadecimal digits; none when it is longer than ids are. */
    private String id() {
        int length = in.length();
        int from = in.at;
        in.at += length;
        return length <= ID_BYTES_MAX ? HexFormat.of().formatHex(in.bytes, from, in.at) : "";
    }

    /* With the filtered attributes, where all of them have room. */
    private Labels whole(Labels ids) {
        Labels.Builder all = new Labels.Builder(labels.plain(exemplarAttributes));
        ids.forEach(all::set);
        Labels labelled = all.build();
        return Exemplars.fit(labelled) ? labelled : ids;
    }
}
