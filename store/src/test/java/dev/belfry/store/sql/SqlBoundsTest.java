package dev.belfry.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.store.QueryContext;
import dev.belfry.testkit.CrashDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A query over one of its bounds fails alone, and takes nothing with it. */
class SqlBoundsTest {
    private static final String ENDLESS =
            "SELECT count(*) FROM range(10000000000) a, range(1000) b"
                    + " WHERE hash(a.range) = b.range";

    @TempDir Path folder;
    private SqlFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new SqlFixture(folder, new SqlBounds(48 << 20, 16 << 20, 1, 1));
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
        try (var left = Files.list(folder.resolve("sandbox"))) {
            assertThat(left).isEmpty();
        }
    }

    private void expectLimit(String sql, QueryContext context, String message) {
        expectLimit(sql, SqlFixture::noSamples, context, message);
    }

    private void expectLimit(
            String sql, SampleSource samples, QueryContext context, String message) {
        Throwable thrown = catchThrowable(() -> fixture.run(sql, samples, context));
        assertThat(thrown).isInstanceOf(BelfryException.class).hasMessageContaining(message);
        assertThat(((BelfryException) thrown).code()).isEqualTo(ErrorCode.QUERY_LIMIT);
        assertThat(thrown).hasMessageNotContaining(folder.toString());
    }

    @Test
    void withoutRoomForDuckDb_isRefused() throws Exception {
        assertThat(fixture.run("SELECT 1", SqlFixture.context(10_000)).rows()).hasSize(1);
        CrashDisk small = new CrashDisk();
        small.capacity(100 << 20);
        SqlSandbox sandbox =
                new SqlSandbox(small, Path.of("/sandbox"), new SqlBounds(48 << 20, 16 << 20, 1, 1));
        Throwable thrown =
                catchThrowable(() ->
                        fixture.run(
                                sandbox,
                                "SELECT 1",
                                SqlFixture::noSamples,
                                SqlFixture.context(10_000)));
        assertThat(thrown).isInstanceOf(BelfryException.class);
        assertThat(((BelfryException) thrown).code()).isEqualTo(ErrorCode.STORAGE_FULL);
        assertThat(thrown).hasMessageContaining("usable");
        assertThat(small.list(Path.of("/sandbox"))).isEmpty();
    }

    @Test
    void overItsMemory_failsAlone_whileAppendingGoesOn() throws Exception {
        CompletableFuture<Void> failed =
                CompletableFuture.runAsync(() ->
                        expectLimit(
                                "SELECT count(*) FROM (SELECT md5(i::VARCHAR) AS h,"
                                        + " list(i) FROM range(20000000) t(i) GROUP BY h)",
                                SqlFixture.context(120_000),
                                "memory"));
        int appended = 200;
        while (!failed.isDone() || appended < 1000) {
            fixture.append(100);
            appended += 100;
        }
        failed.join();
        Object count =
                fixture.store
                        .sql(
                                "SELECT count(*) FROM events",
                                SqlFixture::noSamples,
                                SqlFixture.context(60_000))
                        .rows()
                        .getFirst()[0];
        assertThat(count).isEqualTo((long) appended);
    }

    @Test
    void overItsTime_isInterrupted() throws Exception {
        long start = System.nanoTime();
        expectLimit(ENDLESS, SqlFixture.context(2000), "timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(fixture.run("SELECT 1", SqlFixture.context(60_000)).rows()).hasSize(1);
    }

    @Test
    void whenItsClientLeaves_isInterrupted_andTheNextGetsItsPlace() throws Exception {
        QueryContext context = SqlFixture.context(600_000);
        CompletableFuture<Void> ended =
                CompletableFuture.runAsync(() -> expectLimit(ENDLESS, context, "cancelled"));
        expectLimit("SELECT " + ENDLESS.substring(7), SqlFixture.context(1000), "timeout");
        context.cancel();
        ended.join();
        assertThat(fixture.run("SELECT 1", SqlFixture.context(60_000)).rows()).hasSize(1);
    }

    @Test
    void overItsShareOfTheHeap_fails() {
        expectLimit(
                "SELECT (SELECT string_agg('x' || i) FROM range(200000) AS r (i)) FROM range(200)",
                SqlFixture.context(60_000),
                "memory");
    }

    private static SeriesSamples series(int number) {
        long[] times = new long[5000];
        double[] values = new double[times.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1_700_000_000_000L + 15_000L * i;
            values[i] = Math.sqrt(number + i);
        }
        Labels labels = Labels.of("__name__", "m", "number", "" + number);
        return new SeriesSamples(labels, times, values, null, times.length);
    }

    /* 5000 samples of each. */
    private static SampleSource many(int series) {
        return (selector, start, end, target) -> {
            for (int i = 0; i < series; i++) {
                target.accept(series(i));
            }
        };
    }

    @Test
    void moreSamplesThanFit_areSpilt_orTheQueryFailsAlone() throws Exception {
        String sql = "SELECT count(*), count(DISTINCT labels) FROM samples('m', 0, now())";
        assertThat(fixture.run(sql, many(200), SqlFixture.context(60_000)).rows().getFirst())
                .containsExactly(1_000_000L, 200L);
        expectLimit(sql, many(Integer.MAX_VALUE), SqlFixture.context(120_000), "memory");
        assertThat(fixture.run("SELECT 1", SqlFixture.context(60_000)).rows()).hasSize(1);
    }

    @Test
    void samplesThatAreReadForTooLong_areInterrupted() throws Exception {
        SampleSource slow =
                (selector, start, end, target) -> {
                    while (true) {
                        target.accept(
                                new SeriesSamples(
                                        Labels.EMPTY, new long[0], new double[0], null, 0));
                    }
                };
        expectLimit("SELECT * FROM samples('m', 0, 1)", slow, SqlFixture.context(1000), "timeout");
        assertThat(fixture.run("SELECT 1", SqlFixture.context(60_000)).rows()).hasSize(1);
    }
}
