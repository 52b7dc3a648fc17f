package dev.belfry.store.column;

/** Writes JSON text. */
public final class JsonText {
    private static final String HEX = "0123456789abcdef";

    private JsonText() {}

    /** Adds {@code text} as a JSON string, quotes included (RFC 8259, section 7). */
    public static void quote(StringBuilder target, CharSequence text) {
        target.append('"');
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= ' ' && unit != '"' && unit != '\\') {
                continue;
            }
            target.append(text, done, i);
            done = i + 1;
            switch (unit) {
                case '"' -> target.append("\\\"");
                case '\\' -> target.append("\\\\");
                case '\n' -> target.append("\\n");
                case '\r' -> target.append("\\r");
                case '\t' -> target.append("\\t");
                default ->
                        target.append("\\u00")
                                .append(HEX.charAt(unit >> 4))
                                .append(HEX.charAt(unit & 15));
            }
        }
        target.append(text, done, text.length()).append('"');
    }
}
