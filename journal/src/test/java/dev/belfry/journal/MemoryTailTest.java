package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What stays in memory, and for whom. */
final class MemoryTailTest {
    private static final int BODY = 100 << 10;
    private static final Set<Stream> EVENTS = Set.of(Stream.EVENTS);

    private final MemoryTail tail = new MemoryTail(100, 8 << 20, 0);

    @Test
    void framesThatEveryReaderHasSeen_goButForTheNewest() {
        Object quick = new Object();
        Object slow = new Object();
        tail.attach(quick, EVENTS, 0);
        tail.attach(slow, EVENTS, 0);
        publish(40);
        assertThat(read(quick, 0)).isEqualTo(40);
        assertThat(tail.frames()).as("the slow one needs them").isEqualTo(40);
        assertThat(read(slow, 0)).isEqualTo(40);
        assertThat(tail.bytes()).isBetween(1L, Limits.TAIL_SEEN_BYTES);
        assertThat(read(quick, 40)).isEqualTo(40);
    }

    @Test
    void readerThatEnded_holdsNothing() {
        Object ended = new Object();
        Object quick = new Object();
        tail.attach(ended, EVENTS, 0);
        tail.attach(quick, EVENTS, 0);
        publish(40);
        tail.detach(ended);
        read(quick, 0);
        assertThat(tail.bytes()).isLessThanOrEqualTo(Limits.TAIL_SEEN_BYTES);
        assertThat(read(new Object(), 0)).as("not in memory").isEqualTo(-1);
    }

    private long read(Object reader, long offset) {
        return tail.read(reader, offset, EVENTS, 1000, Long.MAX_VALUE, new ArrayList<>());
    }

    private void publish(int count) {
        List<Frame> frames = new ArrayList<>();
        for (int offset = 0; offset < count; offset++) {
            frames.add(
                    new Frame(
                            Stream.EVENTS, 0, 1, offset, 1, 0, 1, "", new byte[BODY], BODY, null));
        }
        tail.publish(frames);
    }
}
