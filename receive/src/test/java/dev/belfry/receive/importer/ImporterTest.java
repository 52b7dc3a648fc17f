package dev.belfry.receive.importer;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImporterTest {
    private static final BelfryClient.Patience HASTY = new BelfryClient.Patience(1, 5, 300, 2_000);

    @TempDir Path folder;
    private FakeBelfry server;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server = new FakeBelfry();
        environment.put("BELFRY_URL", server.url());
        environment.put("BELFRY_TOKEN", FakeBelfry.TOKEN);
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void files_areSentWhole_eachWithItsNameAsSource() throws IOException {
        String first = write("app.log", lines(0, 2_500));
        String second = write("nginx.access.log.1", accessLine() + "\n");
        assertThat(run(first, second, "--timezone", "UTC")).isZero();
        assertThat(server.rows()).hasSize(2_501);
        assertThat(server.rows())
                .contains(
                        "{event_type=log, level=INFO, message=2026-01-24 10:00:00,000 INFO line 0,"
                                + " source=app, timestamp=2026-01-24T10:00:00Z}");
        assertThat(server.rows())
                .anySatisfy(row ->
                        assertThat(row)
                                .contains(
                                        "source=nginx.access",
                                        "TAG.status=NUMBER 404",
                                        "TAG.method=STRING GET"));
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(first + ": 2,500 events in ");
    }

    @Test
    void refusals_areTriedAgain_andNothingIsDoubled() throws IOException {
        String file = write("app.log", lines(0, 5_000));
        server.refuse(429, 503, 0, 507, 502, 0, 408);
        assertThat(run(file)).isZero();
        assertThat(server.rows()).hasSize(5_000).doesNotHaveDuplicates();
    }

    @Test
    void interruption_isGoneOnFrom_withoutLossOrDouble() throws IOException {
        String file = write("app.log", lines(0, 20_000));
        server.failAfter(7);
        assertThat(run(file)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("stopped;", "Run the same command again");
        int before = server.rows().size();
        assertThat(before).isBetween(1_000, 19_000);
        server.failAfter(Integer.MAX_VALUE / 2);
        assertThat(run(file)).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("going on at line ");
        assertThat(server.rows()).hasSize(20_000).doesNotHaveDuplicates();
    }

    @Test
    void fileThatWasSent_isNotSentAgain_unlessAskedFor() throws IOException {
        String file = write("app.log", lines(0, 10));
        assertThat(run(file)).isZero();
        assertThat(run(file)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("imported already, 10 events");
        assertThat(server.rows()).hasSize(10);
        assertThat(run(file, "--again")).isZero();
        assertThat(server.rows()).hasSize(20);
    }

    @Test
    void fileThatGrew_isSentFromWhereItEnded() throws IOException {
        String file = write("app.log", lines(0, 10));
        assertThat(run(file)).isZero();
        write("app.log", lines(0, 25));
        assertThat(run(file)).isZero();
        assertThat(server.rows()).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void otherFileUnderTheSameName_isSentWhole() throws IOException {
        String file = write("app.log", lines(0, 10));
        assertThat(run(file)).isZero();
        write("app.log", lines(100, 140));
        assertThat(run(file)).isZero();
        assertThat(server.rows()).hasSize(50).doesNotHaveDuplicates();
    }

    @Test
    void newServer_getsEverything() throws IOException {
        String file = write("app.log", lines(0, 10));
        assertThat(run(file)).isZero();
        server.wipe();
        assertThat(run(file)).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("starting over");
        assertThat(server.rows()).hasSize(10);
    }

    @Test
    void stateThatWasLost_doublesNothing() throws IOException {
        String file = write("app.log", lines(0, 10));
        assertThat(run(file)).isZero();
        environment.put("XDG_STATE_HOME", folder.resolve("other").toString());
        assertThat(run(file)).isZero();
        assertThat(server.rows()).hasSize(10);
    }

    @Test
    void packedFiles_areUnpacked() throws IOException {
        byte[] text = lines(0, 100).getBytes(StandardCharsets.UTF_8);
        Path gzip = folder.resolve("a.log.gz");
        try (OutputStream output = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            output.write(text);
        }
        Path zstd = Files.write(folder.resolve("b.log.zst"), Zstd.compress(text));
        Path wide =
                Files.write(folder.resolve("c.log"), lines(0, 3).getBytes(StandardCharsets.UTF_16));
        assertThat(run(gzip.toString(), zstd.toString(), wide.toString())).isZero();
        assertThat(server.rows()).hasSize(203);
        assertThat(server.rows()).filteredOn(row -> row.contains("source=b,")).hasSize(100);
        assertThat(server.rows().getLast()).contains("message=2026-01-24 10:00:00,002 INFO line 2");
    }

    @Test
    void eventsThatAreRefused_areNamedWithFileAndLine() throws IOException {
        String good = "{\"event_type\":\"log\",\"source\":\"a\"}\n";
        String bad = "{\"event_type\":\"log\",\"source\":\"a\",\"timestamp\":\"noon\"}\n";
        String file = write("events.ndjson", good + "\n" + bad + good);
        assertThat(run(file)).isEqualTo(1);
        assertThat(server.rows()).hasSize(2);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("2 events", "1 refused:", file + ":3: timestamp: noon (expected: RFC");
    }

    @Test
    void batchWithoutAGoodEvent_isRefusedWhole_andTheRestIsSent() throws IOException {
        String bad = "{\"event_type\":\"log\",\"source\":\"a\",\"timestamp\":\"noon\"}\n";
        String good = "{\"event_type\":\"log\",\"source\":\"a\"}\n";
        String file = write("events.ndjson", bad.repeat(1_000) + good.repeat(1_500));
        assertThat(run(file)).isEqualTo(1);
        assertThat(server.rows()).hasSize(1_500);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("1,500 events", "1,000 refused:", file + ":1: timestamp: noon");
    }

    @Test
    void source_onTheCommandLine_isThatOfAllEvents() throws IOException {
        String file =
                write(
                        "x.ndjson",
                        "{\"event_type\":\"log\",\"source\":\"a\"}\n{\"service\":\"b\"}\n");
        assertThat(run(file, "--source", "mine")).isZero();
        assertThat(server.rows()).allMatch(row -> row.contains("source=mine"));
    }

    @Test
    void credentials_comeFromLoginOrTheLocalKey() throws IOException {
        String file = write("app.log", lines(0, 1));
        environment.remove("BELFRY_TOKEN");
        assertThat(run(file, "--data", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no credentials: ", "local.key cannot be read");
        environment.put("BELFRY_USER", "ann");
        environment.put("BELFRY_PASSWORD", "wrong");
        assertThat(run(file)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("login as ann: HTTP 401: wrong name or password");
        environment.put("BELFRY_PASSWORD", "pass\"word");
        assertThat(run(file)).isZero();
        environment.remove("BELFRY_USER");
        Files.writeString(folder.resolve("local.key"), FakeBelfry.TOKEN + "\n");
        String other = write("other.log", lines(5, 6));
        assertThat(run(other, "--data=" + folder)).isZero();
        assertThat(server.rows()).hasSize(2);
    }

    @Test
    void wrongArguments_areNamed() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("x", "--format", "xml")).isEqualTo(2);
        assertThat(run("x", "--colour", "red")).isEqualTo(2);
        assertThat(run("x", "--url", "localhost")).isEqualTo(2);
        assertThat(run("x", "--source")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("FILE: missing", "--format: xml (expected: auto", "--colour: unknown")
                .contains("--url: localhost (expected: as http://127.0.0.1:3000)")
                .contains("--source: no value", "usage: belfry import");
        assertThat(run("--help")).isZero();
        assertThat(run(folder.resolve("none.log").toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("none.log: cannot be read");
    }

    @Test
    void serverThatIsNotThere_isSaid() throws IOException {
        String file = write("app.log", lines(0, 1));
        server.close();
        assertThat(run(file)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("does not answer", "Is ./belfry run running?");
    }

    @Test
    void parquet_isReadRowByRow() throws IOException, SQLException {
        Path file = folder.resolve("rows.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "COPY (SELECT timestamptz '2026-01-24 10:00:00+00' + interval (i) second AS ts,"
                            + " 'ERROR' AS level, 'row ' || i AS message, 'api' AS service,"
                            + " i AS duration_ms, {'a': [i]} AS detail, i % 2 = 0 AS even"
                            + " FROM range(1500) t(i)) TO '"
                            + file
                            + "' (FORMAT parquet)");
        }
        assertThat(run(file.toString())).isZero();
        assertThat(server.rows()).hasSize(1_500);
        assertThat(server.rows())
                .contains(
                        "{PAYLOAD.detail=JSON {\"a\":[7]}, PAYLOAD.duration_ms=NUMBER 7,"
                                + " PAYLOAD.even=FALSE, event_type=log, level=ERROR, message=row 7,"
                                + " source=api, timestamp=2026-01-24T10:00:07Z}");
    }

    private String write(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-25T00:00:00Z")));
        return file.toString();
    }

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int line = from; line < to; line++) {
            text.append(
                    String.format(
                            "2026-01-24 10:00:%02d,%03d INFO line %d%n",
                            line / 1_000, line % 1_000, line));
        }
        return text.toString();
    }

    private static String accessLine() {
        return "10.1.1.1 - - [24/Jan/2026:10:00:00 +0000] \"GET /a HTTP/1.1\" 404 12 \"-\" \"curl/8\"";
    }

    private int run(String... arguments) {
        return Importer.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                HASTY);
    }

    @Test
    void stateFile_ofAnotherVersion_isNotUsed() throws IOException {
        String file = write("app.log", lines(0, 3));
        assertThat(run(file)).isZero();
        try (var states = Files.list(folder.resolve("state/belfry/import"))) {
            List<Path> files = states.toList();
            assertThat(files).hasSize(1);
            Files.writeString(files.getFirst(), "version=2\n");
        }
        assertThat(run(file)).isZero();
        assertThat(server.rows()).hasSize(3);
    }
}
