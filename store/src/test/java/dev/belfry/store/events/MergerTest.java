package dev.belfry.store.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MergerTest {
    private static final long ROWS_MAX = 1000;
    private static final long BYTES_MAX = Merger.SEGMENT_BYTES_MAX;

    @Test
    void segments_areMerged_untilTheirRowsOrTheirBytesAreOne() {
        assertThat(fitting(100, 1)).isEqualTo(10);
        assertThat(fitting(101, 1)).isEqualTo(9);
        assertThat(fitting(1, BYTES_MAX / 8)).isEqualTo(8);
        assertThat(fitting(1, BYTES_MAX / 8 + 1)).isEqualTo(7);
        assertThat(fitting(1, 1)).isEqualTo(12);
    }

    @Test
    void segment_ofMoreThanHalf_byRowsOrBytes_staysAsItIs() {
        assertThat(Merger.isSmall(segment(ROWS_MAX / 2, 1), ROWS_MAX)).isTrue();
        assertThat(Merger.isSmall(segment(ROWS_MAX / 2 + 1, 1), ROWS_MAX)).isFalse();
        assertThat(Merger.isSmall(segment(1, BYTES_MAX / 2), ROWS_MAX)).isTrue();
        assertThat(Merger.isSmall(segment(1, BYTES_MAX / 2 + 1), ROWS_MAX)).isFalse();
    }

    private static int fitting(long rows, long bytes) {
        List<SegmentMeta> twelve = Collections.nCopies(12, segment(rows, bytes));
        return Merger.fitting(twelve, ROWS_MAX);
    }

    private static SegmentMeta segment(long rows, long bytes) {
        return new SegmentMeta("s", new Partition(0, "all"), rows, bytes, 0, 0, 0, 0, 0, 0);
    }
}
