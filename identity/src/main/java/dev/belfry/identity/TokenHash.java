package dev.belfry.identity;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a secret: what is stored and looked up in its place. */
record TokenHash(long a, long b, long c, long d) {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /* Copied for each hash: to look for the algorithm takes longer than to hash a token. */
    private static final MessageDigest EMPTY = sha256();

    static TokenHash of(String token) {
        return of(token.getBytes(StandardCharsets.UTF_8));
    }

    static TokenHash of(byte[]... parts) {
        MessageDigest digest = copyOfEmpty();
        for (byte[] part : parts) {
            digest.update(part);
        }
        byte[] hash = digest.digest();
        return new TokenHash(
                (long) LONGS.get(hash, 0),
                (long) LONGS.get(hash, 8),
                (long) LONGS.get(hash, 16),
                (long) LONGS.get(hash, 24));
    }

    /** 64 lower case hex digits: the stored form. */
    String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }

    /** The hash is random already. */
    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    /* Every request with a key asks: a record's own is slower until it is compiled to the last degree. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenHash hash
                && a == hash.a
                && b == hash.b
                && c == hash.c
                && d == hash.d;
    }

    private static MessageDigest copyOfEmpty() {
        try {
            return (MessageDigest) EMPTY.clone();
        } catch (CloneNotSupportedException _) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every JDK has SHA-256", e);
        }
    }
}
