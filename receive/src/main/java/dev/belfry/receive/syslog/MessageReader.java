package dev.belfry.receive.syslog;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.SyslogSettings;
import dev.belfry.receive.columns.FieldTable;
import dev.belfry.receive.columns.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads syslog messages into rows of a batch; for one thread. */
public final class MessageReader {
    /*
     * RFC 5424, section 6:  <PRI>VERSION SP TIMESTAMP SP HOSTNAME SP APP SP PROCID SP MSGID SP SD [SP MSG]
     * RFC 3164, section 4:  <PRI>Mmm dd hh:mm:ss HOSTNAME TAG[PID]: CONTENT
     *
     * What is of neither form is kept as text, whole or behind PRI; what begins like RFC 5424 and breaks off has
     * the tag syslog.malformed that says where.
     */
    private static final int PRI_MAX = 191;

    /* Of a usual one, with its header. */
    private static final int MESSAGE_BYTES = 200;
    private static final int SOURCE_BYTES_MAX = 255;
    private static final int TAG_BYTES_MAX = 128;
    private static final byte[][] LEVELS =
            texts("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");
    private static final byte[] SEVERITY_NUMBERS = {21, 19, 18, 17, 13, 10, 9, 5};
    private static final byte[][] FACILITIES =
            texts(
                    "kern",
                    "user",
                    "mail",
                    "daemon",
                    "auth",
                    "syslog",
                    "lpr",
                    "news",
                    "uucp",
                    "cron",
                    "authpriv",
                    "ftp",
                    "ntp",
                    "security",
                    "console",
                    "solaris-cron",
                    "local0",
                    "local1",
                    "local2",
                    "local3",
                    "local4",
                    "local5",
                    "local6",
                    "local7");

    private final SyslogSettings settings;
    private final long nowNanos;
    private final SourceRule sources;
    private final byte[] fallbackSource;
    private String peer;
    private final EventBatchBuilder builder;
    private final FieldTable tags;
    private final FieldTable payload;
    private final FieldTable.Key hostname;
    private final FieldTable.Key app;
    private final FieldTable.Key proc;
    private final FieldTable.Key messageId;
    private final FieldTable.Key facility;
    private final FieldTable.Key severity;
    private final FieldTable.Key broken;
    private final StructuredData structured;
    private final Cef cef;
    private final OldTimes times;
    private final Map<String, Boolean> allowed = new HashMap<>();
    private int malformed;

    /* Of the current message: bounds in the data, -1 where there is none. */
    private byte[] data = {};
    private int to;
    private int hostFrom;
    private int hostTo;
    private int appFrom;
    private int appTo;
    private int messageFrom;

    /** A reader; the parameters are those of {@code SyslogMessages}. */
    public MessageReader(
            SyslogSettings settings,
            long nowNanos,
            SourceRule sources,
            String peer,
            int expectedBytes) {
        this.settings = settings;
        this.nowNanos = nowNanos;
        this.sources = sources;
        this.peer = peer;
        String source = settings.source();
        fallbackSource = source == null ? new byte[0] : source.getBytes(StandardCharsets.UTF_8);
        builder =
                new EventBatchBuilder(
                        expectedBytes / MESSAGE_BYTES + 1, Long.MAX_VALUE, expectedBytes);
        tags = new FieldTable(builder, FieldSpace.TAG);
        payload = new FieldTable(builder, FieldSpace.PAYLOAD);
        hostname = tags.key("hostname");
        app = tags.key("app_name");
        proc = tags.key("proc_id");
        messageId = tags.key("msg_id");
        facility = tags.key("facility");
        severity = tags.key("severity");
        broken = tags.key("syslog.malformed");
        structured = new StructuredData(tags);
        cef = new Cef(tags, payload);
        times = new OldTimes(settings.zone(), nowNanos);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] texts(String... texts) {
        return Arrays.stream(texts).map(MessageReader::ascii).toArray(byte[][]::new);
    }

    /** How many rows there are. */
    public int count() {
        return builder.count();
    }

    /** How many of them were malformed. */
    public int malformed() {
        return malformed;
    }

    /** The batch. */
    public EventBatch build() {
        return builder.build();
    }

    /** Reads {@code bytes[from .. end)}; false when the sender may not write its source. */
    public boolean read(byte[] bytes, int from, int end) {
        int last = Math.min(end, from + settings.messageBytesMax());
        while (last > from
                && (bytes[last - 1] == '\n' || bytes[last - 1] == '\r' || bytes[last - 1] == 0)) {
            last--;
        }
        if (last == from) {
            return true;
        }
        if (Utf8.isValid(bytes, from, last)) {
            return message(bytes, from, last);
        }
        byte[] repaired = Utf8.repaired(bytes, from, last);
        return message(repaired, 0, repaired.length);
    }

