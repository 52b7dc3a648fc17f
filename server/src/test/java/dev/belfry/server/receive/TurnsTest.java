package dev.belfry.server.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    @Test
    void oneThatSendsMuch_costsAnotherOneTurn() throws InterruptedException {
        Turns turns = new Turns(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            tasks.execute(() ->
                    turns.in(
                            "much",
                            () -> {
                                begun.countDown();
                                await(go);
                                return done.add("much");
                            }));
            begun.await();
            for (int i = 1; i <= 40; i++) {
                tasks.execute(() -> turns.in("much", () -> done.add("much")));
                awaitWaiting(turns, i);
            }
            tasks.execute(() -> turns.in("modest", () -> done.add("modest")));
            awaitWaiting(turns, 41);
            go.countDown();
        }
        assertThat(done).hasSize(42);
        assertThat(done.indexOf("modest")).isEqualTo(2);
    }

    @Test
    void whatGoesOn_isDoneBeforeWhatBegins_butNotBeforeOtherSenders() throws InterruptedException {
        Turns turns = new Turns(1);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            tasks.execute(() ->
                    turns.in(
                            "much",
                            () -> {
                                begun.countDown();
                                await(go);
                                return done.add("much begins");
                            }));
            begun.await();
            tasks.execute(() -> turns.in("modest", () -> done.add("modest begins")));
            awaitWaiting(turns, 1);
            tasks.execute(() -> turns.in("much", () -> done.add("much begins")));
            awaitWaiting(turns, 2);
            tasks.execute(() -> turns.ahead("much", () -> done.add("much goes on")));
            awaitWaiting(turns, 3);
            go.countDown();
        }
        assertThat(done)
                .containsExactly("much begins", "modest begins", "much goes on", "much begins");
    }

    @Test
    void moreThanTheMost_neverWorkAtOnce() {
        Turns turns = new Turns(3);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1_000; i++) {
                String sender = "sender-" + i % 7;
                tasks.execute(() ->
                        turns.in(
                                sender,
                                () -> {
                                    int now = working.incrementAndGet();
                                    Thread.yield();
                                    working.decrementAndGet();
                                    return most.accumulateAndGet(now, Math::max);
                                }));
            }
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void workThatFails_givesItsTurnBack() {
        Turns turns = new Turns(1);
        assertThatThrownBy(() ->
                        turns.in(
                                "a",
                                () -> {
                                    throw new IllegalArgumentException("bad");
                                }))
                .hasMessage("bad");
        assertThat(turns.in("b", () -> "good")).isEqualTo("good");
    }

    @Test
    void inThreads_workIsDoneInThreadsOfTheirOwn_andFailuresComeBackAsTheyAre() {
        Turns turns = Turns.inThreads(1, "turns-test-", 1);
        assertThat(turns.in("a", () -> Thread.currentThread().getName())).startsWith("turns-test-");
        assertThatThrownBy(() ->
                        turns.in(
                                "a",
                                () -> {
                                    throw new IllegalArgumentException("bad");
                                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad");
        assertThatThrownBy(() ->
                        turns.in(
                                "a",
                                () -> {
                                    throw new StackOverflowError("deep");
                                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(turns.ahead("b", () -> Thread.currentThread().isDaemon())).isTrue();
    }

    private static void awaitWaiting(Turns turns, int count) {
        while (turns.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
