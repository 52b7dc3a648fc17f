package dev.belfry.server.scrape;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The bytes of an answer as they come, and inflated; for one answer after the other. */
final class AnswerRoom implements Connection.Room, AutoCloseable {
    /* RFC 1952: one member after the other, each a head, deflated bytes, their CRC and their length. */
    private static final int FIRST_BYTES = 64 << 10;
    private static final int HEAD_BYTES = 10;
    private static final int TAIL_BYTES = 8;
    private static final int HAS_CHECK = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private byte[] sent = new byte[FIRST_BYTES];
    private byte[] inflated = new byte[FIRST_BYTES];
    private int length;

    @Override
    public byte[] sent(int kept, int size) {
        if (size > sent.length) {
            byte[] larger = new byte[Math.max(size, (int) Math.min(2L * sent.length, 1 << 30))];
            System.arraycopy(sent, 0, larger, 0, kept);
            sent = larger;
        }
        return sent;
    }

    /** The bytes as they came. */
    byte[] sent() {
        return sent;
    }

    /** The bytes that {@link #inflate} gave. */
    byte[] inflated() {
        return inflated;
    }

    /** Whether it is small enough to be kept for other answers. */
    boolean isSmall() {
        return sent.length + inflated.length <= Limits.ROOM_BYTES_MAX;
    }

    /**
     * Inflates the first {@code count} bytes that came, which are gzip.
     *
     * @return how many bytes they are
     * @throws IOException when they are none, or more than {@code bytesMax}
     */
    int inflate(int count, long bytesMax) throws IOException {
        length = 0;
        int at = 0;
        do {
            at = member(at, count, bytesMax);
        } while (at < count);
        return length;
    }

    private int member(int from, int count, long bytesMax) throws IOException {
        int start = length;
        int at = head(from, count);
        inflater.reset();
        inflater.setInput(sent, at, count - at);
        try {
            while (!inflater.finished()) {
                if (length == inflated.length) {
                    inflated = Arrays.copyOf(inflated, 2 * length);
                }
                int more = inflater.inflate(inflated, length, inflated.length - length);
                length += more;
                if (length > bytesMax) {
                    throw new IOException(
                            "body: more than " + bytesMax + " bytes (expected: less)");
                }
                if (more == 0 && !inflater.finished()) {
                    throw none("its end");
                }
            }
        } catch (DataFormatException e) {
            throw new IOException("gzip: " + e.getMessage() + " (expected: deflated bytes)", e);
        }
        int tail = at + (int) inflater.getBytesRead();
        if (count - tail < TAIL_BYTES) {
            throw none("its end");
        }
        check.reset();
        check.update(inflated, start, length - start);
        if (number(tail) != (int) check.getValue() || number(tail + 4) != length - start) {
            throw none("the bytes that its check is of");
        }
        return tail + TAIL_BYTES;
    }

    private int head(int from, int count) throws IOException {
        boolean known =
                count - from > HEAD_BYTES + TAIL_BYTES
                        && sent[from] == 0x1F
                        && sent[from + 1] == (byte) 0x8B
                        && sent[from + 2] == 8;
        if (!known) {
            throw none("a head");
        }
        int flags = sent[from + 3];
        int at = from + HEAD_BYTES;
        if ((flags & HAS_EXTRA) != 0) {
            at += 2 + (sent[at] & 0xFF | (sent[at + 1] & 0xFF) << 8);
        }
        for (int flag = HAS_NAME; flag <= HAS_COMMENT; flag <<= 1) {
            while ((flags & flag) != 0 && at < count && sent[at] != 0) {
                at++;
            }
            at += (flags & flag) != 0 ? 1 : 0;
        }
        at += (flags & HAS_CHECK) != 0 ? 2 : 0;
        if (at >= count) {
            throw none("deflated bytes behind its head");
        }
        return at;
    }

    private int number(int at) {
        return sent[at] & 0xFF
                | (sent[at + 1] & 0xFF) << 8
                | (sent[at + 2] & 0xFF) << 16
                | sent[at + 3] << 24;
    }

    private static IOException none(String expected) {
        return new IOException("gzip: is wrong (expected: " + expected + ")");
    }

    @Override
    public void close() {
        inflater.end();
    }
}
