package dev.belfry.server.logging;

/** A token bucket: so many a second, and so many at once. Thread-safe. */
final class Allowance {
    private final double perSecond;
    private final double atOnce;
    private double tokens;
    private long lastNanoTime = Long.MIN_VALUE;

    Allowance(double perSecond, double atOnce) {
        this.perSecond = perSecond;
        this.atOnce = atOnce;
        this.tokens = atOnce;
    }

    /** Whether one more may pass at {@code nanoTime}. */
    synchronized boolean take(long nanoTime) {
        if (lastNanoTime != Long.MIN_VALUE) {
            double seconds = (nanoTime - lastNanoTime) / 1e9;
            tokens = Math.min(atOnce, tokens + Math.max(0, seconds) * perSecond);
        }
        lastNanoTime = nanoTime;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
