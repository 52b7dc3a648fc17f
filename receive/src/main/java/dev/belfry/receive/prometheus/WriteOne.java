package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.protobuf.ProtoReader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Takes a {@code prometheus.WriteRequest} apart: remote write 1.0. Used once. */
final class WriteOne {
    /*
     * prompb/remote.proto, prompb/types.proto of Prometheus:
     *
     *   WriteRequest  { TimeSeries 1 …; MetricMetadata 3 … }
     *   TimeSeries    { Label 1 …; Sample 2 …; Exemplar 3 …; Histogram 4 … }
     *   Label         { name 1; value 2 }
     *   Sample        { value 1; timestamp 2 }
     *   Exemplar      { Label 1 …; value 2; timestamp 3 }
     *   MetricMetadata{ type 1; metric_family_name 2; help 4; unit 5 }
     *
     * The labels stand together at the beginning of a series, and are its key as the bytes that they are. Where they
     * are strewn, as the encoding allows, the key is made of them one by one.
     */
    private static final int PROTOCOL = 1;
    private static final int PROTOCOL_STREWN = 2;

    private static final int SERIES = 1 << 3 | ProtoReader.LENGTH;
    private static final int METADATA = 3 << 3 | ProtoReader.LENGTH;
    private static final int LABEL = 1 << 3 | ProtoReader.LENGTH;
    private static final int SAMPLE = 2 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR = 3 << 3 | ProtoReader.LENGTH;
    private static final int HISTOGRAM = 4 << 3 | ProtoReader.LENGTH;

    /* What a message of one sample may take, so that one byte tells its length. */
    private static final int SAMPLE_BYTES_MAX = 127;

    /*
     * The usual sample: 12 10, 09 and eight bytes of value, 10 and six bytes of time, which is from 1971 to 2109. What
     * stands behind the value is the same for most samples of a request.
     */
    private static final int USUAL_BYTES = 18;
    private static final int USUAL_VALUE = 1 << 3 | ProtoReader.FIXED64;
    private static final int USUAL_VALUE_AT = 3;
    private static final int USUAL_TIME_AT = 11;
    private static final long USUAL_TIME_MASK = 0x80_8080_8080_80FFL;
    private static final long USUAL_TIME_BITS = 0x00_8080_8080_8010L;
    private static final long TIME_BITS = 0x7F7F_7F7F_7F7FL;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ProtoReader in;
    private final Gathering to;

    /* How many bytes the one sample of the series before took, with its tag; 0 when that was something else. */
    private int tail;

    /* The time of the last usual sample, and its seven bytes; 0 before there was one. */
    private long usualTime;
    private long usualTimeBytes;

    WriteOne(ProtoReader in, Gathering to) {
        this.in = in;
        this.to = to;
    }

