package dev.belfry.identity;

import java.time.Duration;

/** Every bound of this module, why it is that number, and what happens at it. */
final class Limits {
    /** Characters of a username; longer is refused. */
    static final int USERNAME_MAX = 64;

    /** Characters of a password: short ones can be guessed, long ones cost time to hash. */
    static final int PASSWORD_MIN = 10;

    static final int PASSWORD_MAX = 256;

    /** Characters of a source or a key's name, as the API says; longer is refused. */
    static final int NAME_MAX = 255;

    /** Sources of one user or key: all travel in each of their queries; more are refused. */
    static final int SOURCES_MAX = 1_000;

    /** Keys of one user, revoked ones included: all are named in their queries; more: CONFLICT. */
    static final int KEYS_MAX = 1_000;

    /** Sessions of one user; the oldest ends when another begins. */
    static final int SESSIONS_MAX = 50;

    /** Verified tokens kept in memory, about 1 KiB each; beyond, some are read again. */
    static final int CACHED_MAX = 10_000;

    /** Pairs of user and address whose failures are counted; the longest quiet is forgotten. */
    static final int THROTTLED_MAX = 20_000;

    /** How often the time of last use of a key or session is written, at most. */
    static final Duration LAST_USED_STEP = Duration.ofMinutes(1);

    /** How long a verified token stands when the metadata database does not answer. */
    static final Duration STALE_MAX = Duration.ofMinutes(10);

    /** How long after such a failure the database is left alone. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** Password hashes that may wait for their turn; beyond, OVERLOADED. */
    static final int HASHES_WAITING_MAX = 64;

    /** How long one waits for its turn, then OVERLOADED. */
    static final Duration HASH_WAIT = Duration.ofSeconds(10);

    /** Rows of a list, as everywhere in the API. */
    static final int PAGE_MAX = 1_000;

    /** Characters of what a client says about itself; cut beyond. */
    static final int USER_AGENT_MAX = 255;

    /** The highest rate a second that can be set; more is refused, without a limit is null. */
    static final long RATE_MAX = 1_000_000_000_000L;

    /** Characters of a log group; longer is refused. */
    static final int LOG_GROUP_MAX = 512;

    /** Logins elsewhere that are begun and not finished; the eldest is forgotten. */
    static final int ATTEMPTS_MAX = 10_000;

    /** How long such a login may take; older, it has to begin again. */
    static final Duration ATTEMPT_TIME = Duration.ofMinutes(10);

    /** How long what a provider says about itself stands. */
    static final Duration DISCOVERY_TIME = Duration.ofHours(1);

    private Limits() {}
}
