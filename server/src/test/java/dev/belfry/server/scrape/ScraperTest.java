package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.server.outgoing.OutgoingHttp;
import dev.belfry.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps on when things go wrong, and what ends when they are gone. */
final class ScraperTest {
    @TempDir private Path files;

    private final Numbers numbers = new Numbers();
    private final List<String> samples = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final OutgoingHttp guard = new OutgoingHttp(false);
    private final AtomicReference<String> page = new AtomicReference<>("a 1\nb 1\n");
    private HttpServer target;
    private Scraper scraper;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        file = files.resolve("prometheus.yml");
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        target.createContext(
                "/",
                exchange -> {
                    byte[] body = page.get().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        target.start();
    }

    @AfterEach
    void close() {
        if (scraper != null) {
            scraper.close();
        }
        guard.close();
        target.stop(0);
    }

    @Test
    void loop_survivesWhatever_showsIt_andGoesOn() throws Exception {
        AtomicReference<Throwable> problem =
                new AtomicReference<>(new IllegalStateException("no numbers yet"));
        write("one", "");
        start(() -> {
            switch (problem.get()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case null, default -> {
                    return numbers;
                }
            }
        });
        Await.until("shown", () -> error().contains("no numbers yet"));
        problem.set(new StackOverflowError("deep"));
        Await.until("shown", () -> error().contains("deep"));
        problem.set(null);
        Await.until("up", () -> health().equals("up"));
        assertThat(error()).isEmpty();
    }

    @Test
    void storeThatFails_isShown_andTheLoopGoesOn() throws Exception {
        write("one", "");
        AtomicReference<String> broken = new AtomicReference<>("disk is gone");
        start(
                () -> numbers,
                batch -> {
                    if (!broken.get().isEmpty()) {
                        throw new IllegalStateException(broken.get());
                    }
                    keep(batch);
                });
        Await.until("shown", () -> error().contains("not stored: ") && error().contains("disk"));
        broken.set("");
        Await.until("up", () -> health().equals("up"));
    }

    @Test
    void reload_endsSeriesOfTargetsThatAreGone_andOfNoOther() throws Exception {
        write("one", "        - {targets: ['" + address() + "'], labels: {instance: two}}\n");
        start(() -> numbers);
        Await.until("both", () -> has("one", "1.0") && has("two", "1.0"));
        page.set("a 2\n");
        write("one", "      metric_relabel_configs: [{target_label: k, replacement: v}]\n");
        scraper.follow();
        scraper.pools().getFirst().look();
        Await.until(
                "ended",
                () -> has("a two", "stale") && has("b two", "stale") && has("up two", "stale"));
        Await.until(
                "goes on", () -> samples.stream().anyMatch(each -> each.startsWith("a one v 2")));
        Await.until("renamed", () -> has("a one  ", "stale") && has("b one  ", "stale"));
        assertThat(has("up one", "stale")).isFalse();
        Files.writeString(file, "scrape_configs: []\n");
        scraper.follow();
        Await.until("job is gone", () -> has("a one v", "stale") && has("up one", "stale"));
    }

    @Test
    void reload_takesRulesWhoseHashCodesMeet_forOthers() throws Exception {
        assertThat("Aa").hasSameHashCodeAs("BB");
        write("one", "      metric_relabel_configs: [{target_label: k, replacement: Aa}]\n");
        start(() -> numbers);
        Await.until("once", () -> samples.stream().anyMatch(each -> each.startsWith("a one Aa ")));
        write("one", "      metric_relabel_configs: [{target_label: k, replacement: BB}]\n");
        scraper.follow();
        scraper.pools().getFirst().look();
        Await.until("anew", () -> samples.stream().anyMatch(each -> each.startsWith("a one BB ")));
    }

    @Test
    void reload_thatChangesNothingOfATarget_doesNotBeginAgain() throws Exception {
        write("one", "");
        start(() -> numbers);
        Await.until("once", () -> has("a one", "1.0"));
        Files.writeString(file, Files.readString(file) + "\n# changed\n");
        TargetLoop before = scraper.pools().getFirst().loops().getFirst();
        scraper.follow();
        scraper.pools().getFirst().look();
        assertThat(scraper.pools().getFirst().loops()).containsExactly(before);
    }

    @Test
    void emptyFileOfTargets_isNoTarget_andDiscoveryGoesOn() throws Exception {
        Path found = files.resolve("t.json");
        Files.writeString(found, "");
        Files.writeString(
                file,
                """
                scrape_configs:
                  - {job_name: j, scrape_interval: 1s, file_sd_configs: [{files: [t.json]}]}
                """);
        start(() -> numbers);
        Pool pool = scraper.pools().getFirst();
        pool.look();
        assertThat(pool.loops()).isEmpty();
        Files.writeString(found, "[{\"targets\": [\"" + address() + "\"]}]");
        Await.until("found", () -> pool.loops().size() == 1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void discoveryThatFails_isToldOnce_andTheTargetsHold() throws Exception {
        write("one", "      http_sd_configs: [{url: 'http://u:hunter2@127.0.0.1:1/'}]\n");
        start(() -> numbers);
        Pool pool = scraper.pools().getFirst();
        Await.until("told", () -> !warnings.isEmpty());
        Await.until("static targets", () -> pool.loops().size() == 1);
        pool.look();
        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst()).doesNotContain("hunter2");
    }

    @Test
    void fileThatIsWrong_isToldOncePerChange_andWhatWasReadHolds() throws Exception {
        write("one", "");
        start(() -> numbers);
        for (String wrong : List.of("scrape_configs: 7\n", "scrape_configs: [{}]\n", "a: *b\n")) {
            warnings.clear();
            Files.writeString(file, wrong);
            scraper.follow();
            scraper.follow();
            assertThat(warnings).hasSize(1);
            assertThat(warnings.getFirst()).contains("what was read before holds");
        }
        warnings.clear();
        Files.delete(file);
        scraper.follow();
        scraper.follow();
        assertThat(warnings).hasSize(1);
        assertThat(scraper.pools()).hasSize(1);
    }

    @Test
    void filesOfJobs_areRead_andFollowed_andWhatHasNoEffectIsTold() throws Exception {
        Path more = files.resolve("jobs-1.yml");
        Files.writeString(more, "scrape_configs: [{job_name: more}]\n");
        Files.writeString(
                file,
                """
                global: {external_labels: {x: y}, evaluation_interval: 15s}
                rule_files: [rules.yml]
                remote_write: []
                scrape_config_files: ["jobs-*.yml"]
                scrape_configs: [{job_name: own, convert_classic_histograms_to_nhcb: true}]
                """);
        start(() -> numbers);
        assertThat(names()).containsExactly("more", "own");
        assertThat(warnings)
                .containsExactly(
                        file
                                + ": scrape_configs[0].convert_classic_histograms_to_nhcb: is passed over",
                        "passed over: "
                                + file
                                + ".rule_files, "
                                + file
                                + ": global.evaluation_interval, "
                                + file
                                + ": global.external_labels");
        Files.writeString(files.resolve("jobs-2.yml"), "scrape_configs: [{job_name: third}]\n");
        Files.writeString(more, "scrape_configs: [{job_name: other}]\n");
        scraper.follow();
        assertThat(names()).containsExactly("other", "own", "third");
    }

    @Test
    void poolThatHasEnded_beginsNothing() throws Exception {
        write("one", "");
        start(() -> numbers);
        Pool pool = scraper.pools().getFirst();
        scraper.close();
        pool.reload(pool.job());
        pool.look();
        assertThat(pool.loops()).isEmpty();
    }

    private void start(Supplier<SeriesResolver> resolver) throws ScrapeException {
        start(resolver, this::keep);
    }

    private void start(
            Supplier<SeriesResolver> resolver, java.util.function.Consumer<SampleBatch> store)
            throws ScrapeException {
        scraper =
                new Scraper(
                        file,
                        List.<Map<?, ?>>of(),
                        files,
                        guard,
                        resolver,
                        store,
                        InstantSource.system(),
                        warnings::add);
        scraper.start();
    }

    private void write(String instance, String more) throws IOException {
        Files.writeString(
                file,
                """
                scrape_configs:
                    - job_name: j
                      scrape_interval: 1s
                      static_configs:
                        - {targets: ['%s'], labels: {instance: %s}}
                """
                                .formatted(address(), instance)
                        + more);
    }

    private void keep(SampleBatch batch) {
        for (int i = 0; i < batch.count(); i++) {
            var labels = numbers.labels(batch.series()[i]);
            double value = batch.values()[i];
            samples.add(
                    labels.metricName()
                            + " "
                            + labels.get("instance")
                            + " "
                            + labels.get("k")
                            + " "
                            + (StaleNaN.is(value) ? "stale" : value));
        }
    }

    private boolean has(String start, String end) {
        return samples.stream()
                .anyMatch(each ->
                        (each.startsWith(start) || each.contains(" " + start + " "))
                                && each.endsWith(end));
    }

    private List<String> names() {
        return scraper.pools().stream().map(pool -> pool.job().name()).toList();
    }

    private String error() {
        List<TargetLoop> loops = scraper.pools().getFirst().loops();
        return loops.isEmpty() ? "" : loops.getFirst().state().error();
    }

    private String health() {
        return scraper.pools().getFirst().loops().getFirst().state().health();
    }

    private String address() {
        return "127.0.0.1:" + target.getAddress().getPort();
    }
}
