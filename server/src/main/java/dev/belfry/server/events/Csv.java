package dev.belfry.server.events;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lines of CSV, RFC 4180, that a spreadsheet may open. */
final class Csv {
    /*
     * A cell that begins with = + - @, a tab or a carriage return is a formula to spreadsheets; such texts come
     * from whoever sends events. OWASP (CSV injection): an apostrophe before them, quotes around all texts,
     * and quotes doubled. Plain numbers stay numbers.
     */
    static final String TYPE = "text/csv; charset=utf-8";

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
    private static final Pattern NAME = Pattern.compile("@[a-zA-Z]+");
    private static final String FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";

    private final StringBuilder text = new StringBuilder();
    private boolean begun;

    /** Adds the name of a column; one such as {@code @message} is no formula. */
    void name(String value) {
        if (NAME.matcher(value).matches()) {
            text.append(begun ? "," : "").append('"').append(value).append('"');
            begun = true;
        } else {
            cell(value);
        }
    }

    /** Adds a cell; null is an empty one. */
    void cell(@Nullable String value) {
        if (begun) {
            text.append(',');
        }
        begun = true;
        if (value == null) {
            return;
        }
        if (value.length() <= 40 && NUMBER.matcher(value).matches()) {
            text.append(value);
            return;
        }
        text.append('"');
        if (!value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0) {
            text.append('\'');
        }
        text.append(value.replace("\"", "\"\"")).append('"');
    }

    /** Ends a line. */
    void endLine() {
        text.append("\r\n");
        begun = false;
    }

    /** What was added since the last time. */
    byte[] take() {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        return bytes;
    }
}
