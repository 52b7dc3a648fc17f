package dev.belfry.receive.json;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of one log document as bounds, before anything is made of them: all of a document is
 * seen before any of it counts. Objects that only group fields are taken apart into dotted names.
 * For one thread.
 */
final class DocumentMembers {
    /* Per member: name from, name to, value from, value to, type ordinal | flags. */
    private static final int WIDTH = 5;
    private static final int TYPE_MASK = 0xFF;
    private static final int ESCAPED = 1 << 8;
    private static final int HIGH = 1 << 9;
    private static final int OWN_NAME = 1 << 10;
    private static final int USED = 1 << 11;
    private static final JsonType[] TYPES = JsonType.values();
    private static final int ROLES = FieldRole.NONE.ordinal();

    private final JsonScanner scanner;
    private final NameTable table;
    private final JsonText nameBuffer = new JsonText();

    private int[] bounds = new int[WIDTH * 32];
    private FieldMeaning[] meanings = new FieldMeaning[32];
    private int count;
    private boolean overfull;
    private int deepest;
    private boolean strict;

    /* Names that do not stand in the text as they are: with escapes, or dotted. */
    private byte[] names = new byte[512];
    private int namesEnd;

    /* Per role the members that may be it, best first. */
    private final int[][] candidates = new int[ROLES][Limits.CANDIDATES_MAX];
    private final int[] candidateCounts = new int[ROLES];

    DocumentMembers(JsonScanner scanner, Function<String, FieldMeaning> meanings) {
        this.scanner = scanner;
        table = new NameTable(meanings);
    }

    /**
     * Passes the object at the scanner's place.
     *
     * @throws JsonSyntaxException when it is none
     */
    void read() {
        read(null);
    }

    /** As {@link #read()} for members that all are {@code forced}; null: each by its name. */
    void read(@Nullable FieldMeaning forced) {
        clear();
        if (scanner.token("an object") != '{') {
            throw scanner.wrong("an object");
        }
        object(1, 0, 0, forced);
    }

    /** Forgets all members. */
    void clear() {
        count = 0;
        overfull = false;
        deepest = 1;
        strict = false;
        namesEnd = 0;
        Arrays.fill(candidateCounts, 0);
    }

    /* Names get the prefix names[prefixFrom .. prefixTo) and a dot, unless it is empty. */
    private void object(int depth, int prefixFrom, int prefixTo, @Nullable FieldMeaning forced) {
        scanner.at++;
        if (scanner.token("a name in quotes or '}'") == '}') {
            scanner.at++;
            return;
        }
        while (true) {
            scanner.name();
            member(depth, prefixFrom, prefixTo, forced);
            byte next = scanner.token("',' or '}'");
            if (next != ',' && next != '}') {
                throw scanner.wrong("',' or '}'");
            }
            scanner.at++;
            if (next == '}') {
                return;
            }
        }
    }

    private void member(int depth, int prefixFrom, int prefixTo, @Nullable FieldMeaning forced) {
        int nameFrom = scanner.from;
        int nameTo = scanner.to;
        int flags = 0;
        if (prefixTo > prefixFrom || scanner.escaped || scanner.high) {
            flags = OWN_NAME;
            nameFrom = ownName(prefixFrom, prefixTo);
            nameTo = namesEnd;
        }
        byte[] text = flags == 0 ? scanner.text : names;
        FieldMeaning meaning =
                forced != null ? forced : table.meaning(count, text, nameFrom, nameTo);
        if (scanner.token("a value") == '{' && isTakenApart(depth, meaning, nameTo - nameFrom)) {
            deepest = Math.max(deepest, depth + 1);
            switch (meaning.role()) {
                case TAGS -> object(depth + 1, 0, 0, FieldMeaning.TAG);
                case PAYLOAD -> object(depth + 1, 0, 0, FieldMeaning.PAYLOAD);
                default -> {
                    int from = flags == 0 ? keepName(nameFrom, nameTo) : nameFrom;
                    object(depth + 1, from, from + nameTo - nameFrom, null);
                }
            }
            return;
        }
        JsonType type = scanner.value();
        if (type == JsonType.OBJECT || type == JsonType.ARRAY) {
            deepest = Math.max(deepest, depth + scanner.deepest);
        }
        keep(nameFrom, nameTo, flags | type.ordinal(), meaning);
    }

    private boolean isTakenApart(int depth, FieldMeaning meaning, int nameLength) {
        if (depth == 1
                && (meaning.role() == FieldRole.TAGS || meaning.role() == FieldRole.PAYLOAD)) {
            return true;
        }
        boolean grouped = depth == 1 ? meaning.group() : meaning.role() == FieldRole.NONE;
        return grouped
                && depth < Limits.GROUP_DEPTH_MAX
                && nameLength <= Limits.GROUP_NAME_BYTES_MAX
                && !scanner.isEmptyObject();
    }

