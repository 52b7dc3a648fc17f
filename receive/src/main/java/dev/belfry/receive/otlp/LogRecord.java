package dev.belfry.receive.otlp;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.columns.FieldTable;
import dev.belfry.receive.columns.JsonBytes;
import dev.belfry.receive.columns.Rows;
import dev.belfry.receive.columns.Utf8;
import dev.belfry.receive.json.JsonText;
import dev.belfry.receive.protobuf.ProtoReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes one {@code LogRecord} into the current row; for one thread. */
final class LogRecord {
    /*
     *   LogRecord { time_unix_nano 1 | severity_number 2 | severity_text 3 | body 5 | attributes 6 …
     *             | dropped_attributes_count 7 | flags 8 | trace_id 9 | span_id 10
     *             | observed_time_unix_nano 11 | event_name 12 }
     *
     * Attributes go to their columns as they come, all else when the record has been read.
     */
    private static final int TIME = 1 << 3 | ProtoReader.FIXED64;
    private static final int SEVERITY_NUMBER = 2 << 3 | ProtoReader.VARINT;
    private static final int SEVERITY_TEXT = 3 << 3 | ProtoReader.LENGTH;
    private static final int BODY = 5 << 3 | ProtoReader.LENGTH;
    private static final int ATTRIBUTE = 6 << 3 | ProtoReader.LENGTH;
    private static final int DROPPED = 7 << 3 | ProtoReader.VARINT;
    private static final int FLAGS = 8 << 3 | ProtoReader.FIXED32;
    private static final int TRACE_ID = 9 << 3 | ProtoReader.LENGTH;
    private static final int SPAN_ID = 10 << 3 | ProtoReader.LENGTH;
    private static final int OBSERVED = 11 << 3 | ProtoReader.FIXED64;
    private static final int EVENT_NAME = 12 << 3 | ProtoReader.LENGTH;

    private static final int SEVERITY_MAX = 24;
    private static final byte[] DROPPED_KEY = ascii("dropped_attributes_count");
    private static final byte[] BODY_KEY = ascii("body");
    private static final byte[][] LEVELS = {
        ascii("trace"), ascii("debug"), ascii("info"), ascii("warn"), ascii("error"), ascii("fatal")
    };

    private final ProtoReader in;
    private final EventBatchBuilder builder;
    private final FieldTable tags;
    private final FieldTable payload;
    private final AnyValues values;
    private final long nowNanos;
    private final JsonBytes scratch = new JsonBytes();

    /* Where a text of the record stands: from < 0 when it is not there. */
    private int bodyFrom;
    private int bodyTo;
    private int levelFrom;
    private int levelTo;
    private int traceFrom;
    private int traceTo;
    private int spanFrom;
    private int spanTo;
    private int nameFrom;
    private int nameTo;
    private long time;
    private long observed;
    private int severity;
    private long dropped;

    /* The text that locate() found last. */
    private byte[] text = new byte[0];
    private int from;
    private int to;

    LogRecord(ProtoReader in, Rows rows, AnyValues values, long nowNanos) {
        this.in = in;
        this.builder = rows.builder;
        this.tags = rows.tags;
        this.payload = rows.payload;
        this.values = values;
        this.nowNanos = nowNanos;
    }

    /**
     * Reads the message that the reader is in; the source is left to the caller.
     *
     * @return null, or the error of the record
     */
    @Nullable String read() {
        clear();
        fields();
        String wrong = times();
        if (wrong == null) {
            wrong = level();
        }
        if (wrong == null) {
            ids();
            body();
            if (nameFrom >= 0 && nameTo > nameFrom) {
                locate(nameFrom, nameTo);
                builder.eventName(new String(text, from, to - from, StandardCharsets.UTF_8));
            }
            if (dropped > 0) {
                scratch.clear().number(dropped);
                tags.set(DROPPED_KEY, ValueKind.NUMBER, scratch.bytes, 0, scratch.length);
            }
        }
        if (wrong == null && values.tooDeep()) {
            wrong =
                    "record: more than "
                            + Limits.DEPTH_MAX
                            + " levels of nesting (expected: at most that)";
        }
        return wrong;
    }

