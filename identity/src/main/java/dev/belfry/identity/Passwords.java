package dev.belfry.identity;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.belfry.identity.IdentityConfig.Hashing;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Argon2id of passwords, a few at a time, and the rules for new ones. */
final class Passwords {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    private final Hashing hashing;
    private final Tokens tokens;
    private final Semaphore turns;

    Passwords(Hashing hashing, Tokens tokens) {
        this.hashing = hashing;
        this.tokens = tokens;
        this.turns = new Semaphore(hashing.atOnceMax(), true);
    }

    /** The hash to be stored: {@code $argon2id$v=19$m=…}. */
    String hash(String password) {
        return inTurn(() -> hashNow(password));
    }

    /**
     * Runs {@code work}, which hashes, when it is its turn: hashes that run at once are bounded, so
     * that a flood of logins costs neither the memory nor all of the processor.
     *
     * @throws BelfryException {@code OVERLOADED} when too many wait
     */
    <T> T inTurn(Supplier<T> work) {
        try {
            if (turns.getQueueLength() >= Limits.HASHES_WAITING_MAX
                    || !turns.tryAcquire(Limits.HASH_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new BelfryException(
                        ErrorCode.OVERLOADED, "too many logins at once (try again in 10 s)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BelfryException(ErrorCode.OVERLOADED, "login: interrupted", e);
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    /** To be called in turn: whether {@code password} is the one of {@code hash}. */
    boolean matchesNow(String password, String hash) {
        return Argon2Function.getInstanceFromHash(hash).check(bytes(password), bytes(hash));
    }

    /** To be called in turn: takes as long as a check, for users that there are not. */
    void pretendNow(String password) {
        hashNow(password);
    }

    /** To be called in turn. */
    String hashNow(String password) {
        return function().hash(bytes(password), tokens.bytes(SALT_BYTES)).getResult();
    }

    /** The library keeps what it makes, memory for a hash included: not before one is asked for. */
    private Argon2Function function() {
        return Argon2Function.getInstance(
                hashing.memoryKib(),
                hashing.iterations(),
                hashing.parallelism(),
                HASH_BYTES,
                Argon2.ID);
    }

    /** Whether {@code hash} was made at another cost than today's. */
    boolean isOutdated(String hash) {
        Argon2Function made = Argon2Function.getInstanceFromHash(hash);
        return made.getMemory() != hashing.memoryKib()
                || made.getIterations() != hashing.iterations()
                || made.getParallelism() != hashing.parallelism();
    }

    /**
     * Returns when {@code password} may be a new password of {@code username}.
     *
     * @throws BelfryException {@code VALIDATION_ERROR} saying which rule it breaks
     */
    static void check(String field, String password, String username) {
        int length = password.codePointCount(0, password.length());
        if (length < Limits.PASSWORD_MIN || length > Limits.PASSWORD_MAX) {
            throw invalid(
                    field
                            + ": "
                            + length
                            + " characters (expected: "
                            + Limits.PASSWORD_MIN
                            + " to "
                            + Limits.PASSWORD_MAX
                            + ")");
        }
        if (password.toLowerCase(Locale.ROOT).equals(username.toLowerCase(Locale.ROOT))) {
            throw invalid(field + ": is the username (expected: another)");
        }
        if (password.codePoints().distinct().count() == 1) {
            throw invalid(field + ": one character repeated (expected: several)");
        }
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
