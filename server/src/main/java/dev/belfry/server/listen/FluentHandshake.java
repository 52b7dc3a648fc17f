package dev.belfry.server.listen;

import dev.belfry.receive.FluentStream;
import dev.belfry.receive.FluentValues;
import dev.belfry.server.config.Listener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The handshake of Fluent's forward protocol, by which both prove that they know the shared key.
 */
final class FluentHandshake {
    /*
     *   server  ["HELO", {"nonce", "auth", "keepalive"}]
     *   client  ["PING", hostname, salt, H(salt + hostname + nonce + key), user, H(auth + user + password)]
     *   server  ["PONG", true, "", hostname, H(salt + hostname + nonce + key)]
     *
     * H is SHA-512 in hex. A password can only be checked by who knows it, so it is the listener's own API key.
     */
    private static final String HOSTNAME = "belfry";
    private static final int NONCE_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Listener settings;
    private final byte[] sharedKey;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] salt = new byte[NONCE_BYTES];

    FluentHandshake(Listener settings, String sharedKey) {
        this.settings = settings;
        this.sharedKey = sharedKey.getBytes(StandardCharsets.UTF_8);
        RANDOM.nextBytes(nonce);
        RANDOM.nextBytes(salt);
    }

    /** Whether the client has proved itself. */
    boolean hold(FluentStream buffer, OutputStream output) throws IOException {
        output.write(helo());
        output.flush();
        if (!buffer.next()) {
            return false;
        }
        List<byte[]> ping = FluentValues.texts(buffer.bytes(), buffer.from(), buffer.to());
        boolean shaped = ping.size() == 6 && is(ping.getFirst(), "PING");
        String wrong = shaped ? wrong(ping) : "no PING";
        output.write(pong(wrong, shaped ? ping.get(2) : new byte[0]));
        output.flush();
        return wrong.isEmpty();
    }

    private String wrong(List<byte[]> ping) {
        if (!same(ping.get(3), digest(ping.get(2), ping.get(1), nonce, sharedKey))) {
            return "shared_key mismatch";
        }
        String key = settings.key();
        if (!settings.users()) {
            return "";
        }
        boolean known =
                key != null
                        && same(
                                ping.get(5),
                                digest(salt, ping.get(4), key.getBytes(StandardCharsets.UTF_8)));
        return known ? "" : "username/password mismatch";
    }

    private static boolean same(byte[] given, String expected) {
        return MessageDigest.isEqual(given, expected.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean is(byte[] text, String expected) {
        return new String(text, StandardCharsets.UTF_8).equals(expected);
    }

    private static String digest(byte[]... parts) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-512");
            for (byte[] part : parts) {
                sha.update(part);
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("BUG: every JDK has SHA-512", e);
        }
    }

    private byte[] helo() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(0x92);
        text(text, "HELO");
        text.write(0x83);
        text(text, "nonce");
        binary(text, nonce);
        text(text, "auth");
        binary(text, settings.users() ? salt : new byte[0]);
        text(text, "keepalive");
        text.write(0xC3);
        return text.toByteArray();
    }

    private byte[] pong(String wrong, byte[] clientSalt) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(0x95);
        text(text, "PONG");
        text.write(wrong.isEmpty() ? 0xC3 : 0xC2);
        text(text, wrong);
        text(text, wrong.isEmpty() ? HOSTNAME : "");
        byte[] hostname = HOSTNAME.getBytes(StandardCharsets.UTF_8);
        text(text, wrong.isEmpty() ? digest(clientSalt, hostname, nonce, sharedKey) : "");
        return text.toByteArray();
    }

    /** {@code {"ack": chunk}}. */
    static byte[] ack(String chunk) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(0x81);
        text(text, "ack");
        text(text, chunk);
        return text.toByteArray();
    }

    private static void text(ByteArrayOutputStream target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.write(0xDA);
        target.write(bytes.length >> 8);
        target.write(bytes.length);
        target.writeBytes(bytes);
    }

    private static void binary(ByteArrayOutputStream target, byte[] bytes) {
        target.write(0xC4);
        target.write(bytes.length);
        target.writeBytes(bytes);
    }
}
