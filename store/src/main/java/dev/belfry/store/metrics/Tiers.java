package dev.belfry.store.metrics;

import dev.belfry.store.MetricStoreConfig;
import java.time.Duration;

/** At which distance samples are kept as they grow old. */
final class Tiers {
    /** What {@link #distance} says of samples that are past their time. */
    static final long GONE = -1;

    private static final long FINE_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long COARSE_MILLIS = Duration.ofHours(1).toMillis();
    private static final long FINE_AGE_MILLIS = Duration.ofDays(63).toMillis();
    private static final long COARSE_AGE_MILLIS = Duration.ofDays(456).toMillis();

    private Tiers() {}

    /** The distance for samples of this age: 0 as they came, or {@link #GONE}. */
    static long distance(MetricStoreConfig config, long ageMillis) {
        if (ageMillis <= config.retention().toMillis()) {
            return 0;
        }
        if (!config.tiers() || ageMillis > COARSE_AGE_MILLIS) {
            return GONE;
        }
        return ageMillis <= FINE_AGE_MILLIS ? FINE_MILLIS : COARSE_MILLIS;
    }
}
