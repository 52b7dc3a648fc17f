package dev.belfry.receive.series;

import dev.belfry.model.series.Labels;

/** What exemplars may be. */
public final class Exemplars {
    private Exemplars() {}

    /** Whether an exemplar may have these labels. */
    public static boolean fit(Labels labels) {
        return characters(labels) <= Limits.EXEMPLAR_CHARACTERS_MAX;
    }

    /** Code points of all names and values. */
    public static int characters(Labels labels) {
        int all = 0;
        for (int i = 0; i < labels.size(); i++) {
            String name = labels.name(i);
            String value = labels.value(i);
            all += name.codePointCount(0, name.length());
            all += value.codePointCount(0, value.length());
        }
        return all;
    }
}
