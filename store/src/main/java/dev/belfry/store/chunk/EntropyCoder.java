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
    static final int STATE_BITS = 16;
    static final long STATE_MIN = 1L << STATE_BITS;

    private final SymbolCounts symbols = new SymbolCounts();
    private short[] words = new short[0];

    /* For the decoder, by slot of the table: place << 1 | sign, and frequency << 16 | slot - start. */
    private final SymbolTable table = new SymbolTable();
    private final short[] slotSymbols = new short[1 << SymbolTable.LOG_MAX];
    private final int[] slotSteps = new int[1 << SymbolTable.LOG_MAX];
    private final long[] lows = new long[SymbolTable.SYMBOLS_MAX];
    private final int[] rests = new int[SymbolTable.SYMBOLS_MAX];

    /** About how many bits {@code values[from .. end)} take. */
    long estimateBits(long[] values, int from, int end) {
        return symbols.estimateBits(values, from, end);
    }

    /** Writes {@code values[from .. end)}, of which there is at least one. */
    void write(long[] values, int from, int end, WireWriter out) {
        SymbolTable written = symbols.writeTable(values, from, end, out);
        writeStates(values, from, end, written, out);
        BitSink bits = new BitSink(out);
        for (int i = from; i < end; i++) {
            int rest = written.restBits(symbols.place(values[i]));
            if (rest > 0) {
                bits.put(Math.abs(values[i]) & (1L << rest) - 1, rest);
            }
        }
        bits.close();
    }

    private void writeStates(
            long[] values, int from, int end, SymbolTable written, WireWriter out) {
        if (words.length < end - from) {
            words = new short[Math.max(end - from, 2 * words.length)];
        }
        int at = words.length;
        long even = STATE_MIN;
        long odd = STATE_MIN;
        for (int i = end - 1; i >= from; i--) {
            int place = symbols.place(values[i]);
            long state = odd;
            odd = even;
            if (written.overflows(state, place)) {
                words[--at] = (short) state;
                state >>>= STATE_BITS;
            }
            even = written.takeUp(state, place);
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
            rests[i] = table.restBits(i);
            long low = SymbolTable.lowest(symbol, table.fineness);
            lows[i] = (symbol & 1) == 0 ? low : -low;
            wide |= rests[i] > BitPacking.NARROW_BITS_MAX;
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
                            ? BitPacking.wideBits(bytes, wordsEnd, bit, rest)
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
}
