package dev.belfry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that want little, in a process of their own: what the load generator's collections,
 * compilers and full queues add to its own figures is not theirs.
 */
final class Bystanders implements AutoCloseable {
    /*
     *   bench ── a name, a line ──► bystanders
     *         ◄── figures since the line before, an empty line ──
     */
    private static final int CLIENTS = 4;

    private final Process process;
    private final PrintWriter names;
    private final BufferedReader figures;

    private Bystanders(Process process) {
        this.process = process;
        this.names = new PrintWriter(process.outputWriter(), true);
        this.figures = process.inputReader();
    }

    /** Starts them; each has a key of its own. */
    static Bystanders start(BelfryProcess belfry) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        words.add("-XX:+UseSerialGC");
        words.add("-Xmx64m");
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(BystanderClients.class.getName());
        words.add(belfry.address().toString());
        for (int i = 0; i < CLIENTS; i++) {
            words.add(belfry.key());
        }
        return new Bystanders(
                new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Forgets what was measured so far. */
    void forget() throws IOException {
        figures("");
    }

    /** Prints what was measured since it was called last, or {@link #forget}. */
    void print(String name) throws IOException {
        System.out.print(figures(name));
    }

    private String figures(String name) throws IOException {
        names.println(name);
        StringBuilder all = new StringBuilder();
        String line = figures.readLine();
        while (line != null && !line.isEmpty()) {
            all.append(name).append(", ").append(line).append('\n');
            line = figures.readLine();
        }
        if (line == null) {
            throw new IOException("the bystanders ended");
        }
        return all.toString();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
