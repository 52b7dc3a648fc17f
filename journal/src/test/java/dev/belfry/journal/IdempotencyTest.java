package dev.belfry.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that is sent twice is written once. */
final class IdempotencyTest {
    private final CrashDisk disk = new CrashDisk();
    private final SimulatedClock clock = new SimulatedClock();

    @ParameterizedTest(name = "{5}")
    @CsvSource({
        "key:a, /events, k1, one, replayed, the same request",
        "key:a, /events, k1, two, refused,  another body",
        "key:a, /events, k2, one, written,  another key",
        "key:a, /other,  k1, one, written,  another path",
        "key:b, /events, k1, one, written,  another principal",
        "key:a, /events, k1, '',  refused,  an empty body",
        "key:,  a/events, k1, one, written, the same letters parted elsewhere",
    })
    void secondRequest(
            String principal, String path, String key, String body, String outcome, String what)
            throws Exception {
        for (boolean restarted : new boolean[] {false, true}) {
            CrashDisk fresh = new CrashDisk();
            Journal journal = open(fresh);
            Appended first = journal.append(request("key:a", "/events", "k1", "one"));
            if (restarted) {
                journal.close();
                journal = open(fresh);
            }
            assertThat(outcome(journal, request(principal, path, key, body), first))
                    .as("%s, restarted: %s", what, restarted)
                    .isEqualTo(outcome);
            journal.close();
        }
    }

    @Test
    void sameRequest_whileTheFirstIsUnderWay_waitsAndGetsItsAnswer() throws Exception {
        try (Journal journal = open(disk);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Appended>> answers = new ArrayList<>();
            for (int client = 0; client < 50; client++) {
                answers.add(
                        clients.submit(() -> journal.append(request("key:a", "/", "k", "same"))));
            }
            int written = 0;
            for (Future<Appended> answer : answers) {
                assertThat(answer.get().baseOffset()).isZero();
                written += answer.get().replayed() ? 0 : 1;
            }
            assertThat(written).isEqualTo(1);
            assertThat(journal.durableEnd()).isEqualTo(1);
        }
    }

    @Test
    void key_isForgottenAfterADay() throws Exception {
        try (Journal journal = open(disk)) {
            Append request = request("key:a", "/", "k", "body");
            journal.append(request);
            clock.advance(Duration.ofHours(24));
            assertThat(journal.append(request).replayed()).isTrue();
            clock.advance(Duration.ofMillis(1));
            assertThat(journal.append(request).replayed()).isFalse();
        }
    }

    @Test
    void key_isForgottenWhenThereAreEnoughNewerOnes() throws Exception {
        JournalConfig config = CrashScenario.CONFIG.withIdempotency(100, Duration.ofHours(24));
        try (Journal journal = Journal.open(config, disk, CrashScenario.FOLDER, clock)) {
            for (int index = 0; index < 100; index++) {
                journal.append(request("key:a", "/", "k" + index, "body"));
            }
            assertThat(journal.append(request("key:a", "/", "k0", "body")).replayed()).isTrue();
            journal.append(request("key:a", "/", "k100", "body"));
            assertThat(journal.status().idempotencyKeys()).isEqualTo(100);
            assertThat(journal.append(request("key:a", "/", "k1", "body")).replayed()).isTrue();
            assertThat(journal.append(request("key:a", "/", "k0", "body")).replayed()).isFalse();
        }
    }

    @Test
    void keys_surviveTrimming_andManyRestarts() throws Exception {
        Map<String, Long> offsets = new HashMap<>();
        for (int start = 0; start < 40; start++) {
            try (Journal journal = open(disk)) {
                for (int index = 0; index < 5; index++) {
                    String key = start + "-" + index;
                    Append request = request("key:a", "/", key, "x".repeat(1000));
                    offsets.put(key, journal.append(request).baseOffset());
                }
                journal.pin("store", journal.durableEnd());
                journal.trim();
            }
        }
        assertThat(disk.list(CrashScenario.FOLDER.resolve("idempotency")))
                .hasSizeLessThanOrEqualTo(Limits.KEY_FILES_MAX + 1);
        try (Journal journal = open(disk)) {
            assertThat(journal.firstOffset()).isGreaterThan(150);
            offsets.forEach((key, offset) -> {
                Appended again = journal.append(request("key:a", "/", key, "x".repeat(1000)));
                assertThat(again.replayed()).as(key).isTrue();
                assertThat(again.baseOffset()).isEqualTo(offset);
            });
        }
    }

    @Test
    void index_isLikeAPlainMap() {
        SplittableRandom random = Seeds.random("index_isLikeAPlainMap");
        IdempotencyIndex index = new IdempotencyIndex(300, 5000);
        Map<Idempotency, IdempotencyIndex.Entry> plain = new HashMap<>();
        List<IdempotencyIndex.Entry> order = new ArrayList<>();
        long now = 1_768_000_000_000L;
        for (int step = 0; step < 20_000; step++) {
            now += random.nextInt(30);
            /* Few distinct homes in the table, so that there are long runs. */
            Idempotency key = new Idempotency(random.nextInt(8), random.nextLong(900) << 32, 0, 0);
            long oldest = now - 5000;
            order.removeIf(entry -> entry.receivedMillis() < oldest);
            plain.values().removeIf(entry -> entry.receivedMillis() < oldest);
            assertThat(index.find(key, now)).isEqualTo(plain.get(key));
            if (!plain.containsKey(key)) {
                IdempotencyIndex.Entry entry = new IdempotencyIndex.Entry(key, step, 7, now);
                index.put(entry);
                if (order.size() == 300) {
                    plain.remove(order.removeFirst().key());
                }
                order.add(entry);
                plain.put(key, entry);
            }
            assertThat(index.size()).isEqualTo(order.size());
        }
        assertThat(index.from(0)).containsExactlyElementsOf(order);
    }

    private static String outcome(Journal journal, Append request, Appended first) {
        Appended[] answer = new Appended[1];
        BelfryException refused =
                catchThrowableOfType(
                        BelfryException.class, () -> answer[0] = journal.append(request));
        if (refused != null) {
            assertThat(refused.code()).isEqualTo(ErrorCode.QUERY_LIMIT);
            return "refused";
        }
        if (answer[0].replayed()) {
            assertThat(answer[0].baseOffset()).isEqualTo(first.baseOffset());
            assertThat(answer[0].receivedMillis()).isEqualTo(first.receivedMillis());
            assertThat(answer[0].count()).isEqualTo(first.count());
            return "replayed";
        }
        return "written";
    }

    private static Append request(String principal, String path, String key, String body) {
        return JournalTest.append(
                body, 1, Idempotency.of(principal, path, key, body.getBytes(UTF_8)), null);
    }

    private Journal open(CrashDisk on) throws Exception {
        return Journal.open(CrashScenario.CONFIG, on, CrashScenario.FOLDER, clock);
    }
}
