package dev.belfry.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 64 bytes of a journal file; {@code docs/formats/journal.md} draws them.
 *
 * @param baseOffset the first offset that may be in the file, also its name
 * @param precedingEnd where the offsets of the file before end: what it holds beyond was never
 *     acknowledged
 * @param ceiling no offset from here on is in the file
 * @param createdMillis epoch milliseconds
 * @param interval whether appends are answered before they are forced
 */
record FileHeader(
        long baseOffset, long precedingEnd, long ceiling, long createdMillis, boolean interval) {
    static final int SIZE_BYTES = 64;
    static final int VERSION = 1;

    /** "BFRYJRNL" in the order of the bytes. */
    static final long MAGIC = 0x4C4E524A59524642L;

    private static final String SUFFIX = ".journal";

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC);
        bytes.putShort(8, (short) VERSION);
        bytes.putShort(10, (short) SIZE_BYTES);
        bytes.putInt(12, interval ? 1 : 0);
        bytes.putLong(16, baseOffset);
        bytes.putLong(24, precedingEnd);
        bytes.putLong(32, ceiling);
        bytes.putLong(40, createdMillis);
        bytes.putInt(60, checksum(bytes));
        return bytes;
    }

    /** The header in {@code bytes[0 .. 64)}, or null when it is damaged. */
    static @Nullable FileHeader decode(Path path, ByteBuffer bytes) throws NewerFormatException {
        if (bytes.limit() < SIZE_BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(60) != checksum(bytes)) {
            return null;
        }
        int version = bytes.getShort(8) & 0xFFFF;
        if (version > VERSION) {
            throw new NewerFormatException(path, version, VERSION);
        }
        return new FileHeader(
                bytes.getLong(16),
                bytes.getLong(24),
                bytes.getLong(32),
                bytes.getLong(40),
                bytes.getInt(12) == 1);
    }

    /** The name of the file that begins at {@code baseOffset}. */
    static String name(long baseOffset) {
        return String.format(Locale.ROOT, "%020d%s", baseOffset, SUFFIX);
    }

    /** The offset in a journal file's name, or -1 when it is not the name of one. */
    static long baseOf(Path path) {
        String name = String.valueOf(path.getFileName());
        if (!name.matches("\\d{20}\\.journal")) {
            return -1;
        }
        return Long.parseLong(name, 0, 20, 10);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(60));
        return (int) crc.getValue();
    }
}
