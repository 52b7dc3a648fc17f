package dev.belfry.testkit;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** Where tests get their randomness: printed, and repeatable with {@code -Dbelfry.seed=}. */
public final class Seeds {
    private Seeds() {}

    /** A new seed, or the one in the system property {@code belfry.seed}; prints it. */
    public static long seed(String what) {
        Long given = Long.getLong("belfry.seed");
        long seed = given == null ? ThreadLocalRandom.current().nextLong() >>> 16 : given;
        System.out.println(what + ": -Dbelfry.seed=" + seed);
        return seed;
    }

    /** A generator with a seed of {@link #seed}. */
    public static SplittableRandom random(String what) {
        return new SplittableRandom(seed(what));
    }
}
