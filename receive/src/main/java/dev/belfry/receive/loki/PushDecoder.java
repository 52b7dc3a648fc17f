package dev.belfry.receive.loki;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.columns.Context;
import dev.belfry.receive.columns.FieldTable;
import dev.belfry.receive.columns.JsonBytes;
import dev.belfry.receive.columns.Rows;
import dev.belfry.receive.columns.Sources;
import dev.belfry.receive.columns.Utf8;
import dev.belfry.receive.json.JsonText;
import dev.belfry.receive.protobuf.ProtoException;
import dev.belfry.receive.protobuf.ProtoReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes a {@code PushRequest} apart into rows; used once. */
public final class PushDecoder {
    /*
     * Loki's pkg/push/push.proto:
     *
     *   PushRequest  { StreamAdapter 1 … }
     *   StreamAdapter{ labels 1 (text) | EntryAdapter 2 … | hash 3 | LabelPair LABEL … }
     *   EntryAdapter { Timestamp 1 { seconds 1 | nanos 2 } | line 2 | LabelPair 3 … }
     *   LabelPair    { name 1 | value 2 }
     *
     * LABEL is our own: into it PushJson writes labels that are not text. A stream is gone through twice, first
     * for its labels, which may stand behind its entries.
     */
    static final int LABEL_NUMBER = 100;

    private static final int STREAM = 1 << 3 | ProtoReader.LENGTH;
    private static final int LABELS = 1 << 3 | ProtoReader.LENGTH;
    private static final int ENTRY = 2 << 3 | ProtoReader.LENGTH;
    private static final int LABEL = LABEL_NUMBER << 3 | ProtoReader.LENGTH;
    private static final int TIMESTAMP = 1 << 3 | ProtoReader.LENGTH;
    private static final int LINE = 2 << 3 | ProtoReader.LENGTH;
    private static final int METADATA = 3 << 3 | ProtoReader.LENGTH;
    private static final int SECONDS = 1 << 3 | ProtoReader.VARINT;
    private static final int NANOS = 2 << 3 | ProtoReader.VARINT;
    private static final int NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int VALUE = 2 << 3 | ProtoReader.LENGTH;