    private void clear() {
        bodyFrom = -1;
        levelFrom = -1;
        traceFrom = -1;
        spanFrom = -1;
        nameFrom = -1;
        time = 0;
        observed = 0;
        severity = 0;
        dropped = 0;
        values.begin();
    }

    private void fields() {
        while (in.at < in.end) {
            int tag = in.tag();
            switch (tag) {
                case TIME -> time = in.fixed64();
                case SEVERITY_NUMBER -> severity = severity(in.varint());
                case SEVERITY_TEXT -> {
                    levelTo = in.length();
                    levelFrom = in.at;
                    in.at = levelTo += levelFrom;
                }
                case BODY -> {
                    bodyTo = in.length();
                    bodyFrom = in.at;
                    in.at = bodyTo += bodyFrom;
                }
                case ATTRIBUTE -> {
                    int outer = in.enter();
                    attribute();
                    in.leave(outer);
                }
                case DROPPED -> dropped = in.varint() & 0xFFFF_FFFFL;
                case FLAGS -> {
                    int flags = in.fixed32();
                    if (flags != 0) {
                        builder.flags(flags);
                    }
                }
                case TRACE_ID -> {
                    traceTo = in.length();
                    traceFrom = in.at;
                    in.at = traceTo += traceFrom;
                }
                case SPAN_ID -> {
                    spanTo = in.length();
                    spanFrom = in.at;
                    in.at = spanTo += spanFrom;
                }
                case OBSERVED -> observed = in.fixed64();
                case EVENT_NAME -> {
                    nameTo = in.length();
                    nameFrom = in.at;
                    in.at = nameTo += nameFrom;
                }
                default -> in.skip(tag);
            }
        }
    }

    private static int severity(long number) {
        return number < 1 || number > SEVERITY_MAX ? 0 : (int) number;
    }

    /* KeyValue { key 1 | value 2 }, mostly in that order. */
    private void attribute() {
        int keyFrom = in.at;
        int keyTo = in.at;
        values.clear();
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == AnyValues.KEY) {
                int length = in.length();
                keyFrom = in.at;
                keyTo = keyFrom + length;
                in.at = keyTo;
            } else if (tag == AnyValues.VALUE) {
                int outer = in.enter();
                values.read();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        FieldTable table = values.kind == ValueKind.JSON ? payload : tags;
        set(table, table.next(in.bytes, keyFrom, keyTo), keyFrom, keyTo);
    }

    private void set(FieldTable table, FieldTable.@Nullable Field field, int keyFrom, int keyTo) {
        if (field != null) {
            table.set(field, values.kind, values.bytes, values.from, values.length);
        } else {
            String key = FieldTable.clean(in.bytes, keyFrom, keyTo);
            table.setRest(key, values.kind, values.bytes, values.from, values.length);
        }
    }

    private @Nullable String times() {
        if (time < 0 || observed < 0) {
            String name = time < 0 ? "time_unix_nano" : "observed_time_unix_nano";
            return name
                    + ": "
                    + Long.toUnsignedString(time < 0 ? time : observed)
                    + Timestamps.EXPECTED;
        }
        builder.timestampNanos(time != 0 ? time : observed != 0 ? observed : nowNanos);
        if (observed != 0) {
            builder.observedNanos(observed);
        }
        return null;
    }

    private @Nullable String level() {
        if (severity > 0) {
            builder.severityNumber(severity);
        }
        if (levelFrom < 0 || levelFrom == levelTo) {
            if (severity > 0) {
                byte[] level = LEVELS[(severity - 1) / 4];
                builder.level(level, 0, level.length);
            }
            return null;
        }
        locate(levelFrom, levelTo);
        if (to - from > Limits.LEVEL_CHARACTERS_MAX) {
            int characters = JsonText.characters(text, from, to);
            if (characters > Limits.LEVEL_CHARACTERS_MAX) {
                return "severity_text: "
                        + characters
                        + " characters (expected: at most "
                        + Limits.LEVEL_CHARACTERS_MAX
                        + ")";
            }
        }
        builder.level(text, from, to - from);
        return null;
    }

