package dev.belfry.receive.importer;

import dev.belfry.model.time.Timestamps;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The import command: files one after the other, each from where it stopped before. */
public final class Importer {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LOCAL_KEY = "local.key";

    /** What is read of a history: as long as Belfry keeps samples by default. */
    private static final long HISTORY_MILLIS = 90L * 24 * 3_600_000;

    private final ImportOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final BelfryClient client;
    private final BelfryClient.Patience patience;
    private final Path stateFolder;
    private final boolean terminal;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();
    private boolean incomplete;

    private record Running(String name, Sending work, Acknowledgements acknowledgements) {}

    Importer(
            ImportOptions options,
            PrintStream out,
            PrintStream err,
            BelfryClient client,
            BelfryClient.Patience patience,
            Path stateFolder,
            boolean terminal) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.client = client;
        this.patience = patience;
        this.stateFolder = stateFolder;
        this.terminal = terminal;
    }

    /** Runs the command; see {@code ImportCommand}. */
    public static int run(
            String[] arguments, PrintStream out, PrintStream err, Map<String, String> environment) {
        return run(arguments, out, err, environment, BelfryClient.Patience.USUAL);
    }

    static int run(
            String[] arguments,
            PrintStream out,
            PrintStream err,
            Map<String, String> environment,
            BelfryClient.Patience patience) {
        if (arguments.length == 1 && (arguments[0].equals("--help") || arguments[0].equals("-h"))) {
            out.print(ImportOptions.USAGE);
            return 0;
        }
        ImportOptions options;
        try {
            options = ImportOptions.parse(arguments, environment);
        } catch (ImportOptions.WrongOptionException wrong) {
            err.println("import: " + wrong.getMessage());
            err.print(ImportOptions.USAGE);
            return 2;
        }
        boolean terminal =
                err.equals(System.err) && System.console() != null && System.console().isTerminal();
        try (BelfryClient client = new BelfryClient(options.url(), patience, err::println)) {
            Path states = stateFolder(environment);
            return new Importer(options, out, err, client, patience, states, terminal).all();
        }
    }

    private static Path stateFolder(Map<String, String> environment) {
        String state = environment.get("XDG_STATE_HOME");
        if (state != null && !state.isEmpty()) {
            return Path.of(state, "belfry", "import");
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
        return Path.of(home, ".belfry", "import");
    }

    private int all() {
        Thread hook = new Thread(this::interrupted, "import-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            authenticate();
            RemoteOptions remote = options.remote();
            if (remote != null) {
                history(remote);
            }
            for (String name : options.files()) {
                one(new InputFile(name));
            }
            return incomplete ? 1 : 0;
        } catch (BelfryClient.FailedException | IOException failure) {
            err.println("import: " + failure.getMessage());
            sayHowToGoOn();
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 1;
        } finally {
            running.set(null);
            removeHook(hook);
        }
    }

    /* While the process ends by the hook it cannot be removed, and need not be. */
    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            hook.setName("import-ended: " + ending.getMessage());
        }
    }

    private void interrupted() {
        Running current = running.get();
        if (current == null) {
            return;
        }
        current.work.stop();
        try {
            current.acknowledgements.save();
        } catch (IOException failure) {
            err.println("import: " + failure.getMessage());
        }
        err.println();
        sayHowToGoOn();
    }

    private void sayHowToGoOn() {
        Running current = running.get();
        if (current != null) {
            ImportState state = current.acknowledgements.state();
            err.printf(
                    Locale.ROOT,
                    "%s: stopped; %,d %s%s are stored.%n"
                            + "Run the same command again to go on from there.%n",
                    current.name,
                    state.events(),
                    state.noun(),
                    state.lines() == 0
                            ? ""
                            : String.format(Locale.ROOT, " up to line %,d", state.lines()));
        }
    }

    private void authenticate()
            throws IOException, BelfryClient.FailedException, InterruptedException {
        client.greet();
        if (options.token() != null) {
            client.token(options.token());
        } else if (options.user() != null && options.password() != null) {
            client.login(options.user(), options.password());
        } else {
            Path key = Path.of(options.dataFolder(), LOCAL_KEY);
            if (!Files.isReadable(key)) {
                throw new IOException(
                        "no credentials: "
                                + key
                                + " cannot be read (expected: --token, BELFRY_TOKEN, --user and"
                                + " --password, or --data with the data folder of a Belfry that"
                                + " you run)");
            }
            client.token(Files.readString(key).strip());
        }
    }

    private void one(InputFile file)
            throws IOException, BelfryClient.FailedException, InterruptedException {
        Path path = file.path();
        if (path != null && !Files.isReadable(path)) {
            throw new IOException(file.name() + ": cannot be read (expected: a file)");
        }
        if (path != null && Files.isDirectory(path)) {
            throw new IOException(file.name() + ": is a folder (expected: a file)");
        }
        Path stateFile = path == null ? null : stateFile(path);
        ImportState start = start(file, stateFile);
        if (start.rawSize() >= 0 && start.rawSize() == file.size()) {
            out.printf(
                    Locale.ROOT,
                    "%s: imported already, %,d %s (--again sends it once more)%n",
                    file.name(),
                    start.events(),
                    start.noun());
            return;
        }
        if (start.offset() > 0) {
            err.printf(Locale.ROOT, "%s: going on at line %,d%n", file.name(), start.lines() + 1);
        }
        long began = System.nanoTime();
        Acknowledgements acknowledgements = new Acknowledgements(file.name(), start, stateFile);
        Progress progress = new Progress(err, terminal, file.name(), file.size(), Progress::bytes);
        Sending work =
                new Sending(
                        begin -> FileBatches.open(file, options, begin),
                        file.size(),
                        options.source(),
                        client,
                        acknowledgements,
                        progress);
        running.set(new Running(file.name(), work, acknowledgements));
        work.run();
        running.set(null);
        summary(file.name(), acknowledgements, start, (System.nanoTime() - began) / 1e9);
    }

    /* Goes on where it ended, as a file that has grown does. */
    private void history(RemoteOptions remote)
            throws IOException, BelfryClient.FailedException, InterruptedException {
        String source = options.source() == null ? "" : options.source();
        String key =
                Hashes.of(
                        options.url(),
                        remote.url(),
                        remote.selectors(),
                        String.valueOf(remote.fromMillis()),
                        source);
        Path stateFile = stateFolder.resolve(key.substring(0, 32));
        long nowMillis = now() * 1000;
        ImportState start = historyState(remote, stateFile, nowMillis);
        Long from = remote.fromMillis();
        Long to = remote.toMillis();
        long fromMillis = from == null ? start.referenceSeconds() * 1000 - HISTORY_MILLIS : from;
        long toMillis = to == null ? nowMillis : to;
        if (start.offset() > 0) {
            err.println(
                    remote.url() + ": going on at " + shown(Math.max(fromMillis, start.offset())));
        }
        long began = System.nanoTime();
        Acknowledgements acknowledgements = new Acknowledgements(remote.url(), start, stateFile);
        Progress progress =
                new Progress(
                        err,
                        terminal,
                        remote.url(),
                        toMillis - fromMillis,
                        position -> shown(fromMillis + position));
        try (RemoteClient other = new RemoteClient(remote, patience)) {
            Sending work =
                    new Sending(
                            begin ->
                                    new RemoteHistory(
                                            other,
                                            remote,
                                            options.source(),
                                            fromMillis,
                                            toMillis,
                                            begin.offset()),
                            -1,
                            options.source(),
                            client,
                            acknowledgements,
                            progress);
            running.set(new Running(remote.url(), work, acknowledgements));
            work.run();
        }
        running.set(null);
        summary(remote.url(), acknowledgements, start, (System.nanoTime() - began) / 1e9);
    }

    private static String shown(long millis) {
        return Timestamps.format(millis * 1_000_000);
    }

    private ImportState historyState(RemoteOptions remote, Path stateFile, long nowMillis)
            throws BelfryClient.FailedException, InterruptedException {
        if (!options.again() && Files.exists(stateFile)) {
            try {
                ImportState known = ImportState.load(stateFile);
                if (known.firstId().isEmpty() || client.has(known.firstId())) {
                    return known;
                }
                err.println(
                        remote.url()
                                + ": the server does not have what was sent before; starting over");
            } catch (IOException unreadable) {
                err.println(remote.url() + ": " + unreadable.getMessage() + "; starting over");
            }
        }
        return new ImportState(0, "", "", nowMillis / 1000, 0, 0, 0, 0, "", -1);
    }

    private void summary(
            String name, Acknowledgements acknowledgements, ImportState start, double seconds) {
        ImportState end = acknowledgements.state();
        long refused = end.refused() - start.refused();
        out.printf(
                Locale.ROOT,
                "%s: %,d %s in %.1f s (%,.0f/s)%s%n",
                name,
                acknowledgements.events(),
                end.noun(),
                seconds,
                acknowledgements.events() / Math.max(0.001, seconds),
                refused == 0 ? "" : String.format(Locale.ROOT, ", %,d refused:", refused));
        acknowledgements.errors().forEach(error -> out.println("  " + error));
        if (refused > acknowledgements.errors().size()) {
            out.println("  …");
        }
        incomplete |= refused > 0;
    }

    private Path stateFile(Path path) {
        String source = options.source() == null ? "" : options.source();
        String key = Hashes.of(options.url(), path, options.format().text(), source);
        return stateFolder.resolve(key.substring(0, 32));
    }

    private ImportState start(InputFile file, @Nullable Path stateFile)
            throws IOException, BelfryClient.FailedException, InterruptedException {
        ImportState known = stateFile == null ? null : known(file, stateFile);
        if (known != null && !options.again()) {
            if (known.firstId().isEmpty() || client.has(known.firstId())) {
                return known;
            }
            err.println(
                    file.name() + ": the server does not have what was sent before; starting over");
        }
        byte[] block = file.block(InputFile.BLOCK_BYTES);
        boolean salted = options.again() || stateFile == null;
        return new ImportState(
                block.length,
                Hashes.of(block),
                salted ? HexFormat.of().formatHex(RANDOM.generateSeed(8)) : saltOf(file),
                referenceSeconds(file),
                0,
                0,
                0,
                0,
                "",
                -1);
    }

    /* The same file sent by the same path in the same way has the same keys, even if the state is lost. */
    private String saltOf(InputFile file) {
        String source = options.source() == null ? "" : options.source();
        return Hashes.of(String.valueOf(file.path()), options.format().text(), source);
    }

    private static @Nullable ImportState known(InputFile file, Path stateFile) {
        if (!Files.exists(stateFile)) {
            return null;
        }
        try {
            ImportState state = ImportState.load(stateFile);
            byte[] block = file.block(state.blockLength());
            boolean same =
                    block.length == state.blockLength()
                            && Hashes.of(block).equals(state.blockHash())
                            && (state.rawSize() < 0 || file.size() >= state.rawSize());
            return same ? state : null;
        } catch (IOException _) {
            return null;
        }
    }

    /* Standard input has no time of its own; the folder of states is touched now. */
    private long referenceSeconds(InputFile file) throws IOException {
        Path path = file.path();
        return path == null ? now() : Files.getLastModifiedTime(path).toMillis() / 1_000;
    }

    private long now() throws IOException {
        Files.createDirectories(stateFolder);
        Path touched = Files.createTempFile(stateFolder, "now", "");
        try {
            return Files.getLastModifiedTime(touched).toMillis() / 1_000;
        } finally {
            Files.delete(touched);
        }
    }
}
