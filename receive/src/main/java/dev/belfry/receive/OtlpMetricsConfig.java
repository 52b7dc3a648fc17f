package dev.belfry.receive;

import java.util.Set;

/**
 * How OTLP's metrics become series.
 *
 * @param bodyBytesMax the body, inflated
 * @param pointsMax data points in one body
 * @param translation what becomes of names
 * @param scopeLabels whether the scope's name, version and attributes become labels {@code
 *     otel_scope_…}
 * @param promoted resource attributes that become labels of every series
 */
public record OtlpMetricsConfig(
        int bodyBytesMax,
        int pointsMax,
        Translation translation,
        boolean scopeLabels,
        Set<String> promoted) {
    /** 32 MiB a body, 1,000,000 points, names as Prometheus has them, scopes as labels. */
    public static final OtlpMetricsConfig DEFAULTS =
            new OtlpMetricsConfig(
                    32 << 20,
                    1_000_000,
                    Translation.UNDERSCORE_ESCAPING_WITH_SUFFIXES,
                    true,
                    Set.of());

    /** What becomes of names, as {@code otlp.translation_strategy} of Prometheus has it. */
    public enum Translation {
        /** Letters, digits and underscores only; unit and type as suffixes. */
        UNDERSCORE_ESCAPING_WITH_SUFFIXES(true, true),
        /** Letters, digits and underscores only. */
        UNDERSCORE_ESCAPING_WITHOUT_SUFFIXES(true, false),
        /** Any characters; unit and type as suffixes. */
        NO_UTF8_ESCAPING_WITH_SUFFIXES(false, true),
        /** Names as they are. */
        NO_TRANSLATION(false, false);

        private final boolean escapes;
        private final boolean suffixes;

        Translation(boolean escapes, boolean suffixes) {
            this.escapes = escapes;
            this.suffixes = suffixes;
        }

        /** Whether other characters become underscores. */
        public boolean escapes() {
            return escapes;
        }

        /** Whether unit and type are appended. */
        public boolean suffixes() {
            return suffixes;
        }
    }

    /** Copies the set. */
    public OtlpMetricsConfig {
        promoted = Set.copyOf(promoted);
    }
}
