package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Signed longs as {@link EntropyCoder} has them, in segments, each of which can be read alone;
 * reused; for one thread.
 */
final class SegmentCoder {
    /*
     *   table │ longs: bytes of each segment │ segments
     *   segment: state u32 │ rests, bits │ words u16 …, of which the last one is read first
     *
     * All have one table, each has a state of its own. Two are read at a time, so that the
     * processor works at both; when one is done, the next one takes its place. The rest of a
     * negative value is turned over, so that a value is the lowest one of its class and the rest.
     */
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STATE_BYTES = Integer.BYTES;

    private final SymbolCounts symbols = new SymbolCounts();
    private final SymbolTable table = new SymbolTable();
    private final WireWriter segmentBytes = new WireWriter(1 << 10);
    private final Lane first = new Lane();
    private final Lane second = new Lane();

    /* For the decoder, by slot of the table: frequency << 48 | slot - start << 32 | place << 6 | bits of the rest. */
    private final long[] slots = new long[1 << SymbolTable.LOG_MAX];
    private final long[] lowest = new long[SymbolTable.SYMBOLS_MAX];
    private boolean wide;

    private short[] words = new short[0];
    private long[] sizes = new long[0];
    private int[] places = new int[0];
    private byte[] bytes = {};

    /* How far a segment is read. */
    private static final class Lane {
        int state;
        int word;
        int bit;
        int at;
        int left;
        boolean whole;

        /* After `count` values, the last one of which may be the last that is wanted. */
        void move(int newState, int newWord, int newBit, int count) {
            state = newState;
            word = newWord;
            bit = newBit;
            at += count;
            left -= count;
            if (left > 0) {
                return;
            }
            int restsEnd = bit + 7 >> 3;
            int wordsFrom = word + Short.BYTES;
            boolean ends = restsEnd == wordsFrom && state == EntropyCoder.STATE_MIN;
            if (whole ? !ends : restsEnd > wordsFrom) {
                throw new WireFormatException(
                        restsEnd,
                        "a segment that ends too early or late",
                        "as many bits as its values took");
            }
        }
    }

    /** About how many bits {@code values[0 .. count)} take, without what segments add. */
    long estimateBits(long[] values, int count) {
        return symbols.estimateBits(values, 0, count);
    }

    /**
     * Writes {@code values[0 .. ends[segments − 1])}, of which there is at least one.
     *
     * @param ends where each segment ends
     * @param lengths what the sizes of segments are written with
     */
    void write(long[] values, int[] ends, int segments, LongColumn lengths, WireWriter out) {
        SymbolTable written = symbols.writeTable(values, 0, ends[segments - 1], out);
        room(segments);
        segmentBytes.clear();
        int from = 0;
        for (int i = 0; i < segments; i++) {
            int start = segmentBytes.size();
            writeSegment(values, from, ends[i], written);
            sizes[i] = segmentBytes.size() - start;
            from = ends[i];
        }
        lengths.write(sizes, segments, out);
        out.bytes(segmentBytes.array(), 0, segmentBytes.size());
    }

    private void writeSegment(long[] values, int from, int end, SymbolTable written) {
        if (words.length < end - from) {
            words = new short[end - from];
        }
        int size = 0;
        long state = EntropyCoder.STATE_MIN;
        for (int i = end - 1; i >= from; i--) {
            int place = symbols.place(values[i]);
            if (written.overflows(state, place)) {
                words[size++] = (short) state;
                state >>>= EntropyCoder.STATE_BITS;
            }
            state = written.takeUp(state, place);
        }
        segmentBytes.i32((int) state);
        BitSink bits = new BitSink(segmentBytes);
        for (int i = from; i < end; i++) {
            int rest = written.restBits(symbols.place(values[i]));
            long magnitude = Math.abs(values[i]);
            bits.put((values[i] < 0 ? ~magnitude : magnitude) & (1L << rest) - 1, rest);
        }
        bits.close();
        for (int i = 0; i < size; i++) {
            segmentBytes.u8(words[i]);
            segmentBytes.u8(words[i] >> Byte.SIZE);
        }
    }

    private void room(int segments) {
        if (sizes.length < segments) {
            sizes = new long[segments];
            places = new int[segments + 1];
        }
    }

    /**
     * Reads the table and finds {@code segments}, whose bytes it moves over; the reader's array has
     * slack behind its end, and is read by {@link #read} until the next call.
     */
    void open(WireReader in, int segments, LongColumn lengths) {
        table.read(in);
        prepare();
        room(segments);
        lengths.read(in, sizes, segments);
        for (int i = 0; i < segments; i++) {
            if (sizes[i] < STATE_BYTES || sizes[i] > in.remaining()) {
                throw in.wrong("a segment of " + sizes[i] + " bytes", "4–" + in.remaining());
            }
            places[i] = in.skip(sizes[i]);
        }
        places[segments] = in.skip(0);
        bytes = in.array();
        first.left = 0;
        second.left = 0;
    }

