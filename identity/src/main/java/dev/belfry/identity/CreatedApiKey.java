package dev.belfry.identity;

/**
 * A key that was just made.
 *
 * @param token {@code blf_…}: shown this once, kept nowhere
 * @param key the rest
 */
public record CreatedApiKey(String token, ApiKey key) {
    /** Without the token. */
    @Override
    public String toString() {
        return "CreatedApiKey[" + key + "]";
    }
}
