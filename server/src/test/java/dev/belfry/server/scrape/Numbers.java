package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesResolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers of series in memory. */
final class Numbers implements SeriesResolver {
    private final Map<Long, Integer> byKey = new HashMap<>();
    private final Map<Labels, Integer> byLabels = new HashMap<>();
    private final List<Labels> all = new ArrayList<>();

    @Override
    public long seed() {
        return 42;
    }

    @Override
    public synchronized int find(long keyHigh, long keyLow) {
        return byKey.getOrDefault(keyLow, NONE);
    }

    @Override
    public synchronized int resolve(long keyHigh, long keyLow, Labels labels) {
        int number =
                byLabels.computeIfAbsent(
                        labels,
                        fresh -> {
                            all.add(fresh);
                            return all.size() - 1;
                        });
        byKey.put(keyLow, number);
        return number;
    }

    @Override
    public synchronized Labels labels(int series) {
        return all.get(series);
    }
}
