package dev.belfry.receive.prepare;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/** How much of which kind was redacted in one batch; for one thread. */
final class RedactionCounts {
    private final Map<String, Integer> counts = new HashMap<>();

    void count(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    void report(ObjIntConsumer<String> counter) {
        counts.forEach(counter::accept);
    }
}