    /* Ids of another length than they should have are kept as text, so that nothing is lost. */
    private void ids() {
        if (traceFrom >= 0 && traceTo - traceFrom == 16) {
            long high = bigEndian(traceFrom);
            long low = bigEndian(traceFrom + 8);
            if ((high | low) != 0) {
                builder.traceId(high, low);
            }
        } else if (traceFrom >= 0 && traceTo > traceFrom) {
            hex("trace_id", traceFrom, traceTo);
        }
        if (spanFrom >= 0 && spanTo - spanFrom == 8) {
            long id = bigEndian(spanFrom);
            if (id != 0) {
                builder.spanId(id);
            }
        } else if (spanFrom >= 0 && spanTo > spanFrom) {
            hex("span_id", spanFrom, spanTo);
        }
    }

    private long bigEndian(int at) {
        int outerAt = in.at;
        int outerEnd = in.end;
        in.at = at;
        in.end = at + 8;
        long value = Long.reverseBytes(in.fixed64());
        in.at = outerAt;
        in.end = outerEnd;
        return value;
    }

    private void hex(String name, int idFrom, int idTo) {
        scratch.clear().hex(in.bytes, idFrom, idTo - idFrom);
        Objects.requireNonNull(builder.field(FieldSpace.EVENT, name))
                .add(builder.count(), ValueKind.STRING, scratch.bytes, 0, scratch.length);
    }

    /* A text is the message; a map's members are payload; all else is payload as body, with its text. */
    private void body() {
        if (bodyFrom < 0) {
            return;
        }
        int outerAt = in.at;
        int outerEnd = in.end;
        in.at = bodyFrom;
        in.end = bodyTo;
        if (in.at < in.end && in.bytes[in.at] == AnyValues.MAP) {
            in.at++;
            int around = in.enter();
            members();
            in.leave(around);
        } else {
            values.read();
            switch (values.kind) {
                case STRING -> builder.message(values.bytes, values.from, values.length);
                case NULL -> {}
                case NUMBER, TRUE, FALSE, JSON -> {
                    payload.set(BODY_KEY, values.kind, values.bytes, values.from, values.length);
                    message();
                }
            }
        }
        in.at = outerAt;
        in.end = outerEnd;
    }

    private void message() {
        switch (values.kind) {
            case NUMBER, JSON -> builder.message(values.bytes, values.from, values.length);
            case TRUE -> builder.message("true");
            case FALSE -> builder.message("false");
            case STRING, NULL -> {}
        }
    }

    private void members() {
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == AnyValues.ITEM) {
                int outer = in.enter();
                member();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void member() {
        int keyFrom = in.at;
        int keyTo = in.at;
        values.clear();
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == AnyValues.KEY) {
                int length = in.length();
                keyFrom = in.at;
                keyTo = keyFrom + length;
                in.at = keyTo;
            } else if (tag == AnyValues.VALUE) {
                int outer = in.enter();
                values.read();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        set(payload, payload.next(in.bytes, keyFrom, keyTo), keyFrom, keyTo);
        if (values.kind == ValueKind.STRING && isMessage(keyFrom, keyTo)) {
            builder.message(values.bytes, values.from, values.length);
        }
    }

    private boolean isMessage(int keyFrom, int keyTo) {
        int length = keyTo - keyFrom;
        return length == 7 && is("message", keyFrom) || length == 3 && is("msg", keyFrom);
    }

    private boolean is(String name, int at) {
        for (int index = 0; index < name.length(); index++) {
            if (in.bytes[at + index] != name.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private void locate(int textFrom, int textTo) {
        if (Utf8.isValid(in.bytes, textFrom, textTo)) {
            text = in.bytes;
            from = textFrom;
            to = textTo;
        } else {
            text = Utf8.repaired(in.bytes, textFrom, textTo);
            from = 0;
            to = text.length;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
