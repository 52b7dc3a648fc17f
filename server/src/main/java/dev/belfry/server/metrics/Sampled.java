package dev.belfry.server.metrics;

import java.util.List;
import java.util.function.Consumer;

/**
 * A metric whose numbers are asked for when they are read.
 *
 * @param name its name as exposed
 * @param help what it says
 * @param type {@code counter} or {@code gauge}
 * @param labelNames the names of its labels
 * @param source gives each label set with its number
 */
public record Sampled(
        String name, String help, String type, List<String> labelNames, Consumer<Sink> source)
        implements Metric {
    public Sampled {
        labelNames = List.copyOf(labelNames);
    }

    /** Takes the numbers. */
    public interface Sink {
        /** One number; as many labels as the metric has names. */
        void accept(double value, String... labels);
    }

    @Override
    public void writeSamples(Exposition target) {
        source.accept((value, labels) -> target.sample(name, labelNames, List.of(labels), value));
    }
}
