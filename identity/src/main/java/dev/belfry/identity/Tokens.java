package dev.belfry.identity;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/** Makes secrets: 256 random bits, 43 characters that need no escaping in a header or URL. */
final class Tokens {
    /** How an API key begins, so that secret scanners and people recognise it. */
    static final String KEY_PREFIX = "blf_";

    private static final int BYTES = 32;
    private static final int HINT_LENGTH = KEY_PREFIX.length() + 4;

    private final SecureRandom random;

    Tokens(SecureRandom random) {
        this.random = random;
    }

    String session() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(BYTES));
    }

    String key() {
        return KEY_PREFIX + session();
    }

    /** A password of 120 bits that a person can type. */
    String password() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(15));
    }

    /** A random UUID (version 4). */
    UUID id() {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & ~(3L << 62) | 1L << 63;
        return new UUID(high, low);
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** The part of a key that may be shown: 24 of its 256 random bits. */
    static String hint(String key) {
        return key.substring(0, HINT_LENGTH);
    }

    static boolean isKey(String token) {
        return token.startsWith(KEY_PREFIX);
    }
}
