package dev.belfry.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How levels are compared: without case, and as one where they are spelled in several ways. */
public final class Levels {
    private static final List<List<String>> SPELLINGS =
            List.of(
                    List.of("warn", "warning"),
                    List.of("error", "err"),
                    List.of("critical", "crit"),
                    List.of("emergency", "emerg"),
                    List.of("info", "information", "informational"));

    private Levels() {}

    /** The level that all spellings of {@code level} are compared as, in lower case. */
    public static String canonical(String level) {
        String lower = level.toLowerCase(Locale.ROOT);
        for (List<String> spellings : SPELLINGS) {
            if (spellings.contains(lower)) {
                return spellings.getFirst();
            }
        }
        return lower;
    }

    /** {@code levels} and what is the same in another spelling, in lower case. */
    public static List<String> spellings(List<String> levels) {
        List<String> all = new ArrayList<>();
        for (String level : levels) {
            String canonical = canonical(level);
            all.add(level.toLowerCase(Locale.ROOT));
            for (List<String> spellings : SPELLINGS) {
                if (spellings.getFirst().equals(canonical)) {
                    all.addAll(spellings);
                }
            }
        }
        return all.stream().distinct().toList();
    }
}
