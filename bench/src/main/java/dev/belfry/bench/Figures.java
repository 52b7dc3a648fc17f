package dev.belfry.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** What was measured of one system, run after run. */
final class Figures {
    private final String name;
    private final Map<Measure, double[]> values = new EnumMap<>(Measure.class);

    Figures(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Keeps {@code value} of one more run, and says it. */
    void add(Measure measure, double value) {
        double[] before = values.getOrDefault(measure, new double[0]);
        double[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = value;
        values.put(measure, after);
        System.out.printf("%s: %s: %s%n", name, measure.title(), text(value));
    }

    boolean has(Measure measure) {
        return values.containsKey(measure);
    }

    /** The median of the runs. */
    double median(Measure measure) {
        double[] sorted = values.getOrDefault(measure, new double[] {Double.NaN}).clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    static String text(double value) {
        return value >= 1000 ? "%,.0f".formatted(value) : "%.1f".formatted(value);
    }
}
