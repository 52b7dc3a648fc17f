package dev.belfry.server.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class NicenessTest {
    private static final int NICE_FIELD = 19;

    @Test
    @EnabledOnOs(OS.LINUX)
    void raise_isOfTheCallingThreadAlone() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        int before = niceness();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            seen.add(niceness());
                            Niceness.raise(2);
                            seen.add(niceness());
                        });
        thread.join();
        assertThat(seen).containsExactly(before, Math.min(19, before + 2));
        assertThat(niceness()).isEqualTo(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void raise_byName_isOfThoseThreadsAlone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        int before = niceness();
        List<Path> places =
                List.of(place("stands-back-1", ended).join(), place("stands-back-2", ended).join());
        Path other = place("does-not", ended).join();
        try {
            assertThat(Niceness.raise("stands-back-", 2)).isEqualTo(2);
            for (Path place : places) {
                assertThat(niceness(place)).isEqualTo(Math.min(19, before + 2));
            }
            assertThat(niceness(other)).isEqualTo(before);
            assertThat(niceness()).isEqualTo(before);
        } finally {
            ended.countDown();
        }
    }

    @Test
    void raise_byANameThatNoneHas_isOfNone() {
        assertThat(Niceness.raise("no-such-thread", 2)).isZero();
    }

    /** Where the system has a new thread, which lives until {@code ended}. */
    private static CompletableFuture<Path> place(String name, CountDownLatch ended) {
        CompletableFuture<Path> place = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(() -> {
                    try {
                        place.complete(Path.of("/proc/thread-self").toRealPath());
                        ended.await();
                    } catch (IOException | InterruptedException e) {
                        place.completeExceptionally(e);
                    }
                });
        return place;
    }

    private static int niceness() {
        return niceness(Path.of("/proc/thread-self"));
    }

    private static int niceness(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Integer.parseInt(fields[NICE_FIELD - 3]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
