package dev.belfry.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Belfry in its own process, on a free port. What it says on standard error is kept in a file.
 */
final class BelfryProcess implements AutoCloseable {
    static final String PASSWORD = "for-tests-only";

    private static final String ADDRESS_LINE = "Belfry is at ";
    private static final Duration START_MAX = Duration.ofSeconds(90);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    private final Process process;
    private final URI address;

    private BelfryProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it on {@code data} and waits until it says where it is. */
    static BelfryProcess start(Path data, String... flags) throws Exception {
        Path temporary = Files.createDirectories(data.resolve("tmp"));
        Path errors = data.resolveSibling(data.getFileName() + ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Xmx512m");
        command.add("-Djava.io.tmpdir=" + temporary);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of("dev.belfry.server.Main", "run", "--port", "0"));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of("--otlp.grpc.port", "0", "--otlp.http.port", "0"));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("BELFRY_"));
        builder.environment().put("BELFRY_ADMIN_PASSWORD", PASSWORD);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        Process process = builder.start();
        CompletableFuture<URI> said = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> listen(process, said));
        try {
            return new BelfryProcess(process, said.get(START_MAX.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("Belfry did not start: " + Files.readString(errors), e);
        }
    }

    URI address() {
        return address;
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM; gives how long it took to end. */
    Duration stop() throws InterruptedException {
        long beginNanos = System.nanoTime();
        process.destroy();
        if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("Belfry did not end within " + STOP_MAX);
        }
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    private static void listen(Process process, CompletableFuture<URI> said) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(ADDRESS_LINE)) {
                    said.complete(URI.create(line.substring(ADDRESS_LINE.length()).strip()));
                }
            }
        } catch (IOException e) {
            said.completeExceptionally(e);
        }
        said.completeExceptionally(new IllegalStateException("it ended without an address"));
    }
}
