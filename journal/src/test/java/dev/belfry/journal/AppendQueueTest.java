package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AppendQueueTest {
    private static final int SMALL = 1000;
    private static final int LARGE = 100_000;

    private final AppendQueue queue = new AppendQueue(10L * LARGE);

    @Test
    void take_givesSmallAppendsFirst_eachKindInTheOrderInWhichItCame() throws Exception {
        List<PendingAppend> large = List.of(offered(LARGE), offered(LARGE));
        List<PendingAppend> small = List.of(offered(SMALL), offered(SMALL));
        assertThat(queue.take(10L * LARGE, 1))
                .containsExactly(small.get(0), small.get(1), large.get(0), large.get(1));
        assertThat(queue.take(10L * LARGE, 1)).isEmpty();
    }

    @Test
    void take_givesAtMostAGroup_andOneLargeAppendInAnyCase() throws Exception {
        PendingAppend first = offered(LARGE);
        PendingAppend second = offered(LARGE);
        PendingAppend third = offered(LARGE);
        PendingAppend small = offered(SMALL);
        PendingAppend other = offered(SMALL);
        assertThat(queue.take(SMALL + SMALL / 2, 1)).containsExactly(small, first);
        assertThat(queue.take(SMALL + SMALL / 2, 1)).containsExactly(other, second);
        assertThat(queue.take(1, 1)).containsExactly(third);
        assertThat(queue.isDrained()).isFalse();
        queue.close();
        assertThat(queue.isDrained()).isTrue();
    }

    @Test
    void bytes_countUntilTheGroupIsDone() throws Exception {
        PendingAppend large = offered(LARGE);
        PendingAppend small = offered(SMALL);
        List<PendingAppend> group = queue.take(10L * LARGE, 1);
        long both = large.frameBytes() + small.frameBytes();
        assertThat(queue.bytes()).isEqualTo(both);
        queue.done(group);
        assertThat(queue.bytes()).isZero();
    }

    private PendingAppend offered(int bytes) {
        Append request =
                new Append(Stream.EVENTS, 0, 1, new byte[bytes], bytes, 1, "user:test", null, null);
        PendingAppend append = new PendingAppend(request, Codec.NONE);
        assertThat(queue.offer(append)).isEqualTo(AppendQueue.Offer.TAKEN);
        return append;
    }
}
