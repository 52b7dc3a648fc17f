package dev.belfry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's own part: what it does before it hands over to the Java machine. */
final class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "belfry").toAbsolutePath().normalize();

    @TempDir Path folder;

    @Test
    void help_listsAllCommands() throws Exception {
        Outcome help = run(LAUNCHER, Map.of(), "help");

        assertThat(help.status()).isZero();
        assertThat(help.output())
                .contains("belfry run", "belfry import", "belfry test", "belfry bench")
                .contains("belfry dist", "BELFRY_HEAP", "BELFRY_JAVA_HOME");
    }

    @Test
    void help_isShown_withoutCommand() throws Exception {
        assertThat(run(LAUNCHER, Map.of())).isEqualTo(run(LAUNCHER, Map.of(), "help"));
    }

    @Test
    void unknownCommand_isNamedAndFails() throws Exception {
        Outcome outcome = run(LAUNCHER, Map.of(), "fly");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("unknown command: fly").contains("belfry run");
    }

    @Test
    void symbolicLink_isFollowed() throws Exception {
        Files.createSymbolicLink(folder.resolve("a link"), LAUNCHER);
        Path linkToLink = Files.createSymbolicLink(folder.resolve("b"), Path.of("a link"));

        assertThat(run(linkToLink, Map.of(), "version"))
                .isEqualTo(run(LAUNCHER, Map.of(), "version"));
    }

    @Test
    void version_isThatOfThePom() throws Exception {
        String version = run(LAUNCHER, Map.of(), "version").output().strip();

        assertThat(version).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Path.of("..", "pom.xml")).content().contains("<version>" + version);
    }

    @Test
    void chosenJava_thatIsNoneIsRefused() throws Exception {
        Outcome outcome =
                run(
                        LAUNCHER,
                        Map.of("BELFRY_JAVA_HOME", folder.toString(), "BELFRY_BUILD", "always"),
                        "run");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("BELFRY_JAVA_HOME: " + folder).contains("expected");
    }

    @Test
    void missingTools_areNamedWithTheWayToGetThem() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("bin"));
        for (String tool :
                List.of("bash", "cat", "dirname", "find", "head", "id", "mkdir", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), whereIs(tool));
        }
        Map<String, String> environment =
                Map.of(
                        "PATH", tools.toString(),
                        "BELFRY_BUILD", "always",
                        "BELFRY_JAVA_HOME", System.getProperty("java.home"));

        Outcome outcome = run(LAUNCHER, environment, "run");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("apt-get install -y maven").contains("Node 20.19");
    }

    private Outcome run(Path launcher, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private static Path whereIs(String tool) {
        for (String place : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return Path.of(place, tool);
            }
        }
        throw new IllegalStateException(tool + " is not on the PATH");
    }

    private record Outcome(int status, String output) {}
}