    /* The scanner's name behind the prefix, at the end of names; answers where it starts. */
    private int ownName(int prefixFrom, int prefixTo) {
        nameBuffer.unescape(scanner.text, scanner.from, scanner.to);
        nameBuffer.replaceNul();
        int prefix = prefixTo - prefixFrom;
        reserve(prefix + 1 + nameBuffer.length);
        int start = namesEnd;
        if (prefix > 0) {
            System.arraycopy(names, prefixFrom, names, start, prefix);
            names[start + prefix] = '.';
            namesEnd += prefix + 1;
        }
        System.arraycopy(nameBuffer.bytes, 0, names, namesEnd, nameBuffer.length);
        namesEnd += nameBuffer.length;
        return start;
    }

    private int keepName(int from, int to) {
        reserve(to - from);
        int start = namesEnd;
        System.arraycopy(scanner.text, from, names, start, to - from);
        namesEnd += to - from;
        return start;
    }

    private void reserve(int more) {
        if (namesEnd + more > names.length) {
            names = Arrays.copyOf(names, Math.max(namesEnd + more, names.length * 2));
        }
    }

    private void keep(int nameFrom, int nameTo, int flags, FieldMeaning meaning) {
        if (meaning.role() == FieldRole.LEFT_OUT) {
            return;
        }
        if (count >= Limits.DOCUMENT_MEMBERS_MAX) {
            overfull = true;
            return;
        }
        int at = count * WIDTH;
        if (at == bounds.length) {
            bounds = Arrays.copyOf(bounds, at * 2);
            meanings = Arrays.copyOf(meanings, count * 2);
        }
        bounds[at] = nameFrom;
        bounds[at + 1] = nameTo;
        bounds[at + 2] = scanner.from;
        bounds[at + 3] = scanner.to;
        bounds[at + 4] = flags | (scanner.escaped ? ESCAPED : 0) | (scanner.high ? HIGH : 0);
        meanings[count] = meaning;
        if (meaning.role().ordinal() < ROLES) {
            candidate(meaning.role().ordinal(), count);
        }
        count++;
    }

    /* Of two members of one name the last wins; null says nothing. */
    private void candidate(int role, int member) {
        int[] list = candidates[role];
        int place = candidateCounts[role];
        int rank = meanings[member].rank();
        for (int index = 0; index < place; index++) {
            if (meanings[list[index]].rank() == rank && isSameName(list[index], member)) {
                use(list[index]);
                list[index] = member;
                return;
            }
        }
        if (place == list.length) {
            return;
        }
        candidateCounts[role]++;
        while (place > 0 && meanings[list[place - 1]].rank() > rank) {
            list[place] = list[place - 1];
            place--;
        }
        list[place] = member;
        strict |=
                role == FieldRole.SOURCE.ordinal() && rank == 0 && type(member) == JsonType.STRING;
    }

    private boolean isSameName(int first, int second) {
        return Arrays.equals(
                nameText(first),
                nameFrom(first),
                nameTo(first),
                nameText(second),
                nameFrom(second),
                nameTo(second));
    }

    /** How many members there are; those of objects taken apart count, the objects do not. */
    int count() {
        return count;
    }

    /** Whether there were too many. */
    boolean isOverfull() {
        return overfull;
    }

    /** How deep the document nests, itself included. */
    int deepest() {
        return deepest;
    }

    /** Whether it names its {@code service} in a string: only the module and ids are tags then. */
    boolean isStrict() {
        return strict;
    }

    /** How many members may be {@code role}. */
    int candidateCount(FieldRole role) {
        return candidateCounts[role.ordinal()];
    }

    /** The member that is best for {@code role} but for {@code index} others. */
    int candidate(FieldRole role, int index) {
        return candidates[role.ordinal()][index];
    }

    /** Marks {@code member} as no field. */
    void use(int member) {
        bounds[member * WIDTH + 4] |= USED;
    }

    /** Whether {@code member} is no field. */
    boolean isUsed(int member) {
        return (bounds[member * WIDTH + 4] & USED) != 0;
    }

    FieldMeaning meaning(int member) {
        return meanings[member];
    }

    JsonType type(int member) {
        return TYPES[bounds[member * WIDTH + 4] & TYPE_MASK];
    }

    /** What holds the name of {@code member}. */
    byte[] nameText(int member) {
        return (bounds[member * WIDTH + 4] & OWN_NAME) != 0 ? names : scanner.text;
    }

    int nameFrom(int member) {
        return bounds[member * WIDTH];
    }

    int nameTo(int member) {
        return bounds[member * WIDTH + 1];
    }

    /** Makes the value of {@code member} the one that the scanner passed last. */
    void locate(int member) {
        int at = member * WIDTH;
        scanner.from = bounds[at + 2];
        scanner.to = bounds[at + 3];
        scanner.escaped = (bounds[at + 4] & ESCAPED) != 0;
        scanner.high = (bounds[at + 4] & HIGH) != 0;
    }
}
