package dev.belfry.server.limits;

/** A number of things a second, with a second's worth in stock; safe for many threads. */
final class TokenBucket {
    /*
     * What is taken may be more than there is: the stock goes below one, and nothing more is given
     * until one is there again. So a batch larger than a second's worth is taken, and the rate over
     * time holds all the same.
     */
    private static final double NANOS_PER_SECOND = 1e9;

    private long perSecond;
    private double stock;
    private long filledNanoTime;

    TokenBucket(long perSecond, long nowNanoTime) {
        this.perSecond = perSecond;
        this.stock = perSecond;
        this.filledNanoTime = nowNanoTime;
    }

    /** Nanoseconds until something may be taken; 0: now. */
    synchronized long waitNanos(long rate, long nowNanoTime) {
        fill(rate, nowNanoTime);
        return stock >= 1 ? 0 : (long) Math.ceil((1 - stock) / perSecond * NANOS_PER_SECOND);
    }

    synchronized void take(double amount) {
        stock -= amount;
    }

    synchronized State state(long rate, long nowNanoTime) {
        fill(rate, nowNanoTime);
        long secondsToFull = (long) Math.ceil((perSecond - stock) / perSecond);
        return new State(perSecond, Math.max(0, (long) stock), Math.max(0, secondsToFull));
    }

    synchronized boolean isFull(long nowNanoTime) {
        fill(perSecond, nowNanoTime);
        return stock >= perSecond;
    }

    /** From 0, nothing in use, to 1. */
    synchronized double usedRatio(long nowNanoTime) {
        fill(perSecond, nowNanoTime);
        return Math.min(1, 1 - stock / perSecond);
    }

    private void fill(long rate, long nowNanoTime) {
        if (rate != perSecond) {
            stock = Math.min(stock, rate);
            perSecond = rate;
        }
        double more = (nowNanoTime - filledNanoTime) / NANOS_PER_SECOND * perSecond;
        stock = Math.min(perSecond, stock + Math.max(0, more));
        filledNanoTime = nowNanoTime;
    }

    /** How it stands: what is allowed a second, what is left, seconds until it is full again. */
    record State(long limit, long remaining, long resetSeconds) {
        double usedRatio() {
            return 1 - (double) remaining / limit;
        }
    }
}
