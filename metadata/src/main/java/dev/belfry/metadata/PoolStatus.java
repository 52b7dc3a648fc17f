package dev.belfry.metadata;

/**
 * The connections at one moment.
 *
 * @param active in use
 * @param idle open and free
 * @param waiting callers that wait for one
 * @param max open at most
 */
public record PoolStatus(int active, int idle, int waiting, int max) {
    PoolStatus plus(PoolStatus other) {
        return new PoolStatus(
                active + other.active, idle + other.idle, waiting + other.waiting, max + other.max);
    }
}
