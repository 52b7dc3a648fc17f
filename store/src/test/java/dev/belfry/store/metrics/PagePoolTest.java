package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PagePoolTest {
    private static final int KEPT = 30;

    private static List<MemorySegment> take(PagePool pool, int count) {
        List<MemorySegment> chunks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            MemorySegment chunk = pool.take();
            assertThat(chunk.byteSize()).isEqualTo(PagePool.CHUNK_BYTES);
            chunk.fill((byte) i);
            chunks.add(chunk);
        }
        return chunks;
    }

    private static Set<Long> addresses(List<MemorySegment> chunks) {
        Set<Long> found = new HashSet<>();
        chunks.forEach(chunk -> found.add(chunk.address()));
        return found;
    }

    @Test
    void chunks_areApart() {
        List<MemorySegment> chunks = take(new PagePool((long) KEPT * PagePool.CHUNK_BYTES), 40);
        for (int i = 0; i < chunks.size(); i++) {
            MemorySegment chunk = chunks.get(i);
            assertThat(chunk.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) i);
            assertThat(chunk.get(ValueLayout.JAVA_BYTE, PagePool.CHUNK_BYTES - 1))
                    .isEqualTo((byte) i);
        }
    }

    @Test
    void whatIsGivenBack_isUsedAgain_butForWhatIsAboveTheLimit() {
        PagePool pool = new PagePool((long) KEPT * PagePool.CHUNK_BYTES);
        List<MemorySegment> first = take(pool, KEPT + 10);
        Set<Long> before = addresses(first);
        assertThat(before).hasSize(KEPT + 10);
        first.forEach(pool::give);
        List<MemorySegment> kept = take(pool, KEPT);
        assertThat(before).containsAll(addresses(kept));
        MemorySegment another = pool.take();
        assertThat(before).doesNotContain(another.address());
        Reference.reachabilityFence(first);
    }
}
