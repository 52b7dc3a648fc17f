package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Counts of a dictionary's entries, whole and damaged. */
final class ValueCountsTest {
    private static final int[] COUNTS = {1, 127, 128, 300_000, 0, 16_384};
    private static final int ROWS = Arrays.stream(COUNTS).sum();

    @Test
    void counts_readBack() {
        byte[] bytes = ValueCounts.of(COUNTS, COUNTS.length);
        assertThat(ValueCounts.areSound(bytes, ROWS)).isTrue();
        assertThat(ValueCounts.read(bytes, COUNTS.length)).isEqualTo(COUNTS);
    }

    @Test
    void countsOfOtherEntries_areNotKnown() {
        byte[] bytes = ValueCounts.of(COUNTS, COUNTS.length);
        assertThat(ValueCounts.read(bytes, COUNTS.length - 1)).isNull();
        assertThat(ValueCounts.read(bytes, COUNTS.length + 1)).isNull();
    }

    @Test
    void countsOfOtherRows_cutOrTooLong_areNotSound() {
        byte[] bytes = ValueCounts.of(COUNTS, COUNTS.length);
        assertThat(ValueCounts.areSound(bytes, ROWS + 1)).isFalse();
        for (int length = 1; length < bytes.length; length++) {
            assertThat(ValueCounts.areSound(Arrays.copyOf(bytes, length), ROWS)).isFalse();
        }
        byte[] long5 = {-1, -1, -1, -1, 15};
        assertThat(ValueCounts.areSound(long5, -1)).isFalse();
    }
}
