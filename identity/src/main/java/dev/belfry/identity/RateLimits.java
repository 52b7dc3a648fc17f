package dev.belfry.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a user or key may do in a second; null: as the configuration says for all.
 *
 * @param eventsPerSecond events taken in
 * @param bytesPerSecond bytes taken in, as they are without compression
 * @param queriesPerSecond queries asked
 */
public record RateLimits(
        @Nullable Long eventsPerSecond,
        @Nullable Long bytesPerSecond,
        @Nullable Long queriesPerSecond) {
    /** Nothing of one's own: as the configuration says. */
    public static final RateLimits NONE = new RateLimits(null, null, null);

    public RateLimits {
        check("events_per_second", eventsPerSecond);
        check("bytes_per_second", bytesPerSecond);
        check("queries_per_second", queriesPerSecond);
    }

    /** Whether all are as the configuration says. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** By name as the API says it; what is null is left out. */
    public Map<String, Object> toMap() {
        Map<String, Object> given = new LinkedHashMap<>();
        if (eventsPerSecond != null) {
            given.put("events_per_second", eventsPerSecond);
        }
        if (bytesPerSecond != null) {
            given.put("bytes_per_second", bytesPerSecond);
        }
        if (queriesPerSecond != null) {
            given.put("queries_per_second", queriesPerSecond);
        }
        return given;
    }

    private static void check(String field, @Nullable Long value) {
        if (value != null && (value < 1 || value > Limits.RATE_MAX)) {
            throw Checks.invalid(
                    "rate_limits."
                            + field
                            + ": "
                            + value
                            + " (expected: 1 to "
                            + Limits.RATE_MAX
                            + ", or null)");
        }
    }
}
