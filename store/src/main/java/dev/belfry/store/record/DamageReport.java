package dev.belfry.store.record;

import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was found damaged since the start: each once in the log and the status. Thread-safe. */
public final class DamageReport {
    private static final System.Logger LOGGER = System.getLogger(DamageReport.class.getName());

    /* Findings that the status names; further ones are only counted and logged. */
    private static final int NAMED_MAX = 100;

    private final String store;
    private final Set<String> named = new LinkedHashSet<>();
    private long count;

    /**
     * An empty one.
     *
     * @param store whose damage it is, for the log
     */
    public DamageReport(String store) {
        this.store = store;
    }

    /** Adds a finding, which is the same as an earlier one when its text is. */
    public synchronized void add(String finding) {
        if (named.contains(finding)) {
            return;
        }
        count++;
        if (named.size() < NAMED_MAX) {
            named.add(finding);
        }
        LOGGER.log(Level.ERROR, "{0} damage: {1}", store, finding);
    }

    /** The first findings, in their order. */
    public synchronized List<String> named() {
        return List.copyOf(named);
    }

    /** How many findings there are. */
    public synchronized long count() {
        return count;
    }
}
