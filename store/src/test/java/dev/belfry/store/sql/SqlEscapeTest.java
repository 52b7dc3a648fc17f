package dev.belfry.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.events.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users try in order to get at more than the events; SEGMENT stands for a file of the view.
 */
class SqlEscapeTest {
    private static final String ATTEMPTS =
            """
            COPY (SELECT 1) TO '/tmp/belfry-escape.csv'
            COPY events TO '/tmp/belfry-escape.parquet'
            COPY events FROM '/etc/passwd'
            ATTACH '/tmp/belfry-escape.db'
            ATTACH 'https://example.com/a.db' AS a
            DETACH memory
            INSTALL httpfs
            LOAD httpfs
            LOAD '/tmp/escape.so'
            SET memory_limit = '100GB'
            SET enable_external_access = true
            RESET memory_limit
            PRAGMA database_list
            PRAGMA version
            CALL pragma_version()
            CALL query('SELECT 1')
            CHECKPOINT
            VACUUM
            ANALYZE
            EXPLAIN SELECT 1
            EXPLAIN ANALYZE SELECT 1
            USE memory
            BEGIN
            EXPORT DATABASE '/tmp/belfry-escape'
            IMPORT DATABASE '/tmp/belfry-escape'
            CREATE TABLE t AS SELECT 1
            CREATE OR REPLACE VIEW events AS SELECT 1
            CREATE MACRO f() AS 1
            CREATE SECRET s (TYPE s3)
            DROP VIEW events
            INSERT INTO events VALUES (1)
            UPDATE events SET source = 'x'
            DELETE FROM events
            TRUNCATE events
            ALTER VIEW events RENAME TO e
            PREPARE p AS SELECT 1
            EXECUTE p
            DEALLOCATE p
            SELECT 1; SELECT 2
            SELECT 1; COPY (SELECT 1) TO '/tmp/belfry-escape.csv'
            SELECT 1;;ATTACH 'x'
            SELECT 1 /* ; */; SET threads = 1 -- x
            SELECT 1) AS a; SET threads = 1; SELECT * FROM (SELECT 1
            SELECT 1) AS answer; --
            SELECT 1) UNION ALL (SELECT 2
            -- SELECT 1
            /* SELECT 1 */
            ;
            (
            SELECT $1
            SELECT ? FROM events
            SELECT length(repeat('x', 4000000000))
            SELECT count(*) FROM repeat('x', 100000000000)
            SELECT length(lpad('x', 2000000000, 'y'))
            SELECT length(rpad('x', 2000000000, 'y'))
            SELECT length(format('{:>2000000000}', 'x'))
            SELECT length(printf('%2000000000d', 1))
            SELECT bar(1, 0, 1, 2000000000)
            SELECT list_sum(range(1000000000))
            SELECT len(generate_series(1, 1000000000))
            SELECT * FROM (SELECT unnest(range(1000000000)))
            SELECT * FROM unnest(range(1000000000))
            SELECT * FROM range(len(range(1000000000)))
            SELECT len(list_resize([1], 1000000000, 2))
            SELECT len(array_resize([1], 1000000000, 2))
            SELECT bit_count(bitstring('1', 2000000000))
            WITH x AS (INSERT INTO t VALUES (1) RETURNING *) SELECT * FROM x
            WITH x AS (DELETE FROM events RETURNING *) SELECT * FROM x
            WITH x AS (UPDATE events SET source = 'x' RETURNING *) SELECT * FROM x
            SELECT * FROM (DELETE FROM events RETURNING *)
            WITH x AS (COPY (SELECT 1) TO '/tmp/belfry-escape.csv') SELECT 1
            SELECT * FROM read_csv('/etc/passwd')
            SELECT * FROM read_csv_auto('/etc/passwd')
            SELECT * FROM READ_TEXT('/etc/passwd')
            SELECT * FROM "read_text"('/etc/passwd')
            SELECT * FROM main.read_text('/etc/passwd')
            SELECT * FROM system.main.read_text('/etc/passwd')
            SELECT * FROM read_blob('SEGMENT')
            SELECT * FROM read_text('SEGMENT')
            SELECT * FROM read_parquet('SEGMENT')
            SELECT * FROM parquet_scan('SEGMENT')
            SELECT * FROM parquet_metadata('SEGMENT')
            SELECT * FROM parquet_schema('SEGMENT')
            SELECT * FROM parquet_kv_metadata('SEGMENT')
            SELECT * FROM read_json('/etc/passwd')
            SELECT * FROM read_ndjson_objects('/etc/passwd')
            SELECT * FROM read_duckdb('/tmp/a.db')
            SELECT * FROM read_single_csv_file('/etc/passwd')
            SELECT * FROM sniff_csv('/etc/passwd')
            SELECT * FROM glob('/etc/*')
            SELECT * FROM belfry_samples
            SELECT * FROM memory.main.belfry_samples
            SELECT * FROM main.samples('up', 0, 1)
            SELECT * FROM samples('up')
            SELECT * FROM samples('up', 0, read_text('/etc/passwd'))
            SELECT * FROM samples('up', 0, (SELECT max(size) FROM read_blob('/etc/passwd')))
            SELECT * FROM samples('up', 0, getenv('HOME'))
            SELECT * FROM samples(source, 0, 1) FROM events
            SELECT count(*) FROM events, samples(source, 0, 1)
            SELECT * FROM samples(NULL, 0, 1)
            SELECT * FROM samples('up', 'yesterday', 1)
            WITH belfry_samples AS (SELECT 1) SELECT * FROM samples('up', 0, 1)
            SELECT * FROM 'SEGMENT'
            SELECT * FROM "SEGMENT"
            FROM '/etc/passwd'
            FROM 'https://example.com/a.csv'
            TABLE 'SEGMENT'
            DESCRIBE 'SEGMENT'
            SUMMARIZE '/etc/passwd'
            SELECT (SELECT content FROM read_text('/etc/passwd'))
            SELECT * FROM events WHERE source IN (SELECT content FROM read_text('/etc/passwd'))
            SELECT * FROM events ORDER BY (SELECT max(content) FROM read_text('/etc/passwd'))
            SELECT 1 LIMIT (SELECT length(content) FROM read_text('/etc/passwd'))
            SELECT * FROM unnest((SELECT list(content) FROM read_text('/etc/passwd')))
            SELECT * FROM events, LATERAL (SELECT * FROM read_text(message))
            SELECT list_transform([1], lambda x: (SELECT content FROM read_text('/etc/passwd')))
            WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT 1 FROM read_csv('/etc/passwd')
            WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 1 FROM '/etc/passwd') FROM a
            WITH "/etc/passwd" AS (SELECT 1) SELECT * FROM "/etc/passwd"
            WITH "a.csv" AS (SELECT 1) SELECT 1
            WITH duckdb_tables AS (SELECT 1) FROM duckdb_tables
            SELECT * FROM duckdb_views, (WITH duckdb_views AS (SELECT 1) SELECT 1)
            SELECT * FROM query('SELECT 1')
            SELECT * FROM query_table('events')
            SELECT * FROM query_table(['SEGMENT'])
            SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))
            SELECT json_serialize_sql('SELECT 1')
            SELECT getenv('HOME')
            SELECT GetEnv('HOME')
            SELECT current_setting('temp_directory')
            SELECT "current_setting"('allowed_paths')
            SELECT main.current_setting('allowed_paths')
            SELECT 'allowed_paths'.current_setting()
            SELECT getvariable('x')
            SELECT current_query()
            SELECT version()
            SELECT pg_get_viewdef(1)
            SELECT nextval('s')
            SELECT write_log('x')
            SELECT sleep_ms(1000)
            SELECT max(current_setting('temp_directory')) OVER ()
            SELECT * FROM duckdb_settings()
            SELECT * FROM duckdb_secrets()
            SELECT * FROM duckdb_views()
            SELECT * FROM duckdb_extensions()
            SELECT * FROM duckdb_temporary_files()
            SELECT * FROM duckdb_external_file_cache()
            SELECT * FROM duckdb_logs
            SELECT * FROM duckdb_views
            SELECT * FROM pragma_database_list
            SELECT * FROM pragma_table_info('events')
            SELECT * FROM sqlite_master
            SELECT * FROM information_schema.tables
            SELECT * FROM pg_catalog.pg_views
            SELECT * FROM pg_views
            SELECT * FROM main.events
            SELECT * FROM memory.main.events
            SELECT * FROM enable_logging()
            SELECT * FROM checkpoint()
            SELECT * FROM seq_scan('events')
            SHOW TABLES
            SHOW ALL TABLES
            SHOW DATABASES
            SELECT * FROM (SHOW TABLES)
            SELECT * INTO t FROM events
            PIVOT events ON level
            """;

