package dev.belfry.metadata;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SQL with parameters by name, and their values. A parameter is a colon and a name, but not in
 * quotes or comments, and not after another colon (a cast). Not thread-safe.
 */
final class NamedSql {
    private final String sql;

    /** In the order of their places; a name may stand at several. */
    private final List<String> names = new ArrayList<>();

    /** The text before each parameter, and after the last. */
    private final List<String> pieces = new ArrayList<>();

    /** A list for a parameter of {@code IN}. */
    private final Map<String, @Nullable Object> values = new HashMap<>();

    private NamedSql(String sql) {
        this.sql = sql;
    }

    /** The parameters of {@code sql}, none of which has a value. */
    static NamedSql parse(String sql) {
        NamedSql named = new NamedSql(sql);
        int done = 0;
        for (int at = 0; at < sql.length(); ) {
            int next = afterOpaque(sql, at);
            if (next == at) {
                next = at + 1;
                int end = sql.charAt(at) == ':' ? afterName(sql, at + 1) : next;
                if (end > next) {
                    named.pieces.add(sql.substring(done, at));
                    named.names.add(sql.substring(next, end));
                    next = end;
                    done = end;
                }
            }
            at = next;
        }
        named.pieces.add(sql.substring(done));
        return named;
    }

    /** Gives a parameter its value, as {@link Handle.Query#bind} says. */
    void bind(String name, @Nullable Object value) {
        boolean fit =
                value instanceof String
                        || value instanceof Long
                        || value instanceof Integer
                        || value instanceof Boolean;
        if (value != null && !fit) {
            throw new IllegalArgumentException(
                    "parameter "
                            + name
                            + ": a "
                            + value.getClass().getName()
                            + " (expected: String, Long, Integer, Boolean or null)");
        }
        put(name, value);
    }

    /** Gives a parameter of {@code IN} its values. */
    void bindList(String name, Collection<String> list) {
        if (list.isEmpty()) {
            throw new IllegalArgumentException(
                    "parameter " + name + ": an empty list (expected: at least one value)");
        }
        put(name, List.copyOf(list));
    }

    /**
     * The SQL as drivers take it, with a {@code ?} for each value.
     *
     * @throws IllegalArgumentException when a parameter has none
     */
    String text() {
        StringBuilder text = new StringBuilder(pieces.getFirst());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            text.append('?');
            if (value(name) instanceof List<?> list) {
                text.repeat(", ?", list.size() - 1);
            }
            text.append(pieces.get(i + 1));
        }
        return text.toString();
    }

    /** Sets the values of {@code statement}, which was made of {@link #text}. */
    void fill(PreparedStatement statement) throws SQLException {
        int place = 1;
        for (String name : names) {
            if (value(name) instanceof List<?> list) {
                for (Object value : list) {
                    statement.setObject(place++, value);
                }
            } else {
                statement.setObject(place++, value(name));
            }
        }
    }

    /** The SQL as it was written: without values, which may be secrets. */
    @Override
    public String toString() {
        return sql;
    }

    private @Nullable Object value(String name) {
        Object value = values.get(name);
        if (value == null && !values.containsKey(name)) {
            throw new IllegalArgumentException(
                    "parameter " + name + ": no value (expected: one in " + this + ")");
        }
        return value;
    }

    private void put(String name, @Nullable Object value) {
        if (!names.contains(name)) {
            throw new IllegalArgumentException(
                    "parameter " + name + ": unknown (expected: one of " + names + ")");
        }
        values.put(name, value);
    }

    /** Where the quotes, the comment or the cast that begins at {@code at} ends, or {@code at}. */
    private static int afterOpaque(String sql, int at) {
        char first = sql.charAt(at);
        if (first == '\'' || first == '"') {
            return after(sql, String.valueOf(first), at + 1);
        }
        if (sql.startsWith("--", at)) {
            return after(sql, "\n", at + 2);
        }
        if (sql.startsWith("/*", at)) {
            return after(sql, "*/", at + 2);
        }
        return sql.startsWith("::", at) ? at + 2 : at;
    }

    private static int after(String sql, String end, int from) {
        int found = sql.indexOf(end, from);
        return found < 0 ? sql.length() : found + end.length();
    }

    /** Where the name that begins at {@code at} ends, or {@code at}. */
    private static int afterName(String sql, int at) {
        int end = at;
        if (end < sql.length() && Character.isJavaIdentifierStart(sql.charAt(end))) {
            while (end < sql.length() && Character.isJavaIdentifierPart(sql.charAt(end))) {
                end++;
            }
        }
        return end;
    }
}
