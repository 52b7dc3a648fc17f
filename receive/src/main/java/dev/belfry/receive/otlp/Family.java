package dev.belfry.receive.otlp;

import dev.belfry.model.series.MetricType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The metric whose points are being read; for one thread. */
final class Family {
    private final byte[] bytes;
    private final MetricNaming naming;

    /** Where name, unit and description stand. */
    int nameFrom;

    int nameTo;
    int unitFrom;
    int unitTo;
    int helpFrom;
    int helpTo;

    /** What it is. */
    MetricType type = MetricType.UNKNOWN;

    /** Whether its points are what was added since the point before. */
    boolean delta;

    /** The hash of all that is the same for its points. */
    long keyHigh;

    long keyLow;

    private @Nullable String name;

    Family(byte[] bytes, MetricNaming naming) {
        this.bytes = bytes;
        this.naming = naming;
    }

    /** Starts another metric. */
    void clear() {
        nameFrom = 0;
        nameTo = 0;
        unitFrom = 0;
        unitTo = 0;
        helpFrom = 0;
        helpTo = 0;
        type = MetricType.UNKNOWN;
        delta = false;
        name = null;
    }

    /** The name of the family in Prometheus' form. */
    String name() {
        if (name == null) {
            name =
                    naming.metric(
                            text(nameFrom, nameTo),
                            text(unitFrom, unitTo),
                            type == MetricType.COUNTER,
                            gauge);
        }
        return name;
    }

    /** Whether it was sent as a gauge; a sum that is not monotonic is one only in its type. */
    boolean gauge;

    /** Its unit in Prometheus' form. */
    String unit() {
        return MetricNaming.unit(text(unitFrom, unitTo));
    }

    /** What it means. */
    String help() {
        return text(helpFrom, helpTo);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
