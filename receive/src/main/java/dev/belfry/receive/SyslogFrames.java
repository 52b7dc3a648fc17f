package dev.belfry.receive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds syslog messages in the bytes of a TCP connection (RFC 6587); for one thread. */
public final class SyslogFrames {
    /*
     * Octet counting (3.4.1): LENGTH SP MESSAGE, LENGTH without a leading 0. Non-transparent framing (3.4.2): the
     * message up to a line feed or NUL. Which of them a frame has is told by its begin: digits, a blank and '<' are
     * a count. So senders may mix them. Of a frame longer than the bound its begin is a message; the rest is
     * passed over.
     */
    private static final int COUNT_DIGITS_MAX = 8;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;

    private final int messageBytesMax;
    private long skippedBytes;
    private boolean skipsLine;

    /** Frames whose messages are at most {@code messageBytesMax} long. */
    public SyslogFrames(int messageBytesMax) {
        this.messageBytesMax = messageBytesMax;
    }

    /** How many bytes a buffer must have so that there is always a frame to take. */
    public int bufferBytesMin() {
        return messageBytesMax + COUNT_DIGITS_MAX + 2;
    }

    /** Gets messages. */
    @FunctionalInterface
    public interface Sink {
        /** The message {@code data[from .. to)}. */
        void message(byte[] data, int from, int to);
    }

    /**
     * Gives the whole frames of {@code data[from .. to)} to {@code sink}; answers where to go on.
     */
    public int take(byte[] data, int from, int to, Sink sink) {
        int at = from;
        while (at < to) {
            int next =
                    skipsLine || skippedBytes > 0 ? skip(data, at, to) : frame(data, at, to, sink);
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Gives what is left when the connection has ended. */
    public void end(byte[] data, int from, int to, Sink sink) {
        if (!skipsLine && skippedBytes == 0 && from < to) {
            int count = countEnd(data, from, to);
            sink.message(data, count > 0 ? count : from, to);
        }
    }

    private int skip(byte[] data, int at, int to) {
        if (skippedBytes > 0) {
            int passed = (int) Math.min(skippedBytes, to - at);
            skippedBytes -= passed;
            return at + passed;
        }
        int end = lineEnd(data, at, to);
        skipsLine = end == to;
        return end == to ? to : end + 1;
    }

    private int frame(byte[] data, int at, int to, Sink sink) {
        byte first = data[at];
        if (first == '\n' || first == '\r' || first == 0 || first == ' ') {
            return at + 1;
        }
        if (first >= '1' && first <= '9') {
            int start = countEnd(data, at, to);
            if (start == 0) {
                return -1;
            }
            if (start > 0) {
                return counted(data, at, start, to, sink);
            }
        }
        int end = lineEnd(data, at, to);
        if (end < to) {
            sink.message(data, at, Math.min(end, at + messageBytesMax));
            return end + 1;
        }
        if (to - at < messageBytesMax) {
            return -1;
        }
        sink.message(data, at, at + messageBytesMax);
        skipsLine = true;
        return at + messageBytesMax;
    }

    private int counted(byte[] data, int at, int start, int to, Sink sink) {
        long length = 0;
        for (int digit = at; digit < start - 1; digit++) {
            length = length * 10 + data[digit] - '0';
        }
        if (length > messageBytesMax) {
            if (to - start < messageBytesMax) {
                return -1;
            }
            sink.message(data, start, start + messageBytesMax);
            skippedBytes = length - messageBytesMax;
            return start + messageBytesMax;
        }
        if (to - start < length) {
            return -1;
        }
        sink.message(data, start, start + (int) length);
        return start + (int) length;
    }

    /* Where a counted message begins; 0 when that cannot be told yet, -1 when there is no count. */
    private static int countEnd(byte[] data, int at, int to) {
        int end = at;
        while (end < to && data[end] >= '0' && data[end] <= '9') {
            if (++end - at > COUNT_DIGITS_MAX) {
                return -1;
            }
        }
        if (end == at || end < to && data[end] != ' ') {
            return -1;
        }
        if (end + 1 >= to) {
            return 0;
        }
        return data[end + 1] == '<' ? end + 1 : -1;
    }

    /* At a line feed or NUL, eight bytes at a time: as JsonScanner finds the end of a string. */
    private static int lineEnd(byte[] data, int from, int to) {
        int at = from;
        for (; at + 8 <= to; at += 8) {
            long eight = (long) LONGS.get(data, at);
            long feeds = eight ^ LINE_FEEDS;
            long stops = ((feeds - ONES) & ~feeds | (eight - ONES) & ~eight) & HIGHS;
            if (stops != 0) {
                return at + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
        }
        while (at < to && data[at] != '\n' && data[at] != 0) {
            at++;
        }
        return at;
    }
}
