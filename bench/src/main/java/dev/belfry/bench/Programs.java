package dev.belfry.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs and files that peers need. */
final class Programs {
    private Programs() {}

    /** Runs a command to its end; gives what it said. */
    static String run(Path folder, String... words) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.HOURS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", words) + ": " + output);
        }
        return output;
    }

    /** Where what peers are made of is kept from one run to the next. */
    static Path cache(String peer) throws IOException {
        Path root = Path.of(System.getProperty("belfry.root", "")).toAbsolutePath();
        return Files.createDirectories(root.resolve("target/peers").resolve(peer));
    }

    /** The folder with the jars that a resource of this package names; fetched the first time. */
    static Path jars(String pom, Path project) throws IOException, InterruptedException {
        Path libraries = project.resolve("lib");
        if (!Files.isDirectory(libraries)) {
            unpack(pom, project.resolve("pom.xml"));
            run(
                    project,
                    "mvn",
                    "-B",
                    "-q",
                    "dependency:copy-dependencies",
                    "-DoutputDirectory=" + libraries);
        }
        return libraries;
    }

    /** Bytes of all files below {@code folder}. */
    static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    /** Writes a resource of this package to {@code target}. */
    static Path unpack(String name, Path target) throws IOException {
        try (var in = Programs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("BUG: " + name + " is not packed");
            }
            return Files.write(target, in.readAllBytes());
        }
    }

    /** Deletes {@code folder} with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
