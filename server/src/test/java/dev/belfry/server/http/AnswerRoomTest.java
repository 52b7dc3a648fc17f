package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AnswerRoomTest {
    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private final AnswerRoom room = new AnswerRoom(100, now::get);
    private final List<String> givenUp = new ArrayList<>();

    @Test
    void room_isGivenBack() throws Exception {
        AnswerRoom.Held first = take("a", 60);
        take("b", 40);
        first.release();
        first.release();
        assertThat(room.bytes()).isEqualTo(40);
        take("a", 60);
        assertThat(room.bytes()).isEqualTo(100);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void oldest_ofWhoHoldsMost_makesRoom_onceItHadAWhile() throws Exception {
        take("a", 20);
        take("b", 30);
        take("b", 30);
        now.addAndGet(3 * SECOND);
        take("c", 50);
        assertThat(givenUp).containsExactly("b");
        assertThat(room.bytes()).isEqualTo(100);
    }

    @Test
    void newOne_waitsForOneThatIsRead() throws Exception {
        AnswerRoom.Held first = take("a", 80);
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> {
                    try {
                        take("b", 50);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        while (!room.isAwaited()) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> take("c", 60)).isInstanceOf(AnswerRoom.NoRoomException.class);
        first.release();
        second.join();
        assertThat(room.bytes()).isEqualTo(50);
        assertThat(givenUp).isEmpty();
    }

    @Test
    void oneAlone_mayBeOverTheBound() throws Exception {
        take("a", 500).release();
        take("a", 10);
        now.addAndGet(3 * SECOND);
        take("b", 500);
        assertThat(givenUp).containsExactly("a");
        assertThat(room.bytes()).isEqualTo(500);
    }

    private AnswerRoom.Held take(String owner, long bytes) throws Exception {
        return room.take(owner, bytes, () -> givenUp.add(owner));
    }
}