    void run() {
        while (in.more()) {
            int tag = in.tag();
            if (tag == SERIES) {
                int outer = in.enter();
                to.seriesIndex++;
                series();
                in.leave(outer);
            } else if (tag == METADATA) {
                int outer = in.enter();
                metadata();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void series() {
        int start = in.at;
        int end = in.end;
        if (asBefore(start, end)) {
            return;
        }
        while (in.at < end && in.bytes[in.at] == LABEL) {
            in.at++;
            int length = in.length();
            in.at += length;
        }
        int rest = in.at;
        int lost = 0;
        boolean strewn = false;
        while (in.more()) {
            int tag = in.tag();
            strewn |= tag == LABEL;
            lost += tag == SAMPLE || tag == EXEMPLAR || tag == HISTOGRAM ? 1 : 0;
            in.skip(tag);
        }
        int number;
        try {
            number = strewn ? strewn(start) : together(start, rest);
        } catch (BelfryException e) {
            to.refuse(e, lost);
            in.end = end;
            in.at = end;
            return;
        }
        in.at = rest;
        tail = isOneSample(rest, end) ? end - rest : 0;
        values(number);
    }

    private boolean isOneSample(int at, int end) {
        return end - at >= 2
                && end - at <= SAMPLE_BYTES_MAX
                && in.bytes[at] == SAMPLE
                && in.bytes[at + 1] == end - at - 2;
    }

    /**
     * Reads a series that has one sample, as long as the one before; false when it is another one,
     * or is not known. The labels need not be looked at: what is known by its key was, and what
     * stands behind them is one field.
     */
    private boolean asBefore(int start, int end) {
        int rest = end - tail;
        if (tail == 0 || rest <= start || !isOneSample(rest, end)) {
            return false;
        }
        to.hash.reset(to.series.salt(PROTOCOL)).add(in.bytes, start, rest - start);
        int known = to.find();
        if (known == SeriesResolver.NONE) {
            return false;
        }
        in.at = rest;
        if (!usual(known)) {
            values(known);
        }
        return true;
    }

    /** Takes the one sample that is left of a series; false when it is not the usual one. */
    private boolean usual(int number) {
        byte[] bytes = in.bytes;
        int at = in.at;
        if (tail != USUAL_BYTES || bytes[at + USUAL_VALUE_AT - 1] != USUAL_VALUE) {
            return false;
        }
        long timeBytes = (long) LONGS.get(bytes, at + USUAL_TIME_AT - 1) >>> 8;
        if (timeBytes != usualTimeBytes) {
            if ((timeBytes & USUAL_TIME_MASK) != USUAL_TIME_BITS) {
                return false;
            }
            usualTimeBytes = timeBytes;
            usualTime = Long.compress(timeBytes >>> 8, TIME_BITS);
        }
        to.batch.add(
                number,
                usualTime,
                Double.longBitsToDouble((long) LONGS.get(bytes, at + USUAL_VALUE_AT)));
        in.at = in.end;
        return true;
    }

    private int together(int start, int rest) {
        to.hash.reset(to.series.salt(PROTOCOL)).add(in.bytes, start, rest - start);
        int known = to.find();
        if (known == SeriesResolver.NONE) {
            known = to.resolve(in.bytes, start, rest);
        }
        if (known != SeriesResolver.NONE) {
            return known;
        }
        labels(start);
        return to.resolve();
    }

    private int strewn(int start) {
        to.hash.reset(to.series.salt(PROTOCOL_STREWN));
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            int from = in.at;
            in.skip(tag);
            if (tag == LABEL) {
                to.hash.add(in.bytes, from, in.at - from);
            }
        }
        int known = to.find();
        if (known != SeriesResolver.NONE) {
            return known;
        }
        labels(start);
        return to.resolve();
    }

    /** Gathers the labels of the message from {@code start} on. */
    private void labels(int start) {
        to.pairs.clear();
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == LABEL) {
                label();
            } else {
                in.skip(tag);
            }
        }
    }

    private void label() {
        int outer = in.enter();
        String name = "";
        String value = "";
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | ProtoReader.LENGTH -> name = text();
                case 2 << 3 | ProtoReader.LENGTH -> value = text();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        to.pairs.add(name, value);
    }

    private String text() {
        int length = in.length();
        String text = to.pairs.text(in.bytes, in.at, length);
        in.at += length;
        return text;
    }

    private void values(int number) {
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case SAMPLE -> sample(number);
                case EXEMPLAR -> exemplar(number);
                case HISTOGRAM -> to.histogram(in, number, 0);
                default -> in.skip(tag);
            }
        }
    }

    private void sample(int number) {
        int outer = in.enter();
        double value = 0;
        long timestamp = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | ProtoReader.FIXED64 -> value = Double.longBitsToDouble(in.fixed64());
                case 2 << 3 -> timestamp = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        to.sample(number, timestamp, value, 0);
    }

    private void exemplar(int number) {
        int outer = in.enter();
        int end = in.end;
        double value = 0;
        long timestamp = 0;
        to.pairs.clear();
        try {
            while (in.more()) {
                int tag = in.tag();
                switch (tag) {
                    case LABEL -> label();
                    case 2 << 3 | ProtoReader.FIXED64 ->
                            value = Double.longBitsToDouble(in.fixed64());
                    case 3 << 3 -> timestamp = in.varint();
                    default -> in.skip(tag);
                }
            }
            to.exemplar(number, value, timestamp);
        } catch (BelfryException e) {
            to.refuse(e, 1);
        } finally {
            in.end = end;
            in.leave(outer);
        }
    }

    private void metadata() {
        int start = in.at;
        to.hash.reset(PROTOCOL).add(in.bytes, start, in.end - start);
        if (to.isKnown(to.hash.high())) {
            in.at = in.end;
            return;
        }
        int end = in.end;
        int type = 0;
        String family = "";
        String help = "";
        String unit = "";
        try {
            while (in.more()) {
                int tag = in.tag();
                switch (tag) {
                    case 1 << 3 -> type = (int) in.varint();
                    case 2 << 3 | ProtoReader.LENGTH -> family = text();
                    case 4 << 3 | ProtoReader.LENGTH -> help = text();
                    case 5 << 3 | ProtoReader.LENGTH -> unit = text();
                    default -> in.skip(tag);
                }
            }
            to.metadata(family, type, unit, help);
        } catch (BelfryException e) {
            to.refuse(e, 1);
            in.at = end;
        }
    }
}
