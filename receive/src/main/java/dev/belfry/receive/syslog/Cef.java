package dev.belfry.receive.syslog;

import dev.belfry.model.ValueKind;
import dev.belfry.receive.columns.FieldTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ArcSight's Common Event Format: its header as tags, its extension as payload; for one thread. */
final class Cef {
    /*
     *   CEF:0|vendor|product|version|signature id|name|severity|src=10.0.0.1 msg=a\=b dst=…
     *
     * In the header \| and \\ are escapes, in the extension \=, \\, \n and \r. A key begins behind a blank and ends
     * at an equals sign; its value goes to the blank before the next key.
     */
    private static final String[] HEADER = {
        "cef.version",
        "cef.device_vendor",
        "cef.device_product",
        "cef.device_version",
        "cef.signature_id",
        "cef.name",
        "cef.severity"
    };
    private static final int EXTENSIONS_MAX = 500;

    private final FieldTable tags;
    private final FieldTable payload;

    Cef(FieldTable tags, FieldTable payload) {
        this.tags = tags;
        this.payload = payload;
    }

    /** Takes {@code data[from .. to)} if it is CEF. */
    void read(byte[] data, int from, int to) {
        if (to - from < 12
                || data[from] != 'C'
                || data[from + 1] != 'E'
                || data[from + 2] != 'F'
                || data[from + 3] != ':') {
            return;
        }
        String text = new String(data, from + 4, to - from - 4, StandardCharsets.UTF_8);
        List<String> header = new ArrayList<>();
        int at = header(text, header);
        if (header.size() != HEADER.length || header.getFirst().isEmpty()) {
            return;
        }
        for (int index = 0; index < HEADER.length; index++) {
            put(tags, HEADER[index], header.get(index));
        }
        extension(text, at);
    }

    private static void put(FieldTable table, String key, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        table.set(key.getBytes(StandardCharsets.UTF_8), ValueKind.STRING, bytes, 0, bytes.length);
    }

    /* Seven fields; answers where the extension begins. The last pipe may be missing. */
    private static int header(String text, List<String> fields) {
        StringBuilder field = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == '\\' && at + 1 < text.length() && "|\\".indexOf(text.charAt(at + 1)) >= 0) {
                field.append(text.charAt(++at));
            } else if (unit == '|') {
                fields.add(field.toString());
                field.setLength(0);
                if (fields.size() == HEADER.length) {
                    return at + 1;
                }
            } else {
                field.append(unit);
            }
        }
        fields.add(field.toString());
        return text.length();
    }

    private void extension(String text, int from) {
        String key = null;
        int valueFrom = from;
        int count = 0;
        for (int at = from; at < text.length() && count < EXTENSIONS_MAX; at++) {
            char unit = text.charAt(at);
            if (unit == '\\') {
                at++;
            } else if (unit == '=') {
                int start = keyStart(text, from, at);
                if (start >= 0 && start >= (key == null ? from : valueFrom)) {
                    member(key, text, valueFrom, start);
                    key = text.substring(start, at);
                    valueFrom = at + 1;
                    count++;
                }
            }
        }
        member(key, text, valueFrom, text.length());
    }

    /* Where the key before an equals sign begins, or -1 when there is none. */
    private static int keyStart(String text, int from, int equals) {
        int start = equals;
        while (start > from && isKey(text.charAt(start - 1))) {
            start--;
        }
        boolean apart = start == from || text.charAt(start - 1) == ' ';
        return apart && start < equals ? start : -1;
    }

    private static boolean isKey(char unit) {
        return Character.isLetterOrDigit(unit) || "_.[]-".indexOf(unit) >= 0;
    }

    private void member(@Nullable String key, String text, int from, int to) {
        if (key == null) {
            return;
        }
        StringBuilder value = new StringBuilder(to - from);
        for (int at = from; at < to; at++) {
            char unit = text.charAt(at);
            if (unit == '\\' && at + 1 < to) {
                char next = text.charAt(++at);
                unit = next == 'n' ? '\n' : next == 'r' ? '\r' : next;
                if ("nr=\\|".indexOf(next) < 0) {
                    value.append('\\');
                }
            }
            value.append(unit);
        }
        put(payload, key, value.toString().strip());
    }
}
