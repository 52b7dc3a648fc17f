package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts of a request of remote write 2.0, which its series name by number. For one thread. */
final class Symbols {
    /* Only what is asked for is hashed or made a text, once. */
    private static final int PROTOCOL = 3;
    private static final int BEGIN = 256;

    private final byte[] bytes;
    private final KeyHash hash;
    private final LabelPairs reader;
    private int[] from = new int[BEGIN];
    private int[] length = new int[BEGIN];
    private long[] hashes = new long[BEGIN];
    private @Nullable String[] texts = new @Nullable String[BEGIN];
    private int count;

    Symbols(byte[] bytes, long seed, LabelPairs reader) {
        this.bytes = bytes;
        this.hash = new KeyHash(seed);
        this.reader = reader;
    }

    /** Adds the text {@code bytes[at .. at + size)}. */
    void add(int at, int size) {
        if (count == Limits.SYMBOLS_MAX) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "symbols: more (expected: at most " + Limits.SYMBOLS_MAX + ")");
        }
        if (count == from.length) {
            from = Arrays.copyOf(from, count * 2);
            length = Arrays.copyOf(length, count * 2);
            hashes = Arrays.copyOf(hashes, count * 2);
            texts = Arrays.copyOf(texts, count * 2);
        }
        from[count] = at;
        length[count++] = size;
    }

    /** A hash of the text of this number; the number itself, when there is none. */
    long hash(int number) {
        if (number < 0 || number >= count) {
            return number;
        }
        long known = hashes[number];
        if (known == 0) {
            known = hash.reset(PROTOCOL).add(bytes, from[number], length[number]).high() | 1;
            hashes[number] = known;
        }
        return known;
    }

    /**
     * The text of this number.
     *
     * @throws BelfryException VALIDATION_ERROR when there is none, or it is not UTF-8
     */
    String text(int number) {
        if (number < 0 || number >= count) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "symbol: "
                            + Integer.toUnsignedString(number)
                            + " (expected: one of the request's "
                            + count
                            + ")");
        }
        String known = texts[number];
        if (known == null) {
            known = reader.text(bytes, from[number], length[number]);
            texts[number] = known;
        }
        return known;
    }
}
