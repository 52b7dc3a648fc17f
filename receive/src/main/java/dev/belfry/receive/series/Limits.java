package dev.belfry.receive.series;

/** The bounds that are not for configuration. */
public final class Limits {
    /** Labels of a series: several times what a pod with all its labels has; else refused. */
    public static final int LABELS_MAX = 128;

    /** Characters of a metric's or label's name, as of every name; longer ones are refused. */
    public static final int NAME_CHARACTERS_MAX = 255;

    /** Characters of a label's value: a long command line; longer ones are refused. */
    public static final int VALUE_CHARACTERS_MAX = 16_384;

    /** Characters of an exemplar's labels together, as OpenMetrics bounds them; others are left. */
    public static final int EXEMPLAR_CHARACTERS_MAX = 128;

    /** Characters of a family's help; longer ones are cut. */
    public static final int HELP_CHARACTERS_MAX = 4_096;

    /** Characters of what is wrong that an error shows. */
    static final int SHOWN_CHARACTERS_MAX = 100;

    private Limits() {}
}
