package dev.belfry.store.metrics;

import dev.belfry.model.series.MetricMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What senders said of families of series; bounded; safe for many threads. */
public final class Families {
    /* More families, or more answers for one, than any sound sender has: what is above is not kept. */
    private static final int FAMILIES_MAX = 100_000;
    private static final int ANSWERS_MAX = 8;

    private final TreeMap<String, Family> families = new TreeMap<>();
    private long version;

    private record Family(List<MetricMetadata> answers, long version) {}

    /** Keeps what is said; the newest of a family stands last. */
    public synchronized void add(MetricMetadata said) {
        Family before = families.get(said.family());
        if (before == null && families.size() >= FAMILIES_MAX) {
            return;
        }
        List<MetricMetadata> known = before == null ? List.of() : before.answers;
        if (!known.isEmpty() && known.getLast().equals(said)) {
            return;
        }
        List<MetricMetadata> next = new ArrayList<>(known);
        next.remove(said);
        if (next.size() == ANSWERS_MAX) {
            next.removeFirst();
        }
        next.add(said);
        families.put(said.family(), new Family(List.copyOf(next), ++version));
    }

    /** What is known, by family, the newest of a family last; only of {@code family} if given. */
    public synchronized List<MetricMetadata> list(@Nullable String family) {
        if (family != null) {
            Family known = families.get(family);
            return known == null ? List.of() : known.answers;
        }
        return since(0);
    }

    /** What is known of the families of which it changed after {@link #version} was so. */
    synchronized List<MetricMetadata> since(long before) {
        List<MetricMetadata> all = new ArrayList<>();
        for (Family family : families.values()) {
            if (family.version > before) {
                all.addAll(family.answers);
            }
        }
        return all;
    }

    /** Changes when something does. */
    synchronized long version() {
        return version;
    }
}
