package dev.belfry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that want little, in a process of their own: what the load generator's collections,
 * compilers and full queues add to its own figures is not theirs.
 */
final class Bystanders implements AutoCloseable {
    /*
     *   bench ── an empty line: forget ──► bystanders
     *         ── from and to, seconds since then ──►
     *         ◄── figures, an empty line ──
     */
    private static final int CLIENTS = 4;

    private final Process process;
    private final PrintWriter wishes;
    private final BufferedReader figures;

    private Bystanders(Process process) {
        this.process = process;
        this.wishes = new PrintWriter(process.outputWriter(), true);
        this.figures = process.inputReader();
    }

    /** Starts them; each has a key of its own, and they force a file in {@code folder}. */
    static Bystanders start(BelfryProcess belfry, Path folder)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        words.add("-XX:+UseSerialGC");
        words.add("-Xmx64m");
        words.add("-cp");
        words.add(System.getProperty("java.class.path"));
        words.add(BystanderClients.class.getName());
        words.add(belfry.address().toString());
        words.add(folder.toString());
        for (int i = 0; i < CLIENTS; i++) {
            words.add(belfry.key());
        }
        return new Bystanders(
                new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Forgets what was measured so far. */
    void forget() {
        wishes.println();
    }

    /** Prints what began from {@code from} to before {@code to} seconds after {@link #forget}. */
    void print(String name, long from, long to) throws IOException {
        wishes.println(from + " " + to);
        String line = figures.readLine();
        while (line != null && !line.isEmpty()) {
            System.out.println(name + ", " + line);
            line = figures.readLine();
        }
        if (line == null) {
            throw new IOException("the bystanders ended");
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