    private static final int LEVEL_CHARACTERS_MAX = 50;
    private static final byte[] UNKNOWN = "unknown".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] SOURCES =
            names(
                    "service_name",
                    "service",
                    "job",
                    "app",
                    "application",
                    "app_kubernetes_io_name",
                    "container",
                    "container_name",
                    "component",
                    "workload",
                    "name");
    private static final byte[][] LEVELS = names("level", "detected_level", "severity");
    private static final byte[][] TRACES = names("trace_id", "traceID", "traceId", "traceid");
    private static final byte[][] SPANS = names("span_id", "spanID", "spanId", "spanid");

    private final ProtoReader in;
    private final Rows rows;
    private final Context labels;
    private final Sources sources;
    private final long nowNanos;

    private byte[] source = UNKNOWN;
    private int sourceRank;
    private @Nullable String sourceWrong;
    private ErrorCode sourceCode = ErrorCode.VALIDATION_ERROR;
    private byte[] streamLevel = {};
    private int streamLevelRank;

    /* Of the pair read last. */
    private int nameFrom;
    private int nameTo;
    private byte[] value = {};
    private int valueFrom;
    private int valueTo;

    /* Of the entry. */
    private int levelRank;

    /** A decoder of the message {@code body[0 .. length)}. */
    public PushDecoder(
            byte[] body, int length, JsonEventsConfig config, long nowNanos, SourceRule rule) {
        this.nowNanos = nowNanos;
        in = new ProtoReader(body, 0, length);
        rows = new Rows(config, length);
        labels = new Context("stream.", false, config.eventBytesMax(), rows.tags, rows.payload);
        sources = new Sources(rule);
    }

    /**
     * The entries of the body.
     *
     * @throws BelfryException VALIDATION_ERROR when it is no such message; TOO_LARGE when it has
     *     too many entries
     */
    public DecodedEvents decode() {
        try {
            while (in.more()) {
                int tag = in.tag();
                if (tag == STREAM) {
                    int outer = in.enter();
                    stream();
                    in.leave(outer);
                } else {
                    in.skip(tag);
                }
            }
        } catch (ProtoException failure) {
            throw failure.refusal("body: no PushRequest");
        }
        return rows.decoded();
    }

    private void stream() {
        int start = in.at;
        labels.clear();
        source = UNKNOWN;
        sourceRank = SOURCES.length;
        streamLevel = new byte[0];
        streamLevelRank = LEVELS.length;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == LABELS) {
                int length = in.length();
                labelText(in.at, length);
                in.at += length;
            } else if (tag == LABEL) {
                pair();
                label(in.bytes, nameFrom, nameTo, value, valueFrom, valueTo);
            } else {
                in.skip(tag);
            }
        }
        sourceWrong = sources.check("source", source, 0, source.length);
        sourceCode = sources.errorCode();
        in.at = start;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == ENTRY) {
                int outer = in.enter();
                entry();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void labelText(int from, int length) {
        LabelText text = new LabelText(in.bytes, from, from + length);
        if (!text.read(this::label)) {
            String shown =
                    new String(in.bytes, from, Math.min(length, 100), StandardCharsets.UTF_8);
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "labels: " + shown + " (expected: such as {job=\"shop\", level=\"info\"})");
        }
    }

    private void label(JsonBytes name, JsonBytes text) {
        byte[] clean = text.bytes;
        int length = text.length;
        if (!Utf8.isValid(clean, 0, length)) {
            clean = Utf8.repaired(clean, 0, length);
            length = clean.length;
        }
        label(name.bytes, 0, name.length, clean, 0, length);
    }

    private void label(byte[] name, int from, int to, byte[] text, int textFrom, int textTo) {
        labels.add(name, from, to, ValueKind.STRING, text, textFrom, textTo - textFrom);
        if (textTo == textFrom) {
            return;
        }
        int asSource = rank(SOURCES, name, from, to);
        if (asSource < sourceRank) {
            sourceRank = asSource;
            source = Arrays.copyOfRange(text, textFrom, textTo);
        }
        int asLevel = rank(LEVELS, name, from, to);
        if (asLevel < streamLevelRank && isLevel(text, textFrom, textTo)) {
            streamLevelRank = asLevel;
            streamLevel = Arrays.copyOfRange(text, textFrom, textTo);
        }
    }

    private void entry() {
        if (!rows.begin(in.end - in.at, labels.sizeBytes())) {
            return;
        }
        if (sourceWrong != null) {
            rows.refuse(sourceCode, sourceWrong);
            return;
        }
        levelRank = LEVELS.length;
        long nanos = nowNanos;
        boolean timeWrong = false;
        while (in.at < in.end) {
            int tag = in.tag();
            switch (tag) {
                case TIMESTAMP -> {
                    int outer = in.enter();
                    long read = timestamp();
                    timeWrong = read == Long.MIN_VALUE;
                    nanos = read;
                    in.leave(outer);
                }
                case LINE -> {
                    int length = in.length();
                    text(in.at, length);
                    rows.builder.message(value, valueFrom, valueTo - valueFrom);
                    in.at += length;
                }
                case METADATA -> {
                    pair();
                    metadata();
                }
                default -> in.skip(tag);
            }
        }
        if (timeWrong) {
            rows.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    "timestamp: out of range (expected: from 1677-09-21 to 2262-04-11)");
            return;
        }
        rows.builder.timestampNanos(nanos);
        if (streamLevel.length > 0 && streamLevelRank < levelRank) {
            rows.builder.level(streamLevel, 0, streamLevel.length);
        }
        labels.apply();
        rows.commit(source);
    }

    /* Timestamp { seconds | nanos }; Long.MIN_VALUE when it does not fit. */
    private long timestamp() {
        long seconds = 0;
        long nanos = 0;
        while (in.at < in.end) {
            int tag = in.tag();
            switch (tag) {
                case SECONDS -> seconds = in.varint();
                case NANOS -> nanos = (int) in.varint();
                default -> in.skip(tag);
            }
        }
        try {
            return Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanos);
        } catch (ArithmeticException _) {
            return Long.MIN_VALUE;
        }
    }

    /* Structured metadata: ids go to their columns, all else to the tags. */
    private void metadata() {
        if (isName(TRACES) && Ids.trace(rows.builder, value, valueFrom, valueTo)
                || isName(SPANS) && Ids.span(rows.builder, value, valueFrom, valueTo)) {
            return;
        }
        FieldTable.Field field = rows.tags.next(in.bytes, nameFrom, nameTo);
        int length = valueTo - valueFrom;
        if (field != null) {
            rows.tags.set(field, ValueKind.STRING, value, valueFrom, length);
        } else {
            String key = FieldTable.clean(in.bytes, nameFrom, nameTo);
            rows.tags.setRest(key, ValueKind.STRING, value, valueFrom, length);
        }
        int rank = rank(LEVELS, in.bytes, nameFrom, nameTo);
        if (rank < levelRank && isLevel(value, valueFrom, valueTo)) {
            levelRank = rank;
            rows.builder.level(value, valueFrom, length);
        }
    }

    private boolean isName(byte[][] names) {
        int length = nameTo - nameFrom;
        return (length == names[0].length || length == names[0].length - 1)
                && rank(names, in.bytes, nameFrom, nameTo) < names.length;
    }

    private void pair() {
        int outer = in.enter();
        nameFrom = in.at;
        nameTo = in.at;
        valueFrom = 0;
        valueTo = 0;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == NAME) {
                int length = in.length();
                nameFrom = in.at;
                nameTo = in.at + length;
                in.at = nameTo;
            } else if (tag == VALUE) {
                int length = in.length();
                text(in.at, length);
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
        in.leave(outer);
    }

    private void text(int from, int length) {
        if (Utf8.isValid(in.bytes, from, from + length)) {
            value = in.bytes;
            valueFrom = from;
            valueTo = from + length;
        } else {
            value = Utf8.repaired(in.bytes, from, from + length);
            valueFrom = 0;
            valueTo = value.length;
        }
    }

    private static boolean isLevel(byte[] text, int from, int to) {
        return to > from && JsonText.characters(text, from, to) <= LEVEL_CHARACTERS_MAX;
    }

    /* The place of a name in a list; its length when it is not there. */
    private static int rank(byte[][] names, byte[] name, int from, int to) {
        for (int index = 0; index < names.length; index++) {
            byte[] wanted = names[index];
            if (wanted.length == to - from
                    && Arrays.equals(wanted, 0, wanted.length, name, from, to)) {
                return index;
            }
        }
        return names.length;
    }

    private static byte[][] names(String... names) {
        byte[][] bytes = new byte[names.length][];
        for (int index = 0; index < names.length; index++) {
            bytes[index] = names[index].getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }
}
