package dev.belfry.receive.loki;

import dev.belfry.model.EventBatchBuilder;

/** Trace and span ids as 32 and 16 lowercase hexadecimal digits. */
final class Ids {
    private Ids() {}

    /** Sets the trace id; false when the text is none. */
    static boolean trace(EventBatchBuilder builder, byte[] text, int from, int to) {
        if (to - from != 32 || !isHex(text, from, to)) {
            return false;
        }
        long high = number(text, from);
        long low = number(text, from + 16);
        if ((high | low) == 0) {
            return false;
        }
        builder.traceId(high, low);
        return true;
    }

    /** Sets the span id; false when the text is none. */
    static boolean span(EventBatchBuilder builder, byte[] text, int from, int to) {
        if (to - from != 16 || !isHex(text, from, to)) {
            return false;
        }
        long id = number(text, from);
        if (id == 0) {
            return false;
        }
        builder.spanId(id);
        return true;
    }

    private static boolean isHex(byte[] text, int from, int to) {
        for (int at = from; at < to; at++) {
            byte next = text[at];
            if ((next < '0' || next > '9') && (next < 'a' || next > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static long number(byte[] text, int from) {
        long value = 0;
        for (int at = from; at < from + 16; at++) {
            value = value << 4 | Character.digit(text[at], 16);
        }
        return value;
    }
}