    private boolean message(byte[] bytes, int from, int end) {
        data = bytes;
        to = end;
        hostFrom = -1;
        appFrom = -1;
        messageFrom = from;
        tags.begin();
        payload.begin();
        builder.timestampNanos(nowNanos);
        int at = pri(from);
        if (at < 0) {
            malformed("PRI");
        } else if (isVersion(at)) {
            modern(at);
        } else {
            messageFrom = at;
            old(at);
        }
        if (!source()) {
            builder.rollback();
            return false;
        }
        cef.read(data, messageFrom, to);
        builder.message(data, messageFrom, to - messageFrom);
        tags.finish();
        payload.finish();
        builder.commit();
        return true;
    }

    private void malformed(String where) {
        malformed++;
        byte[] text = ascii(where);
        broken.set(ValueKind.STRING, text, 0, text.length);
    }

    /* Behind PRI; at its place where there is none, -1 where it is malformed. */
    private int pri(int from) {
        if (data[from] != '<') {
            return from;
        }
        int value = 0;
        int at = from + 1;
        while (at < to && at - from <= 3 && data[at] >= '0' && data[at] <= '9') {
            value = value * 10 + data[at++] - '0';
        }
        boolean closed = at > from + 1 && at < to && data[at] == '>';
        boolean padded = data[Math.min(from + 1, to - 1)] == '0' && at > from + 2;
        if (!closed || padded || value > PRI_MAX) {
            return closed || at < to && data[at] == '>' ? -1 : from;
        }
        int number = value & 7;
        builder.level(LEVELS[number], 0, LEVELS[number].length);
        builder.severityNumber(SEVERITY_NUMBERS[number]);
        byte[] name = FACILITIES[value >> 3];
        tag(facility, name, 0, name.length);
        severity.set(ValueKind.NUMBER, new byte[] {(byte) ('0' + number)}, 0, 1);
        return at + 1;
    }

    private static void tag(FieldTable.Key key, byte[] text, int from, int end) {
        key.set(ValueKind.STRING, text, from, end - from);
    }

    /* NONZERO-DIGIT 0*2DIGIT SP, and a time or nil behind it. */
    private boolean isVersion(int at) {
        int end = at;
        while (end < to && end - at < 3 && data[end] >= '0' && data[end] <= '9') {
            end++;
        }
        boolean digits = end > at && data[at] != '0' && end + 1 < to && data[end] == ' ';
        if (!digits || at == 0 || data[at - 1] != '>') {
            return false;
        }
        byte first = data[end + 1];
        boolean date = first >= '0' && first <= '9' && end + 5 < to && data[end + 5] == '-';
        return date || first == '-';
    }

    private void modern(int from) {
        int start = from;
        int at = word(from) + 1;
        int end = word(at);
        if (!isNil(at, end)) {
            long nanos = Timestamps.tryParse(data, at, end);
            if (nanos == Timestamps.NONE) {
                messageFrom = start;
                malformed("TIMESTAMP");
                return;
            }
            builder.timestampNanos(nanos);
        }
        hostFrom = end + 1;
        hostTo = word(hostFrom);
        appFrom = hostTo + 1;
        appTo = word(appFrom);
        int procFrom = appTo + 1;
        int procEnd = word(procFrom);
        int id = procEnd + 1;
        int idEnd = word(id);
        int data5424 = idEnd + 1;
        if (data5424 >= to) {
            hostFrom = -1;
            appFrom = -1;
            messageFrom = start;
            malformed("HEADER");
            return;
        }
        header(hostname, hostFrom, hostTo);
        header(app, appFrom, appTo);
        header(proc, procFrom, procEnd);
        header(messageId, id, idEnd);
        hostFrom = isNil(hostFrom, hostTo) ? -1 : hostFrom;
        appFrom = isNil(appFrom, appTo) ? -1 : appFrom;
        int behind = data[data5424] == '-' ? data5424 + 1 : structured.end(data, data5424, to);
        if (behind < 0 || behind < to && data[behind] != ' ') {
            messageFrom = data5424;
            malformed("STRUCTURED-DATA");
            return;
        }
        if (data[data5424] != '-') {
            structured.take(data, data5424, behind);
        }
        messageFrom = Math.min(to, behind + 1);
        boolean mark =
                messageFrom + 2 < to
                        && (data[messageFrom] & 0xFF) == 0xEF
                        && (data[messageFrom + 1] & 0xFF) == 0xBB
                        && (data[messageFrom + 2] & 0xFF) == 0xBF;
        messageFrom += mark ? 3 : 0;
    }

