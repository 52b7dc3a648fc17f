package dev.belfry.server.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How all parts are. */
public final class Health {
    private final Map<String, Supplier<Check>> checks;

    /** The parts by name, each asked when somebody wants to know; they answer at once. */
    public Health(Map<String, Supplier<Check>> checks) {
        this.checks = new LinkedHashMap<>(checks);
    }

    /**
     * All parts at one moment.
     *
     * @param status the worst of them
     * @param checks each part's
     */
    public record Report(Check.Status status, Map<String, Check> checks) {
        /** healthy, degraded or unhealthy. */
        public String coreStatus() {
            return switch (status) {
                case UP -> "healthy";
                case DEGRADED -> "degraded";
                case DOWN -> "unhealthy";
            };
        }
    }

    /** Asks all parts. */
    public Report report() {
        Map<String, Check> found = new LinkedHashMap<>();
        Check.Status worst = Check.Status.UP;
        for (Map.Entry<String, Supplier<Check>> entry : checks.entrySet()) {
            Check check = ask(entry.getValue());
            found.put(entry.getKey(), check);
            worst = check.status().compareTo(worst) > 0 ? check.status() : worst;
        }
        return new Report(worst, found);
    }

    private static Check ask(Supplier<Check> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Check.down(String.valueOf(e.getMessage()));
        }
    }
}
