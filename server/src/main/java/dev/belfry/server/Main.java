package dev.belfry.server;

import dev.belfry.model.disk.Disk;
import dev.belfry.receive.ImportCommand;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.ConfigException;
import dev.belfry.server.config.ConfigLoader;
import dev.belfry.server.config.Key;
import dev.belfry.server.config.Keys;
import dev.belfry.server.memory.ReadyHeap;
import dev.belfry.server.threads.Niceness;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The program: {@code run}, {@code import}, {@code version}, {@code help}. */
public final class Main {
    private static final int GOOD = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** What the libraries need not do at each start; read once, when their classes are made. */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    // Events for a flight recorder, which is loaded for them.
                    "io.netty.jfr.enabled", "false",
                    // Versions from the manifests of all jars.
                    "com.linecorp.armeria.warnNettyVersions", "false",
                    // A native library of some MiB that is unpacked; Tls asks for it when there is
                    // TLS.
                    "com.linecorp.armeria.tlsEngineType", "jdk");

    /*
     * As the system has the names of the threads of C2, which compiles again what runs already. Five steps are a third
     * of the time of another thread that wants as much.
     */
    private static final String OPTIMIZING_COMPILER = "C2 Compiler";
    private static final int OPTIMIZING_STEPS = 5;

    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private Main() {}

    /** Runs the command that stands first in {@code arguments}. */
    public static void main(String[] arguments) throws InterruptedException {
        String command = arguments.length == 0 ? "help" : arguments[0];
        List<String> rest =
                arguments.length == 0
                        ? List.of()
                        : Arrays.asList(arguments).subList(1, arguments.length);
        int status =
                switch (command) {
                    case "run" -> run(rest);
                    case "import" -> importFiles(rest);
                    case "version", "--version" -> say("belfry " + Version.TEXT);
                    case "help", "--help", "-h" -> say(help());
                    default -> {
                        System.err.println(
                                "belfry: " + command + " (expected: run, import, version, help)");
                        yield MISUSED;
                    }
                };
        if (status != GOOD) {
            System.exit(status);
        }
    }

    private static int run(List<String> flags) throws InterruptedException {
        if (flags.contains("--help") || flags.contains("-h")) {
            return say(help());
        }
        SETTINGS.forEach(Main::set);
        String classPath = System.getProperty("java.class.path", "");
        unpacked("sqlitejdbc", classPath)
                .ifPresent(file -> set("org.sqlite.lib.path", String.valueOf(file.getParent())));
        unpacked("zstd-jni", classPath).ifPresent(file -> set("ZstdNativePath", file.toString()));
        Config config;
        try {
            config = ConfigLoader.load(flags, System.getenv(), Path.of(""));
        } catch (ConfigException e) {
            System.err.println("belfry: " + e.getMessage());
            return MISUSED;
        }
        BelfryServer server;
        try {
            server = BelfryServer.start(config, Disk.real(), InstantSource.system());
        } catch (StartException e) {
            System.err.println("belfry: " + e.getMessage());
            return FAILED;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.close();
                                    ended.countDown();
                                },
                                "belfry-end"));
        greet(server, config, System.out);
        Niceness.raise(OPTIMIZING_COMPILER, OPTIMIZING_STEPS);
        /* What is asked for comes first: memory takes an eighth of a second from it. */
        server.awaitMetrics(RECOVERY);
        ReadyHeap.keep();
        ended.await();
        return GOOD;
    }

    /** What was given with {@code -D} stays as it is. */
    private static void set(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /**
     * The native library that the build has unpacked beside the jars, if it has: without it who
     * needs it unpacks his own at each start, where the disk has room.
     */
    static Optional<Path> unpacked(String library, String classPath) {
        String first = classPath.split(File.pathSeparator, 2)[0];
        Path file =
                Path.of(first)
                        .toAbsolutePath()
                        .resolveSibling("native")
                        .resolve(System.mapLibraryName(library));
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private static void greet(BelfryServer server, Config config, PrintStream out) {
        out.println("Belfry is at " + server.address());
        Optional<String> generated = server.takeGeneratedPassword();
        if (generated.isPresent()) {
            out.println("Log in as admin with password " + generated.get() + " (shown this once)");
        } else if (config.find(Keys.ADMIN_PASSWORD).isPresent()) {
            out.println(
                    "Log in as admin with the password that was first set by "
                            + "BELFRY_ADMIN_PASSWORD, or later by admin");
        } else {
            out.println("Log in as admin with the password that was shown at the first start");
        }
        out.println("Data is in " + server.data());
        out.flush();
    }

    private static int importFiles(List<String> arguments) {
        return ImportCommand.run(
                arguments.toArray(String[]::new), System.out, System.err, System.getenv());
    }

    private static int say(String text) {
        System.out.println(text);
        return GOOD;
    }

    private static String help() {
        StringBuilder text = new StringBuilder();
        text.append("belfry run [--port N] [--data DIR] [--config FILE] [--listen ADDRESS]\n");
        text.append("belfry import FILE... [--source NAME] [--format FORMAT]\n");
        text.append("belfry version\n\n");
        text.append("Each of these is a key of belfry.yaml, a flag --KEY, and a variable:\n");
        for (Key<?> key : Keys.ALL) {
            text.append("  ").append(key.name()).append(" (").append(key.variable()).append(")\n");
            text.append("      ").append(key.description());
            if (!key.defaultText().isEmpty()) {
                text.append(" Default: ").append(key.defaultText());
            }
            text.append('\n');
        }
        return text.toString();
    }
}
