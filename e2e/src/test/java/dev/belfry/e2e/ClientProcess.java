package dev.belfry.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client's program in its own process; what it says on standard error is kept in a file. */
final class ClientProcess implements AutoCloseable {
    private final Process process;
    private final Path errors;

    private ClientProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
    }

    static ClientProcess start(
            Path folder, Path errors, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        return new ClientProcess(builder.start(), errors);
    }

    /** What stands behind {@code prefix} in the first line that begins so. */
    String line(String prefix) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
            }
        }
        throw new IllegalStateException("it ended: " + errors());
    }

    /** Waits for its end, which must be a good one. */
    void await(Duration limit) throws Exception {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("it did not end within " + limit + ": " + errors());
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("it ended with " + process.exitValue() + errors());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it said on standard error. */
    String errors() throws IOException {
        return Files.readString(errors);
    }

    /** Closes its standard input, with which it ends by itself, and waits for it. */
    void end(Duration limit) throws Exception {
        process.outputWriter().close();
        await(limit);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
