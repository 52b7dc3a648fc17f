package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.util.Arrays;

/** Signed longs in about as few bits as their distribution has; reused; for one thread. */
final class EntropyCoder {
    /*
     * Asymmetric numeral systems in the range form (Duda 2013, arXiv:1311.2540; Giesen 2014,
     * arXiv:1402.3392): a state of 32 bits takes up a symbol by
     *   state = (state / f << log) + start + state % f
     * and gives it back from its low bits. Two states take turns, so that the processor works at
     * both. The encoder runs from the last value to the first, the decoder forwards.
     *
     *   table │ words varint │ state 0 u32 │ state 1 u32 │ words u16 … │ rests, bits
     */
    private static final int STATE_BITS = 16;
    private static final long STATE_MIN = 1L << STATE_BITS;

    private final SymbolTable table = new SymbolTable();
    private final int[] counts = new int[SymbolTable.SYMBOLS_MAX];
    private final int[] fine = new int[SymbolTable.SYMBOLS_MAX];
    private final int[] places = new int[SymbolTable.SYMBOLS_MAX];
    private short[] words = new short[0];

    /* For the decoder, by slot of the table: place << 1 | sign, and frequency << 16 | slot - start. */
    private final short[] slotSymbols = new short[1 << SymbolTable.LOG_MAX];
    private final int[] slotSteps = new int[1 << SymbolTable.LOG_MAX];
    private final long[] lows = new long[SymbolTable.SYMBOLS_MAX];
    private final int[] rests = new int[SymbolTable.SYMBOLS_MAX];

    /* Of values looked at last: their symbols at the highest fineness, each once. */
    private final int[] found = new int[SymbolTable.SYMBOLS_MAX];
    private int foundCount;
    private int bestFineness;

    /* The symbol at a lower fineness that a symbol at the highest belongs to. */
    private static final int[][] COARSE =
            new int[SymbolTable.FINENESS_MAX + 1][SymbolTable.SYMBOLS_MAX];

    private static final double[] LOGS = new double[1 << 13];

    static {
        for (int fineness = 0; fineness < COARSE.length; fineness++) {
            for (int symbol = 0; symbol < SymbolTable.SYMBOLS_MAX; symbol++) {
                long low = SymbolTable.lowest(symbol, SymbolTable.FINENESS_MAX);
                COARSE[fineness][symbol] = SymbolTable.symbol(low, fineness) & ~1 | symbol & 1;
            }
        }
        for (int i = 1; i < LOGS.length; i++) {
            LOGS[i] = Math.log(i) / Math.log(2);
        }
    }

    private static double log2(int value) {
        return value < LOGS.length ? LOGS[value] : Math.log(value) / Math.log(2);
    }

    /** About how many bits {@code values[from .. end)} take. */
    long estimateBits(long[] values, int from, int end) {
        for (int i = 0; i < foundCount; i++) {
            fine[found[i]] = 0;
        }
        foundCount = 0;
        for (int i = from; i < end; i++) {
            int symbol = SymbolTable.symbol(values[i], SymbolTable.FINENESS_MAX);
            if (fine[symbol]++ == 0) {
                found[foundCount++] = symbol;
            }
        }
        long best = Long.MAX_VALUE;
        for (int fineness = 0; fineness <= SymbolTable.FINENESS_MAX; fineness++) {
            long bits = bits(fineness, end - from);
            if (bits < best) {
                best = bits;
                bestFineness = fineness;
            }
        }
        return best;
    }

    private long bits(int fineness, int total) {
        coarsen(fineness);
        int[] coarse = COARSE[fineness];
        double logTotal = log2(total);
        double bits = 112;
        for (int i = 0; i < foundCount; i++) {
            int symbol = coarse[found[i]];
            int count = counts[symbol];
            if (count > 0) {
                int rest = SymbolTable.restBits(symbol, fineness);
                bits += 8 + count * (logTotal - log2(count) + rest);
                counts[symbol] = 0;
            }
        }
        return (long) bits;
    }

    private void coarsen(int fineness) {
        int[] coarse = COARSE[fineness];
        for (int i = 0; i < foundCount; i++) {
            counts[coarse[found[i]]] += fine[found[i]];
        }
    }

    /** Writes {@code values[from .. end)}, of which there is at least one. */
    void write(long[] values, int from, int end, WireWriter out) {
        estimateBits(values, from, end);
        coarsen(bestFineness);
        table.build(counts, end - from, bestFineness);
        table.write(out);
        for (int i = 0; i < table.size; i++) {
            counts[table.symbols[i]] = 0;
            places[table.symbols[i]] = i;
        }
        writeStates(values, from, end, out);
        BitSink bits = new BitSink(out);
        for (int i = from; i < end; i++) {
            int symbol = SymbolTable.symbol(values[i], bestFineness);
            int rest = SymbolTable.restBits(symbol, bestFineness);
            if (rest > 0) {
                bits.put(Math.abs(values[i]) & (1L << rest) - 1, rest);
            }
        }
        bits.close();
    }

