package dev.belfry.receive.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Lowercase hexadecimal digits, eight at a time and without branches: ids are random. */
final class HexDigits {
    /*
     * A digit is 0x30 | low with low 0-9, a letter 0x60 | low with low 1-6. Bit 6 tells which, and the value is
     * low + 9 for letters. Whatever is not of that form differs from what its low half would be written as, or
     * has a low half out of range.
     */
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long LOW = 0x0F * ONES;
    private static final long SIXTEEN = 0x10 * ONES;

    private HexDigits() {}

    /** The number that {@code text[at .. at + 8)} is, below 2^32; negative when it is none. */
    static long eight(byte[] text, int at) {
        long word = (long) LONGS.get(text, at);
        long letters = word >>> 6 & ONES;
        long low = word & LOW;
        long values = low + 9 * letters;
        long form = 0x30 * (ONES + letters) | low;
        long tens = values + 6 * ONES >>> 4 & ONES;
        if (word != form || (values & SIXTEEN) != 0 || tens != letters) {
            return -1;
        }
        long digits = Long.reverseBytes(values);
        digits = (digits | digits >>> 4) & 0x00FF_00FF_00FF_00FFL;
        digits = (digits | digits >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (digits | digits >>> 16) & 0xFFFF_FFFFL;
    }
}
