package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.PromqlScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the scripts: Prometheus' own in {@code promqltest}, ours in {@code promql}. */
final class ScriptsTest {
    static List<Path> scripts() throws IOException, URISyntaxException {
        try (Stream<Path> own = list("promql");
                Stream<Path> prometheus = list("promqltest")) {
            return Stream.concat(own, prometheus)
                    .filter(path -> path.toString().endsWith(".test"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
    }

    private static Stream<Path> list(String folder) throws IOException, URISyntaxException {
        return Files.list(Path.of(ScriptsTest.class.getResource("/" + folder).toURI()));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void script_passes(Path script) {
        PromqlScript.Report report;
        try {
            report =
                    PromqlScript.run(
                            script.getFileName().toString(),
                            Files.readString(script),
                            new MemorySeries());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(report.failures()).isEmpty();
        assertThat(report.floats() + report.histograms()).isPositive();
    }
}
