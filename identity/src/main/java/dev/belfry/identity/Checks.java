package dev.belfry.identity;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for what a caller sends. */
final class Checks {
    private static final Pattern USERNAME = Pattern.compile("[\\p{L}\\p{N}._@+-]+");

    private Checks() {}

    /** Names that differ only in case, or in how their characters are composed, are the same. */
    static String fold(String username) {
        return Normalizer.normalize(username, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    /** Without the one character that PostgreSQL cannot keep. */
    static String plain(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    static String username(String name) {
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > Limits.USERNAME_MAX) {
            throw invalid(
                    "username: "
                            + length
                            + " characters (expected: 1 to "
                            + Limits.USERNAME_MAX
                            + ")");
        }
        if (!USERNAME.matcher(name).matches()) {
            throw invalid("username: \"" + name + "\" (expected: letters, digits, . _ @ + -)");
        }
        return name;
    }

    static String keyName(String name) {
        return text("name", name);
    }

    static void logGroup(@Nullable String group) {
        if (group == null) {
            return;
        }
        int length = group.codePointCount(0, group.length());
        if (group.isBlank() || length > Limits.LOG_GROUP_MAX || group.indexOf('\0') >= 0) {
            throw invalid(
                    "log_group: "
                            + length
                            + " characters (expected: 1 to "
                            + Limits.LOG_GROUP_MAX
                            + ", not blank, no NUL)");
        }
    }

    static void sources(Set<String> sources) {
        if (sources.size() > Limits.SOURCES_MAX) {
            throw invalid(
                    "sources: "
                            + sources.size()
                            + " (expected: "
                            + Limits.SOURCES_MAX
                            + " at most)");
        }
        sources.forEach(source -> text("sources", source));
    }

    static void page(int limit, int offset) {
        if (limit < 1 || limit > Limits.PAGE_MAX) {
            throw invalid("limit: " + limit + " (expected: 1 to " + Limits.PAGE_MAX + ")");
        }
        if (offset < 0) {
            throw invalid("offset: " + offset + " (expected: 0 or more)");
        }
    }

    static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }

    static BelfryException forbidden(String message) {
        return new BelfryException(ErrorCode.FORBIDDEN, message);
    }

    static BelfryException notFound(String what, Object id) {
        return new BelfryException(ErrorCode.NOT_FOUND, what + ": " + id + " (there is none)");
    }

    private static String text(String field, String value) {
        int length = value.codePointCount(0, value.length());
        if (value.isBlank() || length > Limits.NAME_MAX) {
            throw invalid(
                    field
                            + ": "
                            + length
                            + " characters (expected: 1 to "
                            + Limits.NAME_MAX
                            + ", not blank)");
        }
        if (value.indexOf('\0') >= 0) {
            throw invalid(field + ": has a NUL character (expected: none)");
        }
        return value;
    }
}