    private void prepare() {
        wide = false;
        for (int i = 0; i < table.size; i++) {
            int symbol = table.symbols[i];
            int rest = table.restBits(i);
            long low = SymbolTable.lowest(symbol, table.fineness);
            lowest[i] = (symbol & 1) == 0 ? low : 1 - (1L << rest) - low;
            wide |= rest > BitPacking.NARROW_BITS_MAX;
            int frequency = table.frequencies[i];
            long slot = (long) frequency << 48 | i << 6 | rest;
            int start = table.starts[i];
            for (int at = start; at < start + frequency; at++) {
                slots[at] = slot;
                slot += 1L << 32;
            }
        }
    }

    /**
     * Puts the first {@code count} values of a segment, at least 1, into {@code values} from {@code
     * at} on, by the time of {@link #end}.
     *
     * @param whole whether it has no more
     */
    void read(int segment, int at, int count, boolean whole, long[] values) {
        Lane lane = first.left == 0 ? first : second;
        lane.state = (int) (long) BitPacking.LONGS.get(bytes, places[segment]);
        lane.bit = places[segment] + STATE_BYTES << 3;
        lane.word = places[segment + 1] - Short.BYTES;
        lane.at = at;
        lane.left = count;
        lane.whole = whole;
        if (wide) {
            decode(lane, values);
        } else if (first.left > 0 && second.left > 0) {
            decodeBoth(values, Math.min(first.left, second.left));
        }
    }

    /** Reads what is left of segments that waited for others. */
    void end(long[] values) {
        Lane lane = first.left > 0 ? first : second;
        if (lane.left > 0) {
            decode(lane, values);
        }
    }

    private void decodeBoth(long[] values, int count) {
        // Nothing here depends on a value but by arithmetic: what branches would guess is random.
        int log = table.log;
        int mask = (1 << log) - 1;
        byte[] in = bytes;
        int state0 = first.state;
        int word0 = first.word;
        int bit0 = first.bit;
        int state1 = second.state;
        int word1 = second.word;
        int bit1 = second.bit;
        int from = first.at;
        int apart = second.at - from;
        for (int i = from; i < from + count; i++) {
            long slot = slots[state0 & mask];
            state0 = (int) (slot >>> 48) * (state0 >>> log) + ((int) (slot >>> 32) & 0xFFFF);
            int taken = (state0 >>> 16) - 1 >> 31;
            state0 = state0 << (taken & 16) | (short) SHORTS.get(in, word0) & 0xFFFF & taken;
            word0 += taken << 1;
            int rest = (int) slot & 63;
            values[i] =
                    lowest[(int) slot >>> 6 & 0x3FF]
                            + ((long) BitPacking.LONGS.get(in, bit0 >>> 3) >>> (bit0 & 7)
                                    & (1L << rest) - 1);
            bit0 += rest;

            slot = slots[state1 & mask];
            state1 = (int) (slot >>> 48) * (state1 >>> log) + ((int) (slot >>> 32) & 0xFFFF);
            taken = (state1 >>> 16) - 1 >> 31;
            state1 = state1 << (taken & 16) | (short) SHORTS.get(in, word1) & 0xFFFF & taken;
            word1 += taken << 1;
            rest = (int) slot & 63;
            values[i + apart] =
                    lowest[(int) slot >>> 6 & 0x3FF]
                            + ((long) BitPacking.LONGS.get(in, bit1 >>> 3) >>> (bit1 & 7)
                                    & (1L << rest) - 1);
            bit1 += rest;
        }
        first.move(state0, word0, bit0, count);
        second.move(state1, word1, bit1, count);
    }

    private void decode(Lane lane, long[] values) {
        int log = table.log;
        int mask = (1 << log) - 1;
        byte[] in = bytes;
        int state = lane.state;
        int word = lane.word;
        int bit = lane.bit;
        for (int i = lane.at; i < lane.at + lane.left; i++) {
            long slot = slots[state & mask];
            state = (int) (slot >>> 48) * (state >>> log) + ((int) (slot >>> 32) & 0xFFFF);
            int taken = (state >>> 16) - 1 >> 31;
            state = state << (taken & 16) | (short) SHORTS.get(in, word) & 0xFFFF & taken;
            word += taken << 1;
            int rest = (int) slot & 63;
            long more =
                    wide
                            ? BitPacking.wideBits(in, 0, bit, rest)
                            : (long) BitPacking.LONGS.get(in, bit >>> 3) >>> (bit & 7)
                                    & (1L << rest) - 1;
            values[i] = lowest[(int) slot >>> 6 & 0x3FF] + more;
            bit += rest;
        }
        lane.move(state, word, bit, lane.left);
    }
}
