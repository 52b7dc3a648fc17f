package dev.belfry.journal;

import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks a file's frames from one position on; for one thread. Where there is no sound frame it
 * looks for the next one, which begins with the magic on an 8-byte boundary.
 */
final class FrameScanner {
    private static final int WINDOW_BYTES = 64 << 10;
    private static final int SMALL_WINDOW_BYTES = 4 << 10;

    /** What stands at a position. */
    sealed interface Item {
        /** Where it begins. */
        long position();

        /** A sound frame. */
        record Sound(long position, FrameHeader header) implements Item {}

        /** Bytes up to {@code end}, exclusive, that are no sound frame. */
        record Bad(long position, long end, String reason) implements Item {}
    }

    private final DiskFile file;
    private final Predicate<FrameHeader> verified;
    private final boolean keepsBodies;
    private final ByteBuffer window =
            ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long windowStart;
    private long position;
    private byte @Nullable [] body;

    /* Bodies that are only checked. */
    private byte[] checked = new byte[0];
    private boolean large;

    /** Begins at {@code start}; with {@code verifyBodies} a frame is sound only with its body. */
    FrameScanner(DiskFile file, long start, boolean verifyBodies) {
        this(file, start, _ -> verifyBodies, false);
    }

    /**
     * Begins at {@code start}; a frame that is {@code verified} is sound only with its body, which
     * {@link #storedBody} gives.
     */
    FrameScanner(DiskFile file, long start, Predicate<FrameHeader> verified) {
        this(file, start, verified, true);
    }

    private FrameScanner(
            DiskFile file, long start, Predicate<FrameHeader> verified, boolean keepsBodies) {
        this.file = file;
        this.verified = verified;
        this.keepsBodies = keepsBodies;
        this.position = start;
        window.limit(0);
    }

    /** Where the next item begins. */
    long position() {
        return position;
    }

    /**
     * The item at {@link #position()}, which moves behind it; null at {@code end}.
     *
     * @param end the bytes of the file that may be looked at
     * @param expectedOffset a frame with an older offset is not sound
     */
    @Nullable Item next(long end, long expectedOffset) throws IOException {
        if (position >= end) {
            return null;
        }
        long start = position;
        FrameHeader header = soundAt(start, end, expectedOffset);
        if (header != null) {
            position = start + header.frameBytes();
            large =
                    header.frameBytes()
                            > (verified.test(header) ? WINDOW_BYTES : SMALL_WINDOW_BYTES);
            return new Item.Sound(start, header);
        }
        String reason = reasonAt(start, end);
        large = false;
        long at = start + 8;
        while (at < end && soundAt(at, end, expectedOffset) == null) {
            at = nextMagic(at + 8, end);
        }
        position = Math.min(at, end);
        return new Item.Bad(start, position, reason);
    }

    /** The stored body of the frame that {@link #next} returned last; which is verified. */
    byte[] storedBody() {
        byte[] last = body;
        if (last == null) {
            throw new IllegalStateException("BUG: no body was read");
        }
        return last;
    }

    /** Goes on at {@code newPosition}. */
    void seek(long newPosition) {
        position = newPosition;
    }

    private @Nullable FrameHeader soundAt(long at, long end, long expectedOffset)
            throws IOException {
        fill(at, FrameHeader.HEADER_BYTES_MAX, end);
        FrameHeader header = FrameHeader.decode(window, (int) (at - windowStart));
        if (header == null
                || header.baseOffset() < expectedOffset
                || at + header.frameBytes() > end) {
            return null;
        }
        if (verified.test(header) && !bodyIsSound(at, header)) {
            return null;
        }
        return header;
    }

    private boolean bodyIsSound(long at, FrameHeader header) throws IOException {
        int stored = header.storedBytes();
        byte[] bytes = keepsBodies ? new byte[stored] : room(stored);
        ByteBuffer checksum = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        long from = at + header.headerBytes();
        int buffered = (int) (from - windowStart);
        if (buffered + stored + 4 <= window.limit()) {
            window.get(buffered, bytes, 0, stored);
            checksum.putInt(0, window.getInt(buffered + stored));
        } else if (file.read(ByteBuffer.wrap(bytes, 0, stored), from) < stored
                || file.read(checksum, from + stored) < 4) {
            return false;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, stored);
        body = keepsBodies ? bytes : null;
        return (int) crc.getValue() == checksum.getInt(0);
    }

    private byte[] room(int size) {
        if (checked.length < size) {
            checked = new byte[Math.max(size, 2 * checked.length)];
        }
        return checked;
    }

    private String reasonAt(long at, long end) throws IOException {
        fill(at, FrameHeader.HEADER_BYTES_MAX, end);
        int index = (int) (at - windowStart);
        if (window.limit() - index < FrameHeader.FIXED_BYTES + 8) {
            return "the file ends within a frame's header";
        }
        if (window.getLong(index) != FrameHeader.MAGIC) {
            return "no frame begins here";
        }
        FrameHeader header = FrameHeader.decode(window, index);
        if (header == null) {
            return "the frame's header does not match its checksum";
        }
        if (at + header.frameBytes() > end) {
            return "the file ends within a frame's body";
        }
        return verified.test(header) && !bodyIsSound(at, header)
                ? "the frame's body does not match its checksum"
                : "the frame's offset is older than those before it";
    }

    /** The first position from {@code from} on that holds the magic, or {@code end}. */
    private long nextMagic(long from, long end) throws IOException {
        for (long at = from; at + 8 <= end; at += 8) {
            fill(at, 8, end);
            int index = (int) (at - windowStart);
            if (window.limit() < index + 8) {
                return end; // A file that is shorter than it was.
            }
            if (window.getLong(index) == FrameHeader.MAGIC) {
                return at;
            }
        }
        return end;
    }

    /** Makes the window hold {@code count} bytes from {@code at} on, or those up to the end. */
    private void fill(long at, int count, long end) throws IOException {
        long needed = Math.min(end, at + count);
        if (at >= windowStart && needed <= windowStart + window.limit()) {
            return;
        }
        /* Behind a large frame there is likely another one, of which only the header is wanted. */
        int size = large && count <= SMALL_WINDOW_BYTES ? SMALL_WINDOW_BYTES : WINDOW_BYTES;
        window.clear().limit((int) Math.min(size, end - at));
        windowStart = at;
        file.read(window, at);
        window.flip();
    }
}
