package dev.belfry.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class QueryMemoryTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final QueryMemory memory = new QueryMemory(4 << 20);

    @Test
    void answerThatIsNotRead_givesWayToAQueryThatFindsNoRoom() {
        AtomicLong stalledNanos = new AtomicLong();
        QueryMemory.Share answer = memory.share();
        assertThat(answer.grow(3 << 20)).isTrue();
        answer.keepUntilSent(stalledNanos::get, answer::close);
        try (QueryMemory.Share other = memory.share()) {
            assertThat(other.grow(2 << 20)).isFalse();
            assertThat(other.grow(2 << 20)).as("it is being read").isFalse();
            assertThat(memory.takenBytes()).isEqualTo(3 << 20);
            stalledNanos.set(LONG_NANOS);
            assertThat(other.grow(2 << 20)).isFalse();
            assertThat(other.grow(2 << 20)).isTrue();
            assertThat(answer.grow(1)).as("what was given up").isFalse();
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    void largestUnreadAnswer_isGivenUp_andOnlyOnce() {
        AtomicBoolean largeEnded = new AtomicBoolean();
        AtomicBoolean smallEnded = new AtomicBoolean();
        QueryMemory.Share small = memory.share();
        QueryMemory.Share large = memory.share();
        assertThat(small.grow(1 << 20)).isTrue();
        assertThat(large.grow(2 << 20)).isTrue();
        small.keepUntilSent(() -> LONG_NANOS, () -> smallEnded.set(true));
        large.keepUntilSent(() -> LONG_NANOS, () -> largeEnded.set(true));
        try (QueryMemory.Share other = memory.share()) {
            assertThat(other.grow(2 << 20)).isFalse();
            assertThat(largeEnded).isTrue();
            assertThat(smallEnded).isFalse();
            assertThat(other.grow(2 << 20)).isFalse();
            assertThat(smallEnded).isTrue();
        }
    }

    @Test
    void queryThatEnded_orWantsMoreThanThereIs_costsNoAnswer() {
        AtomicBoolean ended = new AtomicBoolean();
        QueryMemory.Share answer = memory.share();
        assertThat(answer.grow(3 << 20)).isTrue();
        answer.keepUntilSent(() -> LONG_NANOS, () -> ended.set(true));
        QueryMemory.Share other = memory.share();
        assertThat(other.grow(5 << 20)).isFalse();
        other.close();
        assertThat(other.grow(2 << 20)).isFalse();
        assertThat(ended).isFalse();
    }

    @Test
    void queryThatWaits_getsTheRoomOfAnAnswerThatStalls() throws Exception {
        AtomicLong asked = new AtomicLong();
        QueryMemory.Share answer = memory.share();
        assertThat(answer.grow(4 << 20)).isTrue();
        answer.keepUntilSent(() -> asked.incrementAndGet() > 2 ? LONG_NANOS : 0, answer::close);
        try (QueryMemory.Share other = memory.share()) {
            assertThat(other.grow(1 << 20)).isFalse();
            assertThat(other.awaitRoom(TimeUnit.MINUTES.toNanos(1))).isTrue();
            assertThat(other.grow(1 << 20)).isTrue();
        }
    }
}
