package dev.belfry.server.scrape;

import dev.belfry.server.config.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A prometheus.yml and the files that it names, as far as scraping goes; for one thread. */
final class ScrapeFile {
    /*
     * https://prometheus.io/docs/prometheus/latest/configuration/configuration
     *
     * One file is used for Prometheus and for Belfry. So what is about rules, alerts and samples that are sent on is
     * passed over, and said so; what would change the scraped samples and is not there is an error.
     */
    private static final Set<String> PARTS_PASSED_OVER =
            Set.of(
                    "rule_files",
                    "alerting",
                    "remote_write",
                    "remote_read",
                    "storage",
                    "tracing",
                    "otlp",
                    "runtime");
    private static final Set<String> PARTS =
            with(PARTS_PASSED_OVER, "global", "scrape_configs", "scrape_config_files");
    private static final Set<String> GLOBAL_PASSED_OVER =
            Set.of(
                    "evaluation_interval",
                    "rule_query_offset",
                    "external_labels",
                    "query_log_file",
                    "scrape_failure_log_file",
                    "always_scrape_classic_histograms",
                    "convert_classic_histograms_to_nhcb");
    private static final Set<String> GLOBAL =
            with(
                    GLOBAL_PASSED_OVER,
                    "scrape_interval",
                    "scrape_timeout",
                    "scrape_protocols",
                    "scrape_native_histograms",
                    "body_size_limit",
                    "sample_limit",
                    "label_limit",
                    "label_name_length_limit",
                    "label_value_length_limit",
                    "target_limit",
                    "keep_dropped_targets",
                    "metric_name_validation_scheme",
                    "metric_name_escaping_scheme");

    private final Path path;
    private final Path folder;
    private final Requests requests;
    private final Consumer<String> warn;
    private List<String> patterns = List.of();
    private Map<Path, Version> read = Map.of();

    /** What tells that a file has changed. */
    private record Version(FileTime modified, long size) {}

    /**
     * The file at {@code path}, not read yet.
     *
     * @param warn takes what has no effect
     */
    ScrapeFile(Path path, Requests requests, Consumer<String> warn) {
        Path parent = path.toAbsolutePath().getParent();
        this.path = path;
        this.folder = parent == null ? path.toAbsolutePath() : parent;
        this.requests = requests;
        this.warn = warn;
    }

    private static Set<String> with(Set<String> some, String... others) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(others));
        return all;
    }

    /** Whether a file is another one than when {@link #jobs} looked last. */
    boolean hasChanged() {
        return !versions().equals(read);
    }

    private Map<Path, Version> versions() {
        Map<Path, Version> versions = new HashMap<>();
        version(path, versions);
        for (String pattern : patterns) {
            try {
                FileNames.of(folder, pattern).forEach(each -> version(each, versions));
            } catch (IOException _) {
                // Reading the jobs says so.
            }
        }
        return versions;
    }

    private static void version(Path file, Map<Path, Version> versions) {
        try {
            versions.put(file, new Version(Files.getLastModifiedTime(file), Files.size(file)));
        } catch (IOException _) {
            versions.remove(file);
        }
    }

    /**
     * The jobs as they stand there now.
     *
     * @throws ScrapeException when a file cannot be read or used
     */
    List<Job> jobs() throws ScrapeException {
        read = versions();
        Settings document = document(path, PARTS);
        Settings global = new Settings(path + ": global", document.raw("global"), GLOBAL);
        List<Job> jobs = new ArrayList<>();
        add(document, path, global, jobs);
        patterns = document.texts("scrape_config_files");
        read = versions();
        for (String pattern : patterns) {
            for (Path each : files(document, pattern)) {
                add(document(each, Set.of("scrape_configs")), each, global, jobs);
            }
        }
        List<String> nothing = new ArrayList<>(document.given(PARTS_PASSED_OVER));
        nothing.addAll(global.given(GLOBAL_PASSED_OVER));
        if (!nothing.isEmpty()) {
            warn.accept("passed over: " + String.join(", ", nothing));
        }
        return jobs;
    }

    private List<Path> files(Settings document, String pattern) throws ScrapeException {
        try {
            return FileNames.of(folder, pattern);
        } catch (IOException e) {
            throw document.wrong("scrape_config_files", "names of files: " + e.getMessage());
        }
    }

    private static Settings document(Path file, Set<String> known) throws ScrapeException {
        try {
            return new Settings(file.toString(), Documents.yaml(Files.readString(file)), known);
        } catch (NoSuchFileException _) {
            throw new ScrapeException(file + ": is not there (expected: a file)");
        } catch (IOException e) {
            throw new ScrapeException(file + ": " + e.getMessage());
        }
    }

    private void add(Settings document, Path file, Settings global, List<Job> jobs)
            throws ScrapeException {
        int index = 0;
        Path parent = file.toAbsolutePath().getParent();
        for (Object each : document.list("scrape_configs")) {
            String place = file + ": scrape_configs[" + index++ + "]";
            jobs.add(
                    Job.read(
                            place, each, global, parent == null ? folder : parent, requests, warn));
        }
    }
}
