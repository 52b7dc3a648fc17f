package dev.belfry.model.series;

import java.util.List;

/** Which source a series belongs to: what owners and restricted keys are measured by. */
public final class SourceLabels {
    /** The labels that name a source; the first one that a series has counts. */
    public static final List<String> NAMES = List.of("source", "service_name", "job");

    private SourceLabels() {}

    /** The source of the series with these labels, empty when none of them names one. */
    public static String of(Labels labels) {
        return labels.get(nameIn(labels));
    }

    /** Which of these labels names the source; empty when none does. */
    public static String nameIn(Labels labels) {
        for (String name : NAMES) {
            if (labels.has(name)) {
                return name;
            }
        }
        return "";
    }
}
