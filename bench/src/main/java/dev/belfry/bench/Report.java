package dev.belfry.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of what was measured, as Markdown. */
final class Report {
    private Report() {}

    /**
     * The medians of {@code belfry} beside those of {@code peers}, with how many times better
     * Belfry is.
     */
    static String of(Options options, Figures belfry, List<Figures> peers, List<String> notes) {
        StringBuilder out = new StringBuilder("# Belfry and its peers\n\n");
        out.append(
                "%,d events, Belfry %d times (medians), %s, commit %s, %s%n%n"
                        .formatted(
                                options.events(),
                                options.repeat(),
                                machine(),
                                commit(options.launcher()),
                                Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        out.append("| measure | target | Belfry |");
        peers.forEach(peer -> out.append(' ').append(peer.name()).append(" | ratio |"));
        out.append("\n| --- | --- | ---: |").append(" ---: | ---: |".repeat(peers.size()));
        out.append('\n');
        for (Measure measure : Measure.values()) {
            if (belfry.has(measure)) {
                row(out, measure, belfry, peers);
            }
        }
        out.append("\nA ratio above 1 is in Belfry's favour.\n");
        notes.forEach(note -> out.append("\n- ").append(note));
        return out.append('\n').toString();
    }

    private static void row(
            StringBuilder out, Measure measure, Figures belfry, List<Figures> peers) {
        double own = belfry.median(measure);
        List<String> cells = new ArrayList<>();
        cells.add(measure.title());
        cells.add(measure.target());
        cells.add(Figures.text(own));
        for (Figures peer : peers) {
            double other = peer.median(measure);
            double ratio = measure.moreIsBetter() ? own / other : other / own;
            boolean known = peer.has(measure);
            cells.add(known ? Figures.text(other) : "");
            cells.add(known ? "%.2f".formatted(ratio) : "");
        }
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String machine() {
        String model = "unknown processor";
        try {
            model =
                    Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElse(model);
        } catch (IOException _) {
            model = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        }
        return Runtime.getRuntime().availableProcessors() + " cores of " + model;
    }

    private static String commit(Path launcher) {
        try {
            Process git =
                    new ProcessBuilder("git", "describe", "--always", "--dirty")
                            .directory(launcher.toAbsolutePath().resolve("..").normalize().toFile())
                            .start();
            String text =
                    new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "unknown" : text;
        } catch (IOException _) {
            return "unknown";
        }
    }
}