    private static final String HARMLESS =
            """
            SELECT 1;
            select count(*) from EVENTS -- how many
            FROM events LIMIT 3
            TABLE events
            VALUES (1), (2)
            (SELECT 1) UNION (SELECT 2) ORDER BY 1
            WITH a AS (SELECT source FROM events), b AS (FROM a) SELECT * FROM b JOIN a USING (source)
            WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 9) FROM n
            WITH events AS (SELECT 1 AS one) SELECT one FROM events
            DESCRIBE events
            SUMMARIZE SELECT level, source FROM events
            SELECT * FROM range(3), unnest([1, 2]), generate_series(1, 2)
            SELECT key, value FROM events, json_each(tags)
            SELECT row_number() OVER (PARTITION BY source ORDER BY timestamp) FROM events QUALIFY 1 = 1
            SELECT * FROM events e WHERE EXISTS (FROM events f WHERE f.id = e.id) LIMIT 1
            SELECT [x * 2 for x in [1, 2]], CASE WHEN true THEN 'a' END, 1::VARCHAR || 'b;c'
            SELECT date_trunc('minute', timestamp), count(*) FROM events GROUP BY ALL
            SELECT time_bucket(INTERVAL 5 MINUTE, timestamp) FROM events WHERE timestamp < now()
            FROM events SELECT regexp_extract(message, '[a-z]+'), quantile_cont("payload.status"::INT, 0.9) GROUP BY 1
            SELECT * FROM events USING SAMPLE 10 ROWS
            PIVOT (SELECT source, level FROM events) ON level IN ('info', 'warn') USING count(*)
            SELECT '/etc/passwd', 'COPY x TO y', 'read_csv(''/etc/passwd'')'
            """;