    private void header(FieldTable.Key key, int from, int end) {
        if (!isNil(from, end)) {
            tag(key, data, from, end);
        }
    }

    private boolean isNil(int from, int end) {
        return end <= from || end == from + 1 && data[from] == '-';
    }

    /* The end of the word at from, at most the message's. */
    private int word(int from) {
        int at = Math.min(from, to);
        while (at < to && data[at] != ' ') {
            at++;
        }
        return at;
    }

    private void old(int from) {
        while (to > from + 1 && data[to - 1] == ' ') {
            to--;
        }
        int behind = times.read(data, from, to);
        if (behind < 0) {
            return;
        }
        builder.timestampNanos(times.epochNanos());
        int at = blanks(behind);
        messageFrom = at;
        int end = word(at);
        if (end == at) {
            return;
        }
        if (!isTag(at, end)) {
            hostFrom = at;
            hostTo = end;
            tag(hostname, data, at, end);
            at = blanks(end);
            messageFrom = at;
            end = word(at);
        }
        program(at, end);
    }

    private int blanks(int from) {
        int at = Math.min(from, to);
        while (at < to && data[at] == ' ') {
            at++;
        }
        return at;
    }

    /* Whether a word is a program with a colon or pid, not a host. */
    private boolean isTag(int from, int end) {
        if (data[from] == '%' || data[end - 1] == ':') {
            return true;
        }
        for (int at = from; at < end; at++) {
            if (data[at] == '[') {
                return at > from;
            }
        }
        return false;
    }

    /* TAG[PID]: CONTENT; what is no tag belongs to the content. */
    private void program(int from, int end) {
        if (end <= from
                || end - from > TAG_BYTES_MAX
                || starts(from, "CEF:")
                || starts(from, "LEEF:")) {
            return;
        }
        if (data[from] == ':' && end == from + 1) {
            messageFrom = blanks(end);
            program(messageFrom, word(messageFrom));
            return;
        }
        if (data[from] == '%') {
            int colon = data[end - 1] == ':' ? end - 1 : end;
            tag(messageId, data, from + 1, colon);
            return;
        }
        int bracket = from;
        while (bracket < end && data[bracket] != '[' && data[bracket] != ':') {
            bracket++;
        }
        if (bracket == end || bracket == from) {
            return;
        }
        int behind = bracket + 1;
        if (data[bracket] == '[') {
            int close = bracket + 1;
            while (close < end && data[close] != ']') {
                close++;
            }
            if (close == end) {
                return;
            }
            header(proc, bracket + 1, close);
            behind = close + 1 < to && data[close + 1] == ':' ? close + 2 : close + 1;
        } else if (behind < end) {
            return;
        }
        appFrom = from;
        appTo = bracket;
        tag(app, data, from, bracket);
        messageFrom = blanks(behind);
    }

    private boolean starts(int from, String text) {
        for (int at = 0; at < text.length(); at++) {
            if (from + at >= to || data[from + at] != text.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    /** The sender's address from now on. */
    public void peer(String value) {
        peer = value;
    }

    /* The program's name, else the listener's, the host's, the peer's: the first that may be written. */
    private boolean source() {
        if (appFrom >= 0 && source(data, appFrom, appTo)) {
            return true;
        }
        if (fallbackSource.length > 0) {
            return source(fallbackSource, 0, fallbackSource.length);
        }
        if (appFrom < 0 && hostFrom >= 0 && source(data, hostFrom, hostTo)) {
            return true;
        }
        byte[] address = peer.getBytes(StandardCharsets.UTF_8);
        return appFrom < 0 && source(address, 0, address.length);
    }

    private boolean source(byte[] text, int from, int end) {
        int length = Math.min(end - from, SOURCE_BYTES_MAX);
        if (length == 0) {
            return false;
        }
        if (!sources.equals(SourceRule.ANY)) {
            String name = new String(text, from, length, StandardCharsets.UTF_8);
            if (!allowed.computeIfAbsent(name, key -> sources.refusal(key) == null)) {
                return false;
            }
        }
        builder.source(text, from, length);
        return true;
    }
}
