package dev.belfry.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a frame's body; {@code docs/formats/journal.md} draws it.
 *
 * @param headerBytes its length in the file
 * @param stream number of the stream
 * @param codec number of the codec
 * @param bodyBytes length of the body, decompressed
 * @param storedBytes length of the body in the file
 * @param durableEnd the offset after the last durable record when it was written
 */
record FrameHeader(
        int headerBytes,
        int tenant,
        int stream,
        int kind,
        int schemaVersion,
        int codec,
        int partition,
        int count,
        long baseOffset,
        long receivedMillis,
        long durableEnd,
        int bodyBytes,
        int storedBytes,
        String principal,
        @Nullable Idempotency idempotency) {
    static final int VERSION = 1;
    static final int FIXED_BYTES = 96;
    static final int HEADER_BYTES_MAX = FIXED_BYTES + Limits.PRINCIPAL_BYTES_MAX + 8;

    /** Eight bytes that no UTF-8 text holds: F5 B1 FF 'B' 'F' FE C0 AE. */
    static final long MAGIC = 0xAEC0FE4642FFB1F5L;

    private static final int CHECKSUM_BYTES = 4;

    /** The frame's length in the file: header, body, its checksum, zeros up to 8. */
    long frameBytes() {
        return frameBytes(headerBytes, storedBytes);
    }

    static long frameBytes(int headerBytes, int storedBytes) {
        return align(headerBytes + (long) storedBytes + CHECKSUM_BYTES);
    }

    static int headerBytes(int principalBytes) {
        return (int) align(FIXED_BYTES + principalBytes + CHECKSUM_BYTES);
    }

    long endOffset() {
        return baseOffset + count;
    }

    static long align(long position) {
        return position + 7 & ~7L;
    }

    /** Writes the header at {@code target}'s position, which moves behind it. */
    static void encode(
            ByteBuffer target,
            PendingAppend append,
            long baseOffset,
            long receivedMillis,
            long durableEnd) {
        Append request = append.request();
        byte[] principal = append.principal();
        int start = target.position();
        int length = headerBytes(principal.length);
        Idempotency key = request.idempotency();
        target.putLong(MAGIC);
        target.putShort((short) VERSION).putShort((short) length);
        target.putInt(0);
        target.putShort((short) request.stream().number()).putShort((short) request.kind());
        target.putShort((short) request.schemaVersion());
        target.put((byte) append.codec().number()).put((byte) (key == null ? 0 : 1));
        target.putShort((short) 0).putShort((short) principal.length);
        target.putInt(request.count());
        target.putLong(baseOffset).putLong(receivedMillis).putLong(durableEnd);
        target.putInt(request.bodyLength()).putInt(append.storedLength());
        target.putLong(key == null ? 0 : key.keyHashHigh());
        target.putLong(key == null ? 0 : key.keyHashLow());
        target.putLong(key == null ? 0 : key.bodyHashHigh());
        target.putLong(key == null ? 0 : key.bodyHashLow());
        target.put(principal);
        while (target.position() < start + length - CHECKSUM_BYTES) {
            target.put((byte) 0);
        }
        target.putInt(checksum(target, start, length - CHECKSUM_BYTES));
    }

    /**
     * The header at {@code at}, or null when there is no whole and sound one up to the buffer's
     * limit.
     */
    static @Nullable FrameHeader decode(ByteBuffer bytes, int at) {
        int room = bytes.limit() - at;
        if (room < FIXED_BYTES + 8 || bytes.getLong(at) != MAGIC) {
            return null;
        }
        int length = bytes.getShort(at + 10) & 0xFFFF;
        int principalLength = bytes.getShort(at + 26) & 0xFFFF;
        if (bytes.getShort(at + 8) != VERSION
                || length != headerBytes(principalLength)
                || length > room
                || bytes.getInt(at + length - CHECKSUM_BYTES)
                        != checksum(bytes, at, length - CHECKSUM_BYTES)) {
            return null;
        }
        byte[] principal = new byte[principalLength];
        bytes.get(at + FIXED_BYTES, principal);
        boolean hasKey = (bytes.get(at + 23) & 1) != 0;
        FrameHeader header =
                new FrameHeader(
                        length,
                        bytes.getInt(at + 12),
                        bytes.getShort(at + 16) & 0xFFFF,
                        bytes.getShort(at + 18) & 0xFFFF,
                        bytes.getShort(at + 20) & 0xFFFF,
                        bytes.get(at + 22) & 0xFF,
                        bytes.getShort(at + 24) & 0xFFFF,
                        bytes.getInt(at + 28),
                        bytes.getLong(at + 32),
                        bytes.getLong(at + 40),
                        bytes.getLong(at + 48),
                        bytes.getInt(at + 56),
                        bytes.getInt(at + 60),
                        new String(principal, StandardCharsets.UTF_8),
                        hasKey ? key(bytes, at + 64) : null);
        return header.isPlausible() ? header : null;
    }

    private static Idempotency key(ByteBuffer bytes, int at) {
        return new Idempotency(
                bytes.getLong(at),
                bytes.getLong(at + 8),
                bytes.getLong(at + 16),
                bytes.getLong(at + 24));
    }

    private boolean isPlausible() {
        return count > 0
                && Codec.isKnown(codec)
                && baseOffset >= 0
                && bodyBytes >= 0
                && storedBytes >= 0
                && bodyBytes <= Limits.BODY_BYTES_MAX
                && storedBytes <= Limits.BODY_BYTES_MAX + (Limits.BODY_BYTES_MAX >>> 4);
    }

    static int checksum(ByteBuffer bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(at + length).position(at));
        return (int) crc.getValue();
    }
}
