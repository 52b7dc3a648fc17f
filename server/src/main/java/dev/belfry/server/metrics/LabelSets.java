package dev.belfry.server.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The label sets of a metric, each with its value. At most {@link #MAX}: what comes after counts
 * under {@code other}, so that the number of own series stays flat whatever is sent.
 */
final class LabelSets<T> {
    static final int MAX = 1_000;
    private static final String OTHER = "other";

    private final int labelCount;
    private final int max;
    private final Supplier<T> fresh;
    private final Map<List<String>, T> values = new ConcurrentHashMap<>();
    private final @Nullable T single;

    /** At most {@code max} label sets of {@code labelCount} labels each. */
    LabelSets(int labelCount, int max, Supplier<T> fresh) {
        this.labelCount = labelCount;
        this.max = max;
        this.fresh = fresh;
        this.single = labelCount == 0 ? fresh.get() : null;
    }

    T of(String... labels) {
        if (labels.length != labelCount) {
            throw new IllegalStateException(
                    "BUG: " + labels.length + " labels (expected: " + labelCount + ")");
        }
        if (single != null) {
            return single;
        }
        List<String> key = Arrays.asList(labels);
        T known = values.get(key);
        if (known != null) {
            return known;
        }
        if (values.size() >= max) {
            String[] others = new String[labelCount];
            Arrays.fill(others, OTHER);
            key = List.of(others);
        }
        return values.computeIfAbsent(List.copyOf(key), _ -> fresh.get());
    }

    void forEach(BiConsumer<List<String>, T> consumer) {
        if (single != null) {
            consumer.accept(List.of(), single);
        } else {
            values.forEach(consumer);
        }
    }
}
