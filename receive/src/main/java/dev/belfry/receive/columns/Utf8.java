package dev.belfry.receive.columns;

import dev.belfry.receive.json.JsonText;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Texts as bytes that may not be UTF-8. */
public final class Utf8 {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGHS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** Whether {@code text[from .. to)} is UTF-8: no overlong forms, no surrogates, in range. */
    public static boolean isValid(byte[] text, int from, int to) {
        int at = from;
        for (; at + 8 <= to; at += 8) {
            if (((long) LONGS.get(text, at) & HIGHS) != 0) {
                return JsonText.isUtf8(text, at, to);
            }
        }
        int high = 0;
        for (int rest = at; rest < to; rest++) {
            high |= text[rest];
        }
        return high >= 0 || JsonText.isUtf8(text, at, to);
    }

    /** The bytes of {@code text[from .. to)} with U+FFFD for what is not UTF-8. */
    public static byte[] repaired(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8);
    }
}