    @TempDir static Path folder;
    private static SqlFixture fixture;

    @BeforeAll
    static void open() throws Exception {
        fixture = new SqlFixture(folder, new SqlBounds(128 << 20, 64 << 20, 1, 1));
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    private static String segment() throws Exception {
        try (var files = Files.list(folder.resolve("events"))) {
            return files.map(Path::toString).filter(f -> f.endsWith(".parquet")).findFirst().get();
        }
    }

    @Test
    void everyAttempt_isRefused_withoutNamingAPath() throws Exception {
        List<String> passed = new ArrayList<>();
        String segment = segment();
        List<String> attempts = ATTEMPTS.lines().map(a -> a.replace("SEGMENT", segment)).toList();
        assertThat(attempts).hasSizeGreaterThan(100);
        for (String attempt : attempts) {
            Throwable thrown =
                    catchThrowable(() -> fixture.run(attempt, SqlFixture.context(60_000)));
            boolean refused =
                    thrown instanceof BelfryException belfry
                            && belfry.code() == ErrorCode.VALIDATION_ERROR
                            && (attempt.contains(segment)
                                    || !belfry.getMessage().contains(folder.toString()));
            if (!refused) {
                passed.add(attempt + " -> " + thrown);
            }
        }
        assertThat(passed).isEmpty();
        assertThat(Path.of("/tmp/belfry-escape.csv")).doesNotExist();
    }

    @Test
    void harmlessQueries_pass() {
        List<String> refused = new ArrayList<>();
        for (String query : HARMLESS.lines().toList()) {
            Throwable thrown = catchThrowable(() -> fixture.run(query, SqlFixture.context(60_000)));
            if (thrown != null) {
                refused.add(query + " -> " + thrown.getMessage());
            }
        }
        assertThat(refused).isEmpty();
    }

    /* What a hole in the gate would meet. */
    @Test
    void instanceItself_isLocked() throws Exception {
        Path own = Files.createDirectories(folder.resolve("own"));
        List<String> passed = new ArrayList<>();
        SqlInstance instance =
                new SqlInstance(
                        new SqlBounds(128 << 20, 64 << 20, 1, 1),
                        own,
                        "",
                        Long.MAX_VALUE,
                        SqlFixture::noSamples,
                        SqlFixture.context(60_000));
        try (View view = fixture.store.view();
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            instance.configure(connection);
            instance.open(
                    connection,
                    view.files(Disk.real(), own),
                    new SqlInstance.Query("", "", List.of()));
            for (String attempt :
                    List.of(
                            "SELECT * FROM read_text('/etc/passwd')",
                            "SELECT * FROM glob('/etc/*')",
                            "COPY (SELECT 1) TO '/tmp/belfry-escape.csv'",
                            "COPY (SELECT 1) TO '" + folder.resolve("x.csv") + "'",
                            "ATTACH '/tmp/belfry-escape.db'",
                            "INSTALL httpfs",
                            "LOAD '/tmp/escape.so'",
                            "SET memory_limit = '100GB'",
                            "SET lock_configuration = false",
                            "SET enable_external_access = true",
                            "SET allowed_paths = ['/etc/passwd']",
                            "RESET temp_directory")) {
                try {
                    statement.execute(attempt);
                    passed.add(attempt);
                } catch (SQLException refused) {
                    assertThat(refused.getMessage()).doesNotContain("INTERNAL");
                }
            }
        }
        assertThat(passed).isEmpty();
    }

    @Test
    void deepNesting_isRefused_andEndsNothingElse() throws Exception {
        for (String query :
                List.of(
                        "SELECT " + "(".repeat(30_000) + "1" + ")".repeat(30_000),
                        "SELECT 1" + "+1".repeat(30_000),
                        "SELECT " + "NOT ".repeat(15_000) + "true",
                        "SELECT * FROM " + "(FROM ".repeat(5000) + "events" + ")".repeat(5000),
                        "SELECT '" + "x".repeat(70_000) + "'")) {
            Throwable thrown = catchThrowable(() -> fixture.run(query, SqlFixture.context(60_000)));
            assertThat(thrown).isInstanceOf(BelfryException.class);
        }
        assertThat(fixture.run("SELECT 1", SqlFixture.context(60_000)).rows()).hasSize(1);
    }
}
