package dev.belfry.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Looks over the heads of one connection's requests of HTTP/1, as they come; for one event loop.
 */
final class Heads implements ByteProcessor {
    /*
     *   head ──empty line──┬─ a length: so many bytes are passed ──► head
     *                      ├─ a coding: nothing is looked at until ended() ──► head
     *                      └─ neither ──► head
     *
     * RFC 9112, section 6.1: a request with a length beside its chunks may be an attempt at smuggling; a server may
     * refuse it, and must end the connection. Netty drops the length before anybody sees it, so that only the bytes
     * tell.
     */
    private static final byte[] LENGTH = "content-length".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CODING = "transfer-encoding".getBytes(StandardCharsets.US_ASCII);

    /** How a connection of HTTP/2 begins. */
    private static final byte[] PREFACE = "pri * http/2".getBytes(StandardCharsets.US_ASCII);

    /** A head of this size without an end is refused by who parses it. */
    private static final int HEAD_BYTES_MAX = 128 << 10;

    private final byte[] name = new byte[CODING.length + 1];
    private int nameLength;
    private boolean named;
    private boolean inLength;
    private int size;
    private long bodyBytes;
    private boolean length;
    private boolean coding;
    private boolean chunked;
    private boolean blind;
    private boolean both;

    /** The chunks of a request are read to their end. */
    void ended() {
        chunked = false;
    }

    /** Whether a head has begun and not ended. */
    boolean isInHead() {
        return size > 0 && !chunked && !blind;
    }

    /** Whether a head had both a length and a coding. */
    boolean hadBoth() {
        return both;
    }

    /** Takes what came; leaves it unread. */
    void take(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end && !chunked && !blind) {
            if (bodyBytes > 0) {
                int passed = (int) Math.min(bodyBytes, end - at);
                bodyBytes -= passed;
                at += passed;
            } else {
                int last = bytes.forEachByte(at, end - at, this);
                at = last < 0 ? end : last + 1;
            }
        }
    }

    @Override
    public boolean process(byte value) {
        if (++size > HEAD_BYTES_MAX) {
            blind = true;
            return false;
        }
        if (value == '\n') {
            return endOfLine();
        }
        if (named) {
            if (inLength && value >= '0' && value <= '9' && bodyBytes < Long.MAX_VALUE / 20) {
                bodyBytes = bodyBytes * 10 + value - '0';
            }
        } else if (value == ':') {
            named = true;
            inLength = isName(LENGTH);
            length |= inLength;
            bodyBytes = inLength ? 0 : bodyBytes;
            coding |= isName(CODING);
        } else if (value != '\r') {
            if (nameLength < name.length) {
                name[nameLength] = (byte) (value >= 'A' && value <= 'Z' ? value | 0x20 : value);
            }
            nameLength++;
        }
        return true;
    }

    /* Whether the head goes on. */
    private boolean endOfLine() {
        boolean empty = nameLength == 0 && !named && size > 2;
        blind |=
                nameLength >= PREFACE.length
                        && Arrays.equals(name, 0, PREFACE.length, PREFACE, 0, PREFACE.length);
        nameLength = 0;
        named = false;
        inLength = false;
        if (!empty) {
            return !blind;
        }
        both |= length && coding;
        chunked = coding;
        bodyBytes = coding ? 0 : bodyBytes;
        length = false;
        coding = false;
        size = 0;
        return false;
    }

    private boolean isName(byte[] wanted) {
        return nameLength == wanted.length
                && Arrays.equals(name, 0, nameLength, wanted, 0, nameLength);
    }
}
