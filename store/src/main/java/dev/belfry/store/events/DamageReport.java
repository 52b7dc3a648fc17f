package dev.belfry.store.events;

import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was found damaged since the start: each once in the log and the status. Thread-safe. */
final class DamageReport {
    private static final System.Logger LOGGER = System.getLogger(DamageReport.class.getName());

    /* Findings that the status names; further ones are only counted and logged. */
    private static final int NAMED_MAX = 100;

    private final Set<String> named = new LinkedHashSet<>();
    private long count;

    synchronized void add(String finding) {
        if (named.contains(finding)) {
            return;
        }
        count++;
        if (named.size() < NAMED_MAX) {
            named.add(finding);
        }
        LOGGER.log(Level.ERROR, "event store damage: {0}", finding);
    }

    /** The first findings, in their order. */
    synchronized List<String> named() {
        return List.copyOf(named);
    }

    /** All findings. */
    synchronized long count() {
        return count;
    }
}
