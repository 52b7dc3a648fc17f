package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

/** The symbols of an entropy-coded column with their frequencies; reused; for one thread. */
final class SymbolTable {
    /*
     * A symbol is a sign and a class of magnitudes: with k extra bits ("fineness") there are 2^k
     * classes to a power of two, and magnitudes below 2^(k+1) have one each. What a class leaves
     * open (its "rest") follows as plain bits.
     *
     *   symbol = class × 2 + sign,   class = (rest bits << k) + (magnitude >>> rest bits)
     *
     * Frequencies have three significant bits; the most frequent symbol has what is left of the
     * sum. That costs a thousandth of a bit a value, and saves half the table.
     *
     *   table: log2 of the sum u8 | fineness u8 | bits: symbols γ | index of the most frequent + 1 γ
     *          | for each symbol: distance from the one before γ
     *          |   unless it is the most frequent: exponent 4 bits | up to two bits below the first
     */
    static final int LOG_MIN = 7;
    static final int LOG_MAX = 12;

    /* More makes no column smaller, and a reader prepares each slot. */
    private static final int LOG_WRITTEN = 10;
    static final int FINENESS_MAX = 3;
    static final int SYMBOLS_MAX = 2 * ((Long.SIZE - FINENESS_MAX << FINENESS_MAX) + 16);

    int log;
    int fineness;
    int size;
    private int most;
    final int[] symbols = new int[SYMBOLS_MAX];
    final int[] frequencies = new int[SYMBOLS_MAX];
    final int[] starts = new int[SYMBOLS_MAX];

    static int symbol(long value, int fineness) {
        long magnitude = Math.abs(value);
        int rest = Math.max(0, BitPacking.width(magnitude) - 1 - fineness);
        int kind = (rest << fineness) + (int) (magnitude >>> rest);
        return kind << 1 | (int) (value >>> 63);
    }

    /** How many bits the class of {@code symbol} leaves open. */
    static int restBits(int symbol, int fineness) {
        return Math.max(0, (symbol >> 1 >> fineness) - 1);
    }

    /** How many bits the symbol at {@code place} leaves open. */
    int restBits(int place) {
        return restBits(symbols[place], fineness);
    }

    /** The lowest magnitude of the class of {@code symbol}. */
    static long lowest(int symbol, int fineness) {
        int kind = symbol >> 1;
        int rest = restBits(symbol, fineness);
        return (long) (kind - (rest << fineness)) << rest;
    }

    /** Makes the table of {@code counts}, by symbol, which have {@code total} values in all. */
    void build(int[] counts, int total, int newFineness) {
        fineness = newFineness;
        size = 0;
        int best = 0;
        for (int symbol = 0; symbol < counts.length; symbol++) {
            if (counts[symbol] > 0) {
                symbols[size] = symbol;
                frequencies[size] = counts[symbol];
                best = counts[symbol] > frequencies[best] ? size : best;
                size++;
            }
        }
        log = Math.clamp(BitPacking.width(total), LOG_MIN, LOG_WRITTEN);
        while (1 << log < 4 * size) {
            log++;
        }
        int left = 1 << log;
        for (int i = 0; i < size; i++) {
            long scaled = ((long) frequencies[i] << log) / total;
            frequencies[i] = i == best ? 0 : rounded((int) Math.max(1, scaled));
            left -= frequencies[i];
        }
        while (left < 1) {
            left += shrink();
        }
        most = best;
        frequencies[best] = left;
        finish();
    }

    /* Many rare symbols were raised to 1: the largest of the others pays. */
    private int shrink() {
        int largest = 0;
        for (int i = 1; i < size; i++) {
            largest = frequencies[i] > frequencies[largest] ? i : largest;
        }
        int before = frequencies[largest];
        frequencies[largest] = rounded(Math.max(1, before / 2));
        return before - frequencies[largest];
    }

    private static int rounded(int frequency) {
        int below = Math.max(0, BitPacking.width(frequency) - 3);
        return frequency >> below << below;
    }

    private void finish() {
        int start = 0;
        for (int i = 0; i < size; i++) {
            starts[i] = start;
            start += frequencies[i];
        }
    }

    /** Whether a state of the encoder must give away its low bits before it takes up a symbol. */
    boolean overflows(long state, int place) {
        return state >= (long) frequencies[place] << 2 * EntropyCoder.STATE_BITS - log;
    }

    /** The state after it took up the symbol at {@code place}. */
    long takeUp(long state, int place) {
        int frequency = frequencies[place];
        /* Both fit into 32 bits: the unsigned division of ints is the quicker one. */
        int quotient = Integer.divideUnsigned((int) state, frequency);
        long left = (state & 0xFFFFFFFFL) - (long) (quotient & 0xFFFFFFFFL) * frequency;
        return ((quotient & 0xFFFFFFFFL) << log) + left + starts[place];
    }

    void write(WireWriter out) {
        out.u8(log);
        out.u8(fineness);
        BitSink bits = new BitSink(out);
        bits.putGamma(size);
        bits.putGamma(most + 1);
        int before = -1;
        for (int i = 0; i < size; i++) {
            bits.putGamma(symbols[i] - before);
            before = symbols[i];
            if (i != most) {
                int exponent = BitPacking.width(frequencies[i]) - 1;
                int kept = Math.min(2, exponent);
                bits.put(exponent, 4);
                bits.put(frequencies[i] >> exponent - kept & (1 << kept) - 1, kept);
            }
        }
        bits.close();
    }

    void read(WireReader in) {
        log = in.u8();
        fineness = in.u8();
        if (log < LOG_MIN || log > LOG_MAX || fineness > FINENESS_MAX) {
            throw in.wrong("a table of " + log + " and " + fineness, "7–12 and at most 3");
        }
        BitSource bits = new BitSource(in);
        size = bits.getGamma();
        int best = bits.getGamma() - 1;
        if (size > SYMBOLS_MAX || best >= size) {
            throw in.wrong(size + " symbols", "at most " + SYMBOLS_MAX);
        }
        int symbol = -1;
        int left = 1 << log;
        for (int i = 0; i < size; i++) {
            symbol += bits.getGamma();
            symbols[i] = symbol;
            frequencies[i] = i == best ? 0 : readFrequency(bits);
            left -= frequencies[i];
        }
        if (left < 1 || symbol >= SYMBOLS_MAX || restBits(symbol, fineness) >= Long.SIZE) {
            throw in.wrong(
                    "symbol " + symbol + ", " + left + " slots left", "a value's, at least 1");
        }
        frequencies[best] = left;
        finish();
    }

    private static int readFrequency(BitSource bits) {
        int exponent = bits.get(4);
        int kept = Math.min(2, exponent);
        return 1 << exponent | bits.get(kept) << exponent - kept;
    }
}
