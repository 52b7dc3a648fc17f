package dev.belfry.bench.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.query.promql.PromqlEngine;
import dev.belfry.query.promql.QueryOptions;
import dev.belfry.query.promql.QueryResult;
import dev.belfry.store.QueryContext;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The engine alone, over series in memory: CPU time of each of {@link Questions}. Arguments: hosts
 * (100; 74 series each), samples of a series (300), rounds (5), part of a question's name (all).
 */
public final class EngineBenchmark {
    private EngineBenchmark() {}

    /** Prints the figures. */
    public static void main(String[] arguments) {
        int hosts = number(arguments, 0, 100);
        int samples = number(arguments, 1, 300);
        int rounds = number(arguments, 2, 5);
        String part = arguments.length > 3 ? arguments[3] : "";
        Memory memory = new Memory(Fleet.of(hosts), samples);
        try (PromqlEngine engine = new PromqlEngine(System::nanoTime)) {
            long end = samples * Fleet.INTERVAL_MILLIS;
            for (Questions question : Questions.all()) {
                if (!question.name().contains(part)) {
                    continue;
                }
                long start = Math.max(0, end - 3_600_000L * question.hours());
                long step = Math.max(15_000, (end - start) / 240);
                double best = Double.MAX_VALUE;
                QueryResult result = null;
                for (int round = 0; round < rounds; round++) {
                    long before = cpuNanos();
                    result =
                            engine.range(
                                    memory,
                                    question.query(),
                                    start,
                                    end,
                                    step,
                                    QueryOptions.DEFAULT,
                                    new QueryContext(
                                            Duration.ofHours(1),
                                            Long.MAX_VALUE,
                                            Integer.MAX_VALUE,
                                            false));
                    best = Math.min(best, (cpuNanos() - before) / 1e6);
                }
                if (result != null) {
                    System.out.printf(
                            "%-22s %9.2f ms of CPU, %,12d samples read, %5.2f ns each%n",
                            question,
                            best,
                            result.cost().samplesRead(),
                            best * 1e6 / Math.max(1, result.cost().samplesRead()));
                }
            }
        }
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /* Series in memory, found by name; all have samples at the same times. */
    private static final class Memory implements SeriesSource {
        private final Map<String, List<Labels>> labels = new HashMap<>();
        private final Map<String, List<double[]>> values = new HashMap<>();
        private final long[] times;

        Memory(List<Fleet.Member> members, int samples) {
            times = new long[samples];
            for (int i = 0; i < samples; i++) {
                times[i] = (i + 1) * Fleet.INTERVAL_MILLIS;
            }
            for (Fleet.Member member : members) {
                String name = member.labels().metricName();
                labels.computeIfAbsent(name, key -> new ArrayList<>()).add(member.labels());
                values.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(Fleet.values(member, samples));
            }
        }

        @Override
        public Selection select(
                List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints) {
            List<Labels> found = new ArrayList<>();
            List<double[]> columns = new ArrayList<>();
            String name =
                    matchers.stream()
                            .filter(matcher -> matcher.name().equals(Labels.NAME))
                            .findFirst()
                            .map(LabelMatcher::value)
                            .orElse("");
            List<Labels> all = labels.getOrDefault(name, List.of());
            List<double[]> allValues = values.getOrDefault(name, List.of());
            for (int i = 0; i < all.size(); i++) {
                Labels one = all.get(i);
                if (matchers.stream().allMatch(matcher -> matcher.matches(one))) {
                    found.add(one);
                    columns.add(allValues.get(i));
                }
            }
            return new Found(found, columns, startMillis, endMillis);
        }

        private final class Found implements Selection {
            private final List<Labels> found;
            private final List<double[]> columns;
            private final int first;
            private final int last;

            Found(List<Labels> found, List<double[]> columns, long start, long end) {
                this.found = found;
                this.columns = columns;
                this.first = (int) Math.clamp((start - 1) / Fleet.INTERVAL_MILLIS, 0, times.length);
                this.last = (int) Math.clamp(end / Fleet.INTERVAL_MILLIS, 0, times.length);
            }

            @Override
            public int size() {
                return found.size();
            }

            @Override
            public Labels labels(int index) {
                return found.get(index);
            }

            @Override
            public Cursor cursor(int from, int to) {
                long[] timeBuffer = new long[last - first];
                double[] valueBuffer = new double[last - first];
                int[] next = {from};
                return () -> {
                    if (next[0] == to) {
                        return null;
                    }
                    int at = next[0]++;
                    System.arraycopy(times, first, timeBuffer, 0, timeBuffer.length);
                    System.arraycopy(columns.get(at), first, valueBuffer, 0, valueBuffer.length);
                    return new SeriesSamples(
                            found.get(at), timeBuffer, valueBuffer, null, valueBuffer.length);
                };
            }
        }
    }
}
