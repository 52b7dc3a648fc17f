package dev.belfry.receive;

import dev.belfry.model.series.MetricMetadata;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What many targets say of families, once for those that say the same. Safe for many threads. */
public final class FamilyTexts {
    /**
     * More than a large installation has; beyond it all are forgotten, and read with the next
     * scrapes.
     */
    private static final int TEXTS_MAX = 50_000;

    private final Map<Long, MetricMetadata> byHash = new ConcurrentHashMap<>();

    boolean has(long hash) {
        return byHash.containsKey(hash);
    }

    void add(long hash, MetricMetadata family) {
        if (byHash.size() >= TEXTS_MAX) {
            byHash.clear();
        }
        byHash.put(hash, family);
    }

    List<MetricMetadata> all(long[] hashes) {
        Set<MetricMetadata> all = new LinkedHashSet<>();
        for (long hash : hashes) {
            MetricMetadata family = byHash.get(hash);
            if (family != null) {
                all.add(family);
            }
        }
        return List.copyOf(all);
    }
}
