package dev.belfry.server.tls;

import dev.belfry.server.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate with its chain, and the private key that belongs to it.
 *
 * @param chain the server's own certificate first
 */
record PemPair(PrivateKey key, List<X509Certificate> chain) {
    private static final long FILE_BYTES_MAX = 1 << 20;
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "belfry".getBytes(StandardCharsets.US_ASCII);

    PemPair {
        chain = List.copyOf(chain);
    }

    /**
     * The pair of two PEM files.
     *
     * @throws ConfigException naming the key of the configuration, the file and what was expected
     */
    static PemPair read(Path certificate, Path key) {
        List<X509Certificate> chain = certificates("tls.certificate", certificate);
        X509Certificate own = chain.getFirst();
        String algorithm = own.getPublicKey().getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw new ConfigException(
                    "tls.certificate: "
                            + certificate
                            + " is for "
                            + algorithm
                            + " (expected: RSA or EC, which all clients know)");
        }
        PrivateKey secret = key(key, algorithm);
        if (!belong(secret, own)) {
            throw new ConfigException(
                    "tls.key: "
                            + key
                            + " (expected: the key of the certificate "
                            + certificate
                            + ")");
        }
        return new PemPair(secret, chain);
    }

    /** The certificates of a PEM file, one at least. */
    static List<X509Certificate> certificates(String name, Path file) {
        try {
            List<X509Certificate> found = new ArrayList<>();
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(name, file)))
                    .forEach(certificate -> found.add((X509Certificate) certificate));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException _) {
            // Said below: it is not what it should be.
        }
        throw new ConfigException(name + ": " + file + " (expected: certificates in PEM)");
    }

    private static PrivateKey key(Path file, String algorithm) {
        String text = new String(bytes("tls.key", file), StandardCharsets.ISO_8859_1);
        Matcher matcher = PKCS8.matcher(text);
        if (matcher.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException | IllegalArgumentException _) {
                throw new ConfigException(
                        "tls.key: "
                                + file
                                + " (expected: a key of the certificate's kind, "
                                + algorithm
                                + ")");
            }
        }
        throw new ConfigException(
                "tls.key: "
                        + file
                        + " (expected: PEM that begins with BEGIN PRIVATE KEY, PKCS #8 without a password;"
                        + " openssl pkcs8 -topk8 -nocrypt makes it)");
    }

    private static boolean belong(PrivateKey key, X509Certificate certificate) {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] made = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(made);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static byte[] bytes(String name, Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ConfigException(
                        name + ": " + file + " (expected: " + FILE_BYTES_MAX + " bytes at most)");
            }
            return Files.readAllBytes(file);
        } catch (IOException _) {
            throw new ConfigException(name + ": " + file + " (expected: a file that can be read)");
        }
    }
}
