package dev.belfry.server.metrics;

import java.util.List;

/** One named metric of the registry, with all its label sets. */
public sealed interface Metric permits Counter, Gauge, Histogram, Sampled {
    /** Its name as exposed, prefix included. */
    String name();

    /** What it says, one sentence. */
    String help();

    /** {@code counter}, {@code gauge} or {@code histogram}. */
    String type();

    /** The names of its labels. */
    List<String> labelNames();

    /** Writes its samples, without HELP and TYPE. */
    void writeSamples(Exposition target);
}
