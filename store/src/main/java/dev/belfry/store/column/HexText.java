package dev.belfry.store.column;

import dev.belfry.model.BytesColumn;
import org.jspecify.annotations.Nullable;

/** Ids that are hex digits as half as many bytes, and back. */
public final class HexText {
    private static final byte[] DIGITS =
            "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private HexText() {}

    /** The text of value {@code index} of a HEX8, HEX16 or UUID column. */
    public static byte[] of(Form form, byte[] data, int index) {
        boolean dashes = form == Form.UUID;
        int width = form.width();
        byte[] text = new byte[2 * width + (dashes ? 4 : 0)];
        int at = 0;
        for (int i = 0; i < width; i++) {
            if (dashes && (i == 4 || i == 6 || i == 8 || i == 10)) {
                text[at++] = '-';
            }
            int value = data[index * width + i];
            text[at++] = DIGITS[value >>> 4 & 15];
            text[at++] = DIGITS[value & 15];
        }
        return text;
    }

    /** The one form that all values of {@code column} have, or null. */
    public static @Nullable Form formOf(BytesColumn column) {
        Form form = null;
        for (int i = 0; i < column.count(); i++) {
            if (column.isNull(i)) {
                continue;
            }
            Form here =
                    switch (column.length(i)) {
                        case 16 -> Form.HEX8;
                        case 32 -> Form.HEX16;
                        case 36 -> Form.UUID;
                        default -> null;
                    };
            if (here == null || form != null && form != here || !isHex(column, i, here)) {
                return null;
            }
            form = here;
        }
        return form;
    }

    private static boolean isHex(BytesColumn column, int index, Form form) {
        byte[] data = column.data();
        int start = column.start(index);
        for (int i = 0; i < column.length(index); i++) {
            int unit = data[start + i];
            boolean dash = form == Form.UUID && (i == 8 || i == 13 || i == 18 || i == 23);
            if (dash ? unit != '-' : digit(unit) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The values of a column whose form {@link #formOf} gave. */
    public static Vector.Binary pack(BytesColumn column, Form form) {
        int width = form.width();
        byte[] data = new byte[column.count() * width];
        long @Nullable [] nulls = null;
        for (int i = 0; i < column.count(); i++) {
            if (column.isNull(i)) {
                nulls = Bits.set(nulls, i, column.count());
                continue;
            }
            int from = column.start(i);
            int half = 2 * i * width;
            for (int at = from; at < column.end(i); at++) {
                int digit = digit(column.data()[at]);
                if (digit >= 0) {
                    data[half >>> 1] |= (byte) (digit << ((half & 1) == 0 ? 4 : 0));
                    half++;
                }
            }
        }
        return new Vector.Binary(data, width, nulls, column.count());
    }

    private static int digit(int unit) {
        if (unit >= '0' && unit <= '9') {
            return unit - '0';
        }
        return unit >= 'a' && unit <= 'f' ? unit - 'a' + 10 : -1;
    }
}
