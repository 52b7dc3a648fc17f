package dev.belfry.server.scrape;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/** Reads a private key in PEM (PKCS #8). */
final class PemKey {
    private PemKey() {}

    static PrivateKey read(String pem) throws IOException, GeneralSecurityException {
        if (!pem.contains("-----BEGIN PRIVATE KEY-----")) {
            throw new IOException("key: no PKCS #8 (expected: BEGIN PRIVATE KEY)");
        }
        byte[] der =
                Base64.getMimeDecoder()
                        .decode(pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s+", ""));
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException _) {
                // The next algorithm is tried.
            }
        }
        throw new IOException("key: no RSA, EC or Ed25519 key");
    }
}
