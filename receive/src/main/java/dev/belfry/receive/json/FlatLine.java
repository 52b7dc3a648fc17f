package dev.belfry.receive.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object that are no members of an event. In a flat log line ({@code service}
 * instead of {@code source}) the module and all ids become tags, the rest payload; in any other
 * event they are an error. For one thread.
 */
final class FlatLine {
    /* Per member: name from, name to, plain (0 or 1), type ordinal, value from, value to, ESCAPED | HIGH. */
    private static final int WIDTH = 7;
    private static final int ESCAPED = 1;
    private static final int HIGH = 2;
    private static final JsonType[] TYPES = JsonType.values();

    private final JsonScanner scanner;
    private final MemberObject tags;
    private final MemberObject payload;
    private int[] members = new int[WIDTH * 8];
    private int count;

    FlatLine(JsonScanner scanner, MemberObject tags, MemberObject payload) {
        this.scanner = scanner;
        this.tags = tags;
        this.payload = payload;
    }

    void clear() {
        count = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Keeps the member whose value the scanner passed last; beyond the limit only counts it. */
    void keep(int nameFrom, int nameTo, boolean plain, JsonType type) {
        if (count++ >= Limits.FLAT_MEMBERS_MAX) {
            return;
        }
        int at = (count - 1) * WIDTH;
        if (at == members.length) {
            members = Arrays.copyOf(members, at * 2);
        }
        members[at] = nameFrom;
        members[at + 1] = nameTo;
        members[at + 2] = plain ? 1 : 0;
        members[at + 3] = type.ordinal();
        members[at + 4] = scanner.from;
        members[at + 5] = scanner.to;
        members[at + 6] = (scanner.escaped ? ESCAPED : 0) | (scanner.high ? HIGH : 0);
    }

    /** The first member's name as it stands in the text. */
    String firstName() {
        return new String(
                scanner.text, members[0], members[1] - members[0], StandardCharsets.UTF_8);
    }

    /** Takes the members into tags and payload; null, or the error of the item. */
    @Nullable String apply() {
        if (count > Limits.FLAT_MEMBERS_MAX) {
            return "event: "
                    + count
                    + " members (expected: at most "
                    + Limits.FLAT_MEMBERS_MAX
                    + ")";
        }
        int behind = scanner.at;
        for (int at = 0; at < count * WIDTH; at += WIDTH) {
            JsonType type = TYPES[members[at + 3]];
            scanner.from = members[at + 4];
            scanner.to = members[at + 5];
            scanner.escaped = (members[at + 6] & ESCAPED) != 0;
            scanner.high = (members[at + 6] & HIGH) != 0;
            boolean nested = type == JsonType.OBJECT || type == JsonType.ARRAY;
            MemberObject target =
                    !nested && isContext(members[at], members[at + 1]) ? tags : payload;
            target.add(members[at], members[at + 1], members[at + 2] != 0, type);
        }
        scanner.at = behind;
        return null;
    }

    /* module, and whatever ends in _id or Id. */
    private boolean isContext(int from, int to) {
        String name = new String(scanner.text, from, to - from, StandardCharsets.UTF_8);
        return name.equals("module") || name.endsWith("_id") || name.endsWith("Id");
    }
}
