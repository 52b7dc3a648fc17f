package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.metadata.MetadataException.Reason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What both databases must do alike. */
abstract class MetadataStoreContract {
    /** The same database at each call within one test. */
    abstract MetadataConfig config();

    @Test
    void newDatabase_isEmptyButForItsSchema() {
        try (MetadataStore store = MetadataStore.open(config())) {
            for (String table : List.of("users", "user_sources", "sessions", "api_keys", "audit")) {
                assertThat(count(store, table)).as(table).isZero();
            }
        }
    }

    @Test
    void rows_areThereAfterReopening() {
        try (MetadataStore store = MetadataStore.open(config())) {
            store.write(handle -> put(handle, "a", "1"));
        }
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThat(value(store, "a")).isEqualTo("1");
        }
    }

    @Test
    void failedWrite_leavesNothing() {
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThatThrownBy(() ->
                            store.write(handle -> {
                                put(handle, "a", "1");
                                throw new IllegalArgumentException("changed mind");
                            }))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(count(store, "settings WHERE name = 'a'")).isZero();
        }
    }

    @Test
    void write_isSeenByTheNextRead() {
        try (MetadataStore store = MetadataStore.open(config())) {
            for (int i = 0; i < 50; i++) {
                String name = "n" + i;
                store.write(handle -> put(handle, name, "x"));
                assertThat(value(store, name)).isEqualTo("x");
            }
        }
    }

    @Test
    void foreignKeys_areHeld() {
        try (MetadataStore store = MetadataStore.open(config())) {
            assertThatThrownBy(() ->
                            store.write(handle ->
                                    handle.execute(
                                            "INSERT INTO user_sources"
                                                    + " VALUES ('nobody', 'x')")))
                    .isInstanceOf(DatabaseException.class);
        }
    }

    @Test
    void auditTrail_refusesChangeAndRemoval() {
        try (MetadataStore store = MetadataStore.open(config())) {
            store.write(handle ->
                    handle.execute(
                            "INSERT INTO audit (at, actor, actor_name, action, address,"
                                    + " details) VALUES (1, 'a', 'a', 'x', 'y', '{}')"));
            for (String sql : List.of("UPDATE audit SET actor = 'b'", "DELETE FROM audit")) {
                assertThatThrownBy(() -> store.write(handle -> handle.execute(sql)))
                        .hasMessageContaining("append-only");
            }
            assertThat(count(store, "audit WHERE actor = 'a'")).isOne();
        }
    }

    @Test
    void concurrentWrites_areAllKept() throws Exception {
        int writers = 8;
        int writesEach = 25;
        try (MetadataStore store = MetadataStore.open(config());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            store.write(handle -> put(handle, "counter", "0"));
            List<Callable<Integer>> tasks =
                    IntStream.range(0, writers)
                            .<Callable<Integer>>mapToObj(_ -> () -> countUp(store, writesEach))
                            .toList();
            for (Future<Integer> done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isEqualTo(writesEach);
            }

            assertThat(value(store, "counter")).isEqualTo("" + writers * writesEach);
        }
    }

    @Test
    void newestMigration_isTheOneThatTheProgramExpects() {
        try (MetadataStore store = MetadataStore.open(config())) {
            int newest =
                    Arrays.stream(
                                    Migrations.flyway(store.source(), store.kind(), "unused")
                                            .info()
                                            .all())
                            .mapToInt(info -> Integer.parseInt(info.getVersion().getVersion()))
                            .max()
                            .orElseThrow();
            assertThat(newest).isEqualTo(Migrations.NEWEST);
        }
    }

    @Test
    void newerSchema_isRefusedUntouched() {
        try (MetadataStore store = MetadataStore.open(config())) {
            store.write(handle ->
                    handle.execute(
                            "INSERT INTO schema_history (installed_rank, version,"
                                    + " description, type, script, installed_by,"
                                    + " execution_time, success) VALUES (99, '99', 'later',"
                                    + " 'SQL', 'V99__later.sql', 'x', 1, TRUE)"));
        }

        MetadataException refused =
                catchThrowableOfType(
                        MetadataException.class, () -> MetadataStore.open(config()).close());

        assertThat(refused.reason()).isEqualTo(Reason.SCHEMA_TOO_NEW);
        assertThat(refused).hasMessageContaining("version 99").hasMessageContaining("newer Belfry");
    }

    @Test
    void probe_saysUpQuickly() {
        try (MetadataStore store = MetadataStore.open(config())) {
            MetadataHealth health = store.healthy(Duration.ofSeconds(5));

            assertThat(health.up()).isTrue();
            assertThat(health.problem()).isNull();
            assertThat(health.durationNanos()).isPositive();
        }
    }

    @Test
    void probe_afterClose_saysDown() {
        MetadataStore store = MetadataStore.open(config());
        store.close();

        MetadataHealth health = store.healthy(Duration.ofSeconds(5));

        assertThat(health.up()).isFalse();
        assertThat(health.problem()).isNotBlank();
    }

    @Test
    void probe_whileAllConnectionsAreBusy_isGivenUpAfterItsLimit() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (MetadataStore store = MetadataStore.open(config());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < store.poolStatus().max(); i++) {
                threads.submit(() -> store.read(_ -> await(release)));
            }
            while (store.poolStatus().waiting() == 0
                    && store.poolStatus().active() < store.poolStatus().max()) {
                Thread.onSpinWait();
            }

            MetadataHealth health = store.healthy(Duration.ofMillis(20));
            release.countDown();

            assertThat(health.up()).isFalse();
            assertThat(health.problem()).isEqualTo("no answer within 20 ms");
        }
    }

    @Test
    void observer_isToldOfEachUse() {
        AtomicInteger good = new AtomicInteger();
        AtomicInteger bad = new AtomicInteger();
        MetadataObserver observer =
                new MetadataObserver() {
                    @Override
                    public void used(long durationNanos, boolean succeeded) {
                        (succeeded ? good : bad).incrementAndGet();
                    }

                    @Override
                    public void connectionFailed() {}
                };
        try (MetadataStore store = MetadataStore.open(config(), observer)) {
            count(store, "settings");
            assertThatThrownBy(() -> count(store, "nonsense"));
        }

        assertThat(good).hasValue(1);
        assertThat(bad).hasValue(1);
    }

    @Test
    void pool_isBounded() {
        try (MetadataStore store = MetadataStore.open(config())) {
            PoolStatus status = store.poolStatus();

            assertThat(status.active() + status.idle()).isBetween(1, status.max());
            assertThat(status.waiting()).isZero();
        }
    }

    static int put(Handle handle, String name, String value) {
        return handle.createUpdate(
                        "INSERT INTO settings (name, value, updated_at) VALUES (:name, :value, 1)")
                .bind("name", name)
                .bind("value", value)
                .execute();
    }

    static String value(MetadataStore store, String name) {
        return store.read(handle -> value(handle, name));
    }

    static long count(MetadataStore store, String from) {
        return store.read(handle ->
                handle.createQuery("SELECT count(*) FROM " + from)
                        .map(row -> row.getLong(1))
                        .one());
    }

    private static String value(Handle handle, String name) {
        return handle.createQuery("SELECT value FROM settings WHERE name = :name")
                .bind("name", name)
                .map(row -> row.getString(1))
                .one();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int countUp(MetadataStore store, int times) {
        for (int i = 0; i < times; i++) {
            store.write(handle -> {
                handle.execute("UPDATE settings SET updated_at = 2 WHERE name = 'identity.lock'");
                int before = Integer.parseInt(value(handle, "counter"));
                return handle.createUpdate(
                                "UPDATE settings SET value = :value WHERE name = 'counter'")
                        .bind("value", "" + (before + 1))
                        .execute();
            });
        }
        return times;
    }
}
