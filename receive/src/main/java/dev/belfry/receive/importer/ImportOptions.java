package dev.belfry.receive.importer;

import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.lines.LogFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says.
 *
 * @param files paths, or {@code -} for standard input; at least one where there is no remote
 * @param remote whose history is read; null for none
 * @param source the source of all events; null: what the events name, else the file's name
 * @param format the files' format
 * @param url where Belfry answers, without a slash at the end
 * @param token a bearer token or API key, null when none is given
 * @param user who logs in when there is no token, null when nobody
 * @param password the user's password
 * @param zone the zone of times that have none
 * @param dataFolder where a Belfry of this machine keeps its data
 * @param again whether files that were imported are sent once more
 */
record ImportOptions(
        List<String> files,
        @Nullable RemoteOptions remote,
        @Nullable String source,
        LogFormat format,
        String url,
        @Nullable String token,
        @Nullable String user,
        @Nullable String password,
        ZoneId zone,
        String dataFolder,
        boolean again) {
    static final String USAGE =
            """
            usage: belfry import FILE… [options]
                   belfry import --remote-read URL [--match SELECTOR]… [--from TIME] [--to TIME] [options]

              FILE               a file of logs or samples, also .gz and .zst; - is standard input
              --source NAME      source of all events (default: what a line names, else the file's name);
                                 label "source" of all samples
              --format FORMAT    auto, ndjson, text, clf, logfmt, csv, parquet; of samples prometheus (times
                                 in milliseconds), openmetrics (default: auto)
              --timezone ZONE    zone of times without one, as Europe/Berlin (default: this machine's)
              --url URL          where Belfry answers (default: BELFRY_URL or http://127.0.0.1:3000)
              --token TOKEN      token or API key (default: BELFRY_TOKEN, else the local key in --data)
              --user NAME        log in instead (default: BELFRY_USER)
              --password TEXT    the user's password (default: BELFRY_PASSWORD)
              --data DIR         data folder of a Belfry on this machine (default: BELFRY_DATA or ./data)
              --remote-read URL  read the history of a Prometheus, or of what else has /api/v1/read; user and
                                 password may stand in the URL
              --remote-token TOKEN  its bearer token (default: BELFRY_REMOTE_TOKEN)
              --match SELECTOR   which series, as up or {job="node"}; may be given again (default: all)
              --from TIME        from when on, as 2026-01-24T10:00:00Z (default: 90 days ago)
              --to TIME          until when (default: now)
              --again            send files once more that were imported already

            Run the same command again after an interruption: it goes on where it stopped.
            """;

    /** Wrong arguments; the message says which and what was expected. */
    static final class WrongOptionException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongOptionException(String message) {
            super(message);
        }
    }

    /** Reads the command line; what it does not say comes from the environment. */
    static ImportOptions parse(String[] arguments, Map<String, String> environment)
            throws WrongOptionException {
        Options options = new Options(environment);
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            if (!argument.startsWith("--") || argument.equals("-")) {
                options.files.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (name.equals("--again")) {
                options.again = true;
                continue;
            }
            String value = equals < 0 ? rest.poll() : argument.substring(equals + 1);
            if (value == null) {
                throw new WrongOptionException(name + ": no value (expected: one behind it)");
            }
            options.set(name, value);
        }
        return options.build();
    }

    private static final class Options {
        private final List<String> files = new ArrayList<>();
        private @Nullable String source;
        private LogFormat format = LogFormat.AUTO;
        private String url;
        private @Nullable String token;
        private @Nullable String user;
        private @Nullable String password;
        private ZoneId zone = ZoneId.systemDefault();
        private String dataFolder;
        private boolean again;
        private @Nullable String remote;
        private @Nullable String remoteToken;
        private final List<String> selectors = new ArrayList<>();
        private final List<List<RemoteRead.Matcher>> matchers = new ArrayList<>();
        private @Nullable Long fromMillis;
        private @Nullable Long toMillis;

        Options(Map<String, String> environment) {
            url = environment.getOrDefault("BELFRY_URL", "http://127.0.0.1:3000");
            token = environment.get("BELFRY_TOKEN");
            user = environment.get("BELFRY_USER");
            password = environment.get("BELFRY_PASSWORD");
            remoteToken = environment.get("BELFRY_REMOTE_TOKEN");
            dataFolder = environment.getOrDefault("BELFRY_DATA", "data");
        }

        void set(String name, String value) throws WrongOptionException {
            switch (name) {
                case "--source" -> source = value;
                case "--format" ->
                        format =
                                LogFormat.parse(value)
                                        .orElseThrow(() ->
                                                new WrongOptionException(
                                                        "--format: "
                                                                + value
                                                                + " (expected: auto,"
                                                                + " ndjson, text, clf,"
                                                                + " logfmt, csv, parquet,"
                                                                + " prometheus or"
                                                                + " openmetrics)"));
                case "--url" -> url = value;
                case "--token" -> token = value;
                case "--user" -> {
                    user = value;
                    token = null;
                }
                case "--password" -> password = value;
                case "--data" -> dataFolder = value;
                case "--timezone" -> zone = zone(value);
                case "--remote-read" -> remote = value;
                case "--remote-token" -> remoteToken = value;
                case "--match" -> match(value);
                case "--from" -> fromMillis = millis(name, value);
                case "--to" -> toMillis = millis(name, value);
                default ->
                        throw new WrongOptionException(
                                name
                                        + ": unknown (expected: --source, --format, --timezone,"
                                        + " --url, --token, --user, --password, --data, --again,"
                                        + " --remote-read, --remote-token, --match, --from,"
                                        + " --to)");
            }
        }

        private static ZoneId zone(String value) throws WrongOptionException {
            try {
                return ZoneId.of(value);
            } catch (DateTimeException _) {
                throw new WrongOptionException(
                        "--timezone: " + value + " (expected: a zone such as UTC, Europe/Berlin)");
            }
        }

        ImportOptions build() throws WrongOptionException {
            RemoteOptions history = remote();
            if (files.isEmpty() == (history == null)) {
                throw new WrongOptionException(
                        history == null
                                ? "FILE: missing (expected: at least one, or -, or --remote-read)"
                                : "--remote-read: with files (expected: one of them)");
            }
            if (source != null && (source.isBlank() || source.length() > 255)) {
                throw new WrongOptionException("--source: expected 1-255 characters");
            }
            if (!isHttp(url)) {
                throw new WrongOptionException(
                        "--url: " + url + " (expected: as http://127.0.0.1:3000)");
            }
            String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
            return new ImportOptions(
                    List.copyOf(files),
                    history,
                    source,
                    format,
                    base,
                    token,
                    user,
                    password,
                    zone,
                    dataFolder,
                    again);
        }

        private void match(String value) throws WrongOptionException {
            List<RemoteRead.Matcher> parsed = Selector.parse(value);
            if (parsed == null) {
                throw new WrongOptionException(
                        "--match: " + value + " (expected: a selector such as {job=\"node\"})");
            }
            selectors.add(value);
            matchers.add(parsed);
        }

        private static long millis(String name, String value) throws WrongOptionException {
            long nanos = Timestamps.tryParse(value);
            if (nanos == Timestamps.NONE) {
                throw new WrongOptionException(
                        name + ": " + value + " (expected: " + Timestamps.EXPECTED + ")");
            }
            return Math.floorDiv(nanos, 1_000_000L);
        }

        private @Nullable RemoteOptions remote() throws WrongOptionException {
            String given = remote;
            if (given == null) {
                if (!selectors.isEmpty() || fromMillis != null || toMillis != null) {
                    throw new WrongOptionException(
                            "--match, --from, --to: without --remote-read (expected: with it)");
                }
                return null;
            }
            if (!isHttp(given)) {
                throw new WrongOptionException(
                        "--remote-read: " + given + " (expected: as http://127.0.0.1:9090)");
            }
            URI uri = URI.create(given);
            String path = uri.getPath() == null ? "" : uri.getPath();
            String base = path.replaceFirst("/+$", "").replaceFirst("/api/v1/read$", "");
            String authority =
                    uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
            String users = uri.getUserInfo();
            String authorization =
                    users != null
                            ? "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString(users.getBytes(StandardCharsets.UTF_8))
                            : remoteToken == null ? null : "Bearer " + remoteToken;
            return new RemoteOptions(
                    uri.getScheme() + "://" + authority + base,
                    authorization,
                    selectors,
                    matchers,
                    fromMillis,
                    toMillis);
        }

        private static boolean isHttp(String url) {
            try {
                URI uri = URI.create(url);
                boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                return known && uri.getHost() != null;
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }
}
