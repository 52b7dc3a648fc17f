package dev.belfry.server.receive;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Elasticsearch's {@code filter_path}: which members of an answer are wanted. */
final class FilterPath {
    /*
     * Patterns are separated by commas and matched against dotted paths; * is any part of a name, ** any names. A
     * pattern that matches an object takes all in it; one that begins with - leaves out.
     */
    private static final int PATTERNS_MAX = 32;
    private static final int PATTERN_LENGTH_MAX = 256;

    private final List<String[]> wanted = new ArrayList<>();
    private final List<String[]> unwanted = new ArrayList<>();

    /** The filter that {@code text} is; nothing is left out when it is empty. */
    FilterPath(String text) {
        for (String pattern : text.split(",", PATTERNS_MAX)) {
            String stripped = pattern.strip();
            if (stripped.isEmpty() || stripped.length() > PATTERN_LENGTH_MAX) {
                continue;
            }
            boolean leaves = stripped.startsWith("-");
            (leaves ? unwanted : wanted)
                    .add((leaves ? stripped.substring(1) : stripped).split("\\.", -1));
        }
    }

    /** Whether the member whose dotted path is {@code path} is wanted. */
    boolean has(String path) {
        String[] names = path.split("\\.", -1);
        boolean in = wanted.isEmpty() || wanted.stream().anyMatch(one -> matches(one, 0, names, 0));
        return in && unwanted.stream().noneMatch(one -> matches(one, 0, names, 0));
    }

    private static boolean matches(String[] pattern, int at, String[] names, int name) {
        if (at == pattern.length) {
            return true;
        }
        if (name == names.length) {
            return false;
        }
        if (pattern[at].equals("**")) {
            return at + 1 == pattern.length
                    || matches(pattern, at + 1, names, name)
                    || matches(pattern, at, names, name + 1);
        }
        return isLike(names[name], pattern[at]) && matches(pattern, at + 1, names, name + 1);
    }

    private static boolean isLike(String name, String pattern) {
        if (pattern.indexOf('*') < 0) {
            return name.equals(pattern);
        }
        String[] parts = pattern.split("\\*+", -1);
        StringBuilder regex = new StringBuilder();
        for (String part : parts) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return name.matches(regex.toString());
    }
}
