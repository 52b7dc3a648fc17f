package dev.belfry.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.metadata.MetadataHealth;
import dev.belfry.store.MetricStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class ChecksTest {
    @Test
    void database_thatDoesNotAnswer_isDown() {
        assertThat(Checks.database(new MetadataHealth(true, 1, null))).isEqualTo(Check.UP);
        assertThat(Checks.database(new MetadataHealth(false, 1, "gone")).status())
                .isEqualTo(Check.Status.DOWN);
    }

    @Test
    void databaseThatIsSlow_countsByItsLastAnswer() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        AtomicLong now = new AtomicLong();
        DatabaseCheck check =
                new DatabaseCheck(
                        _ -> {
                            if (!first.getAndSet(false)) {
                                try {
                                    slow.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                            return new MetadataHealth(true, 1, null);
                        },
                        now::get);
        while (!check.check().equals(Check.UP)) {
            Thread.onSpinWait();
        }
        now.addAndGet(2_000_000_000L);
        assertThat(check.check()).isEqualTo(Check.UP);
        now.addAndGet(6_000_000_000L);
        assertThat(check.check().status()).isEqualTo(Check.Status.DOWN);
        slow.countDown();
    }

    @Test
    void database_isAskedOnceASecondAtMost() {
        AtomicInteger asked = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        DatabaseCheck check =
                new DatabaseCheck(
                        _ -> new MetadataHealth(asked.incrementAndGet() == 1, 1, "gone"), now::get);
        assertThat(check.check()).isEqualTo(Check.UP);
        now.addAndGet(999_000_000L);
        assertThat(check.check()).isEqualTo(Check.UP);
        assertThat(asked).hasValue(1);
        now.addAndGet(2_000_000L);
        while (check.check().equals(Check.UP)) {
            Thread.onSpinWait(); // Asked in the background: this answer may still be the last one.
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void disk_thatIsFullOrGone_isDown() {
        assertThat(Checks.disk(50L << 30, 100L << 30, true)).isEqualTo(Check.UP);
        assertThat(Checks.disk(1L << 30, 100L << 30, true).status())
                .isEqualTo(Check.Status.DEGRADED);
        assertThat(Checks.disk(1L << 20, 100L << 30, true).status()).isEqualTo(Check.Status.DOWN);
        assertThat(Checks.disk(50L << 30, 100L << 30, false).status()).isEqualTo(Check.Status.DOWN);
        assertThat(Checks.disk(Path.of("/there/is/no/such/folder")).status())
                .isEqualTo(Check.Status.DOWN);
    }

    @Test
    void memory_thatIsUsedUp_isDown() {
        assertThat(Checks.memory(50, 100)).isEqualTo(Check.UP);
        assertThat(Checks.memory(96, 100).status()).isEqualTo(Check.Status.DEGRADED);
        assertThat(Checks.memory(100, 100).status()).isEqualTo(Check.Status.DOWN);
        assertThat(Checks.memory()).isEqualTo(Check.UP);
    }

    @Test
    void metrics_thatDoNotBecomeReadable_areDown() {
        assertThat(Checks.metrics(metrics(0, "", List.of()))).isEqualTo(Check.UP);
        Check behind = Checks.metrics(metrics(65L << 20, "", List.of()));
        assertThat(behind.status()).isEqualTo(Check.Status.DOWN);
        assertThat(behind.problem()).contains("68157440 bytes of metrics are not readable yet");
        Check failing = Checks.metrics(metrics(0, "no room", List.of()));
        assertThat(failing.status()).isEqualTo(Check.Status.DEGRADED);
        assertThat(failing.problem()).contains("no room");
        Check damaged = Checks.metrics(metrics(0, "", List.of("block 7")));
        assertThat(damaged.status()).isEqualTo(Check.Status.DEGRADED);
        assertThat(damaged.problem()).contains("block 7");
    }

    private static MetricStatus metrics(long lagBytes, String failure, List<String> damage) {
        int damages = damage.size();
        return new MetricStatus(
                1, 1, 1, 1, 1, 1, 1, 1, lagBytes, 0, 0, 0, 0, 0, 0, 0, 0, damages, damage, failure);
    }

    @Test
    void health_isAsBadAsItsWorstPart() {
        Map<String, Supplier<Check>> parts = new LinkedHashMap<>();
        parts.put("good", () -> Check.UP);
        assertThat(new Health(parts).report().coreStatus()).isEqualTo("healthy");
        parts.put("limping", () -> Check.degraded("slow"));
        assertThat(new Health(parts).report().coreStatus()).isEqualTo("degraded");
        parts.put(
                "broken",
                () -> {
                    throw new IllegalStateException("no");
                });
        Health.Report report = new Health(parts).report();
        assertThat(report.coreStatus()).isEqualTo("unhealthy");
        assertThat(report.checks().get("broken").problem()).isEqualTo("no");
    }

    @Test
    void liveness_seesAStuckLoopAndADeadlock() throws InterruptedException {
        ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        try (Liveness liveness = new Liveness(List.of(loop), () -> new long[0])) {
            assertThat(liveness.check()).isEqualTo(Check.UP);
            loop.execute(() -> {
                entered.countDown();
                try {
                    stuck.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
            entered.await();
            assertThat(liveness.check(Duration.ZERO).status()).isEqualTo(Check.Status.DOWN);
        } finally {
            stuck.countDown();
            loop.shutdownNow();
        }
        try (Liveness deadlocked = new Liveness(List.of(), () -> new long[] {1, 2})) {
            assertThat(deadlocked.check().problem()).contains("2 threads");
        }
    }
}
