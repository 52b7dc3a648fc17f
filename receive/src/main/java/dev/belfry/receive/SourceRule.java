package dev.belfry.receive;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which sources the sender may write. Asked about once per source and body. */
@FunctionalInterface
public interface SourceRule {
    /** Every source. */
    SourceRule ANY = _ -> null;

    /** Null when {@code source} may be written, else the message of the item's FORBIDDEN error. */
    @Nullable String refusal(String source);

    /** Exactly {@code sources}. */
    static SourceRule only(Set<String> sources) {
        Set<String> allowed = Set.copyOf(sources);
        return source ->
                allowed.contains(source)
                        ? null
                        : "source: "
                                + source
                                + " (expected: one that these credentials may write: "
                                + String.join(", ", new TreeSet<>(allowed))
                                + ")";
    }
}
