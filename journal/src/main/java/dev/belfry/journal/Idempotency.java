package dev.belfry.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A request's idempotency key and body as hashes: SHA-256, cut to 128 bits.
 *
 * @param keyHashHigh the hash of principal, path and key, first half
 * @param keyHashLow its second half
 * @param bodyHashHigh the hash of the body, first half
 * @param bodyHashLow its second half
 */
public record Idempotency(long keyHashHigh, long keyHashLow, long bodyHashHigh, long bodyHashLow) {

    /** The hashes of a request of {@code principal} to {@code path} with {@code key}. */
    public static Idempotency of(String principal, String path, String key, byte[] body) {
        return of(principal, path, key, ByteBuffer.wrap(body));
    }

    /** As above; reads the rest of {@code body} and moves its position to its limit. */
    public static Idempotency of(String principal, String path, String key, ByteBuffer body) {
        MessageDigest digest = sha256();
        for (String part : new String[] {principal, path, key}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(0, bytes.length));
            digest.update(bytes);
        }
        ByteBuffer keyHash = ByteBuffer.wrap(digest.digest());
        digest.update(body);
        ByteBuffer bodyHash = ByteBuffer.wrap(digest.digest());
        return new Idempotency(
                keyHash.getLong(), keyHash.getLong(), bodyHash.getLong(), bodyHash.getLong());
    }

    /** What makes harmless the {@code part} of the same request that is appended apart from it. */
    public Idempotency part(int part) {
        return new Idempotency(keyHashHigh, keyHashLow ^ part, bodyHashHigh, bodyHashLow);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("BUG: every JDK has SHA-256", missing);
        }
    }
}