    private void writeStates(long[] values, int from, int end, WireWriter out) {
        if (words.length < end - from) {
            words = new short[Math.max(end - from, 2 * words.length)];
        }
        int log = table.log;
        int at = words.length;
        long even = STATE_MIN;
        long odd = STATE_MIN;
        for (int i = end - 1; i >= from; i--) {
            int place = places[SymbolTable.symbol(values[i], table.fineness)];
            int frequency = table.frequencies[place];
            long state = odd;
            odd = even;
            if (state >= (long) frequency << 2 * STATE_BITS - log) {
                words[--at] = (short) state;
                state >>>= STATE_BITS;
            }
            /* Both fit into 32 bits: the unsigned division of ints is the quicker one. */
            int quotient = Integer.divideUnsigned((int) state, frequency);
            long left = (state & 0xFFFFFFFFL) - (long) (quotient & 0xFFFFFFFFL) * frequency;
            even = ((quotient & 0xFFFFFFFFL) << log) + left + table.starts[place];
        }
        int size = words.length - at;
        out.varint(size);
        out.i32((int) even);
        out.i32((int) odd);
        for (; at < words.length; at++) {
            out.u8(words[at]);
            out.u8(words[at] >> Byte.SIZE);
        }
    }

    /**
     * Reads into {@code values[from .. end)}; the array has {@link BitPacking#SLACK_BYTES} more.
     */
    void read(WireReader in, long[] values, int from, int end) {
        table.read(in);
        boolean wide = prepare();
        int size = in.count("words", end - from);
        long even = in.i32() & 0xFFFFFFFFL;
        long odd = in.i32() & 0xFFFFFFFFL;
        int at = in.skip(2L * size);
        int bitsFrom = in.skip(0);
        long used = decode(in.array(), at, bitsFrom, even, odd, values, from, end, wide);
        if (used < 0) {
            throw in.wrong("words that end too early or late", "as many as values took");
        }
        in.skip(used);
    }

    private boolean prepare() {
        boolean wide = false;
        for (int i = 0; i < table.size; i++) {
            int symbol = table.symbols[i];
            rests[i] = SymbolTable.restBits(symbol, table.fineness);
            long low = SymbolTable.lowest(symbol, table.fineness);
            lows[i] = (symbol & 1) == 0 ? low : -low;
            wide |= rests[i] > 57;
            int start = table.starts[i];
            int frequency = table.frequencies[i];
            Arrays.fill(slotSymbols, start, start + frequency, (short) (i << 1 | symbol & 1));
            int step = frequency << 16;
            for (int slot = start; slot < start + frequency; slot++) {
                slotSteps[slot] = step++;
            }
        }
        return wide;
    }

    /* The size of the rests in bytes, or -1 when the words are not those of so many values. */
    private long decode(
            byte[] bytes,
            int wordsFrom,
            int wordsEnd,
            long firstState,
            long secondState,
            long[] values,
            int from,
            int end,
            boolean wide) {
        // Nothing here depends on a value but by arithmetic: what branches would guess is random.
        int log = table.log;
        int mask = (1 << log) - 1;
        int at = wordsFrom;
        long state = firstState;
        long next = secondState;
        long bit = 0;
        long bitsMax = (long) (bytes.length - BitPacking.SLACK_BYTES - wordsEnd) << 3;
        for (int i = from; i < end; i++) {
            int slot = (int) state & mask;
            int step = slotSteps[slot];
            int symbol = slotSymbols[slot];
            state = (step >>> 16) * (state >>> log) + (step & 0xFFFF);
            int taken = (int) (state - STATE_MIN >>> 63);
            long word = bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
            state = state << (taken << 4) | word & -taken;
            at += taken << 1;
            if (at > wordsEnd || bit > bitsMax) {
                return -1;
            }
            long swap = state;
            state = next;
            next = swap;
            int place = symbol >> 1;
            int rest = rests[place];
            long more =
                    wide
                            ? wideBits(bytes, wordsEnd, bit, rest)
                            : (long) BitPacking.LONGS.get(bytes, wordsEnd + (int) (bit >>> 3))
                                            >>> (bit & 7)
                                    & (1L << rest) - 1;
            long sign = -(symbol & 1);
            values[i] = lows[place] + (more ^ sign) - sign;
            bit += rest;
        }
        boolean whole = at == wordsEnd && state == STATE_MIN && next == STATE_MIN;
        return whole ? bit + 7 >> 3 : -1;
    }

    private static long wideBits(byte[] bytes, int from, long bit, int width) {
        if (width == 0) {
            return 0;
        }
        int place = from + (int) (bit >>> 3);
        int shift = (int) bit & 7;
        long word = (long) BitPacking.LONGS.get(bytes, place) >>> shift;
        if (width + shift > Long.SIZE) {
            word |= (long) bytes[place + 8] << Long.SIZE - shift;
        }
        return word & -1L >>> Long.SIZE - width;
    }
}
