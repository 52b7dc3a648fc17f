package dev.belfry.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates for tests, made by the JDK's own keytool. */
public final class Certificates {
    private static final String PASSWORD = "password";
    private static final String ALIAS = "it";

    private Certificates() {}

    /**
     * A self-signed certificate with its key.
     *
     * @param certificate PEM
     * @param key PEM, PKCS #8
     * @param store both as a PKCS #12 file with {@link #password()}
     */
    public record Pair(Path certificate, Path key, Path store) {}

    /** What protects the stores. */
    public static String password() {
        return PASSWORD;
    }

    /**
     * Makes a pair for localhost and 127.0.0.1 in {@code folder}.
     *
     * @param name of the files and of the certificate's subject
     * @param algorithm {@code EC}, {@code RSA} or {@code Ed25519}
     */
    public static Pair make(Path folder, String name, String algorithm) throws IOException {
        Path store = folder.resolve(name + ".p12");
        Files.deleteIfExists(store);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair"));
        command.addAll(List.of("-alias", ALIAS, "-keyalg", algorithm, "-dname", "CN=" + name));
        command.addAll(List.of("-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "30"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", store.toString()));
        run(command);
        try (InputStream stream = Files.newInputStream(store)) {
            KeyStore loaded = KeyStore.getInstance("PKCS12");
            loaded.load(stream, PASSWORD.toCharArray());
            Key key = loaded.getKey(ALIAS, PASSWORD.toCharArray());
            Certificate certificate = loaded.getCertificate(ALIAS);
            Path keyFile = folder.resolve(name + ".key.pem");
            Path certificateFile = folder.resolve(name + ".pem");
            write(keyFile, pem("PRIVATE KEY", key.getEncoded()));
            write(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
            return new Pair(certificateFile, keyFile, store);
        } catch (GeneralSecurityException e) {
            throw new IOException(name, e);
        }
    }

    private static String pem(String kind, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }

    /** At once, as those who renew certificates do it. */
    private static void write(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
