package dev.belfry.receive;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Inflates request bodies with a bound: never more than the bound is held, whatever the compressed
 * bytes claim.
 */
public final class Inflation {
    /*
     * zstd allocates its window before it gives a byte. 2^23 (8 MiB) is what RFC 8878, section 3.1.1.1.2, asks
     * decoders to support at least, and what the library's levels up to 19 use.
     */
    private static final int ZSTD_WINDOW_LOG_MAX = 23;

    private static final long BELIEVED_RATIO_MAX = 100;

    private static final int CHUNK_BYTES = 64 << 10;
    private static final String EXPECTED = " (expected: gzip, zstd, deflate or identity)";

    private Inflation() {}

    /** Memory that inflating takes. */
    @FunctionalInterface
    public interface Room {
        /** All there is. */
        Room ANY = _ -> {};

        /**
         * Takes {@code bytes} more; called before they are allocated.
         *
         * @throws BelfryException when there is no room: the body is not inflated further
         */
        void take(long bytes);
    }

    /**
     * The inflated body.
     *
     * @param bytes the body as it came
     * @param encoding the request's {@code Content-Encoding}; empty is {@code identity}; {@code
     *     snappy} is its block format
     * @param maxBytes how long the inflated body may be
     * @throws BelfryException TOO_LARGE naming the bound; VALIDATION_ERROR when the encoding is
     *     unknown or the bytes are not of it or are cut
     */
    public static byte[] inflate(byte[] bytes, String encoding, int maxBytes) {
        return inflate(bytes, 0, bytes.length, encoding, maxBytes, Room.ANY);
    }

    /**
     * As above of {@code bytes[from .. from + length)}, within {@code room}.
     *
     * @throws BelfryException as above and by {@code room}
     */
    public static byte[] inflate(
            byte[] bytes, int from, int length, String encoding, int maxBytes, Room room) {
        String name = encoding.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("identity")) {
            if (length > maxBytes) {
                throw tooLarge(maxBytes);
            }
            room.take(length);
            return Arrays.copyOfRange(bytes, from, from + length);
        }
        if (name.equals("snappy")) {
            byte[] inflated =
                    Snappy.inflate(Arrays.copyOfRange(bytes, from, from + length), maxBytes);
            room.take(inflated.length);
            return inflated;
        }
        if (name.equals("zstd")) {
            byte[] whole = zstdAtOnce(bytes, from, length, maxBytes, room);
            if (whole != null) {
                return whole;
            }
        }
        long expected = name.endsWith("gzip") ? gzipSize(bytes, from, length) : 0;
        if (expected <= 0 || expected > maxBytes) {
            expected = Math.min(maxBytes, length * 8L);
        }
        try (InputStream inflated = open(new ByteArrayInputStream(bytes, from, length), name)) {
            return readAll(inflated, maxBytes, expected, room);
        } catch (IOException failure) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "body: " + failure.getMessage() + " (expected: " + name + ")",
                    failure);
        }
    }

    /*
     * One frame that says its size, as clients send it, needs no window and no growing array. A size that is out
     * of proportion is not believed: the stream then finds out by inflating.
     */
    private static byte @Nullable [] zstdAtOnce(
            byte[] bytes, int from, int length, int maxBytes, Room room) {
        long size = Zstd.getFrameContentSize(bytes, from, length);
        if (size <= 0 || size > maxBytes || size > length * BELIEVED_RATIO_MAX) {
            return null;
        }
        room.take(size);
        byte[] inflated = new byte[(int) size];
        try {
            long read = Zstd.decompressByteArray(inflated, 0, (int) size, bytes, from, length);
            if (read == size) {
                return inflated;
            }
        } catch (ZstdException _) {
            // More than one frame, or damage: the stream tells.
        }
        room.take(-size);
        return null;
    }

    /* RFC 1952, section 2.3.1: the last four bytes are the size of the last member; 0 when that cannot be. */
    private static long gzipSize(byte[] bytes, int from, int length) {
        if (length < 18) {
            return 0;
        }
        int end = from + length;
        long size =
                bytes[end - 4] & 0xFF
                        | (bytes[end - 3] & 0xFF) << 8
                        | (bytes[end - 2] & 0xFF) << 16
                        | (long) (bytes[end - 1] & 0xFF) << 24;
        return size > length * BELIEVED_RATIO_MAX ? 0 : size;
    }

    /**
     * A stream that inflates {@code input} without a bound of its own.
     *
     * @param encoding {@code gzip}, {@code zstd}, {@code deflate} or {@code identity}, in lower
     *     case
     * @throws BelfryException VALIDATION_ERROR when it is none of them
     */
    static InputStream open(InputStream input, String encoding) throws IOException {
        return switch (encoding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(input, CHUNK_BYTES);
            case "deflate" -> deflate(input);
            case "zstd" -> {
                ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(input);
                zstd.setLongMax(ZSTD_WINDOW_LOG_MAX);
                yield zstd;
            }
            case "identity" -> input;
            default ->
                    throw new BelfryException(
                            ErrorCode.VALIDATION_ERROR, "content encoding: " + encoding + EXPECTED);
        };
    }

    /* HTTP means the zlib format; some clients send raw deflate, which has no 8 (mod 16) in its first byte. */
    private static InputStream deflate(InputStream input) throws IOException {
        byte[] start = input.readNBytes(2);
        boolean zlib =
                start.length == 2
                        && (start[0] & 0x0F) == 8
                        && ((start[0] & 0xFF) << 8 | start[1] & 0xFF) % 31 == 0;
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), input);
        Inflater inflater = new Inflater(!zlib);
        return new InflaterInputStream(whole, inflater, CHUNK_BYTES) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }

    private static byte[] readAll(InputStream input, int maxBytes, long expected, Room room)
            throws IOException {
        int capacity = (int) Math.max(1_024, expected);
        room.take(capacity);
        byte[] bytes = new byte[capacity];
        int size = 0;
        while (true) {
            if (size == bytes.length) {
                /* Mostly this is the end, which one byte tells. */
                int next = input.read();
                if (next < 0) {
                    return bytes;
                }
                int larger = (int) Math.min(maxBytes + 1L, size * 2L);
                if (larger <= size) {
                    throw tooLarge(maxBytes);
                }
                room.take(larger - size);
                bytes = Arrays.copyOf(bytes, larger);
                bytes[size++] = (byte) next;
            }
            int read = input.read(bytes, size, Math.min(bytes.length - size, CHUNK_BYTES));
            if (read < 0) {
                room.take(size - bytes.length);
                return Arrays.copyOf(bytes, size);
            }
            size += read;
            if (size > maxBytes) {
                throw tooLarge(maxBytes);
            }
        }
    }

    static BelfryException tooLarge(int maxBytes) {
        return new BelfryException(
                ErrorCode.TOO_LARGE,
                "body: inflates to more than " + maxBytes + " bytes (expected: at most that)");
    }
}
