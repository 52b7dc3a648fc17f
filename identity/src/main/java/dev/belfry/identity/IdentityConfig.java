package dev.belfry.identity;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How strict identity is.
 *
 * @param adminPassword the password of {@code admin} at the first start; null: a random one is made
 * @param hashing the cost of a password's hash
 * @param sessionIdle how long a session lasts without use
 * @param sessionMax how long it lasts at most
 * @param lockOut when guessing is stopped
 * @param refresh how long a verified token stands before it is read again
 * @param passwordLogin whether people log in by name and password
 */
public record IdentityConfig(
        @Nullable String adminPassword,
        Hashing hashing,
        Duration sessionIdle,
        Duration sessionMax,
        LockOut lockOut,
        Duration refresh,
        boolean passwordLogin) {

    /**
     * The cost of Argon2id.
     *
     * @param memoryKib memory of one hash (8 × parallelism at least)
     * @param iterations passes over it
     * @param parallelism lanes
     * @param atOnceMax hashes that run at the same time; others wait
     */
    public record Hashing(int memoryKib, int iterations, int parallelism, int atOnceMax) {
        /** OWASP's first choice but one: 19 MiB, two passes, one lane. */
        public static final Hashing DEFAULT = new Hashing(19 * 1024, 2, 1, 2);

        public Hashing {
            if (parallelism < 1 || memoryKib < 8 * parallelism || iterations < 1 || atOnceMax < 1) {
                throw new IllegalArgumentException(
                        "hashing: "
                                + memoryKib
                                + " KiB, "
                                + iterations
                                + " iterations, "
                                + parallelism
                                + " lanes, "
                                + atOnceMax
                                + " at once (expected: each ≥ 1, memory ≥ 8 KiB a lane)");
            }
        }
    }

    /**
     * When guessing is stopped, counted for each user name and address together.
     *
     * @param freeTries failures without a delay; from then on each doubles it, from 1 s on
     * @param failuresMax failures until the lock-out
     * @param duration of the lock-out, and how long a failure counts
     * @param addressFailuresMax failures of one address, whatever the names, until its lock-out
     */
    public record LockOut(
            int freeTries, int failuresMax, Duration duration, int addressFailuresMax) {
        /** Three without a delay, locked for 15 minutes after ten, an address after 200. */
        public static final LockOut DEFAULT = new LockOut(3, 10, Duration.ofMinutes(15), 200);

        public LockOut {
            if (freeTries < 1 || failuresMax < freeTries || addressFailuresMax < failuresMax) {
                throw new IllegalArgumentException(
                        "lockOut: "
                                + freeTries
                                + ", "
                                + failuresMax
                                + ", "
                                + addressFailuresMax
                                + " (expected: 1 ≤ freeTries ≤ failuresMax ≤ addressFailuresMax)");
            }
        }
    }

    /** The defaults. */
    public static IdentityConfig defaults() {
        return new IdentityConfig(
                null,
                Hashing.DEFAULT,
                Duration.ofHours(12),
                Duration.ofDays(7),
                LockOut.DEFAULT,
                Duration.ofSeconds(30),
                true);
    }

    /** The same with the first start's password, when it is not blank. */
    public IdentityConfig withAdminPassword(@Nullable String password) {
        String given = password == null || password.isBlank() ? null : password;
        return new IdentityConfig(
                given, hashing, sessionIdle, sessionMax, lockOut, refresh, passwordLogin);
    }

    /** The same with another cost of hashing. */
    public IdentityConfig withHashing(Hashing value) {
        return new IdentityConfig(
                adminPassword, value, sessionIdle, sessionMax, lockOut, refresh, passwordLogin);
    }

    /** The same with another rule against guessing. */
    public IdentityConfig withLockOut(LockOut value) {
        return new IdentityConfig(
                adminPassword, hashing, sessionIdle, sessionMax, value, refresh, passwordLogin);
    }

    /** The same where people log in by name and password, or only by a provider. */
    public IdentityConfig withPasswordLogin(boolean value) {
        return new IdentityConfig(
                adminPassword, hashing, sessionIdle, sessionMax, lockOut, refresh, value);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "IdentityConfig[hashing="
                + hashing
                + ", sessionIdle="
                + sessionIdle
                + ", sessionMax="
                + sessionMax
                + ", lockOut="
                + lockOut
                + "]";
    }
}
