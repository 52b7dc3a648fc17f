package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A window's begin or end may lie beyond 64 bits: what is read is more then, and ends. */
final class TimesColumnTest {
    private static final long MAX = Long.MAX_VALUE;

    @ParameterizedTest
    @CsvSource({"0, 1000, 10", "7, 9223372036854775790, 20"})
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void windowsThatEndBeyond64Bits_wantAllThatIsLeft(long start, long step, long length) {
        TimesColumn column = new TimesColumn(new long[] {7, MAX - 5, MAX});
        assertThat(column.want(range(new Windows(start, step, length)))).isTrue();
        assertThat(column.rows.size()).isEqualTo(1);
        assertThat(column.rows.from(0)).isEqualTo(0);
        assertThat(column.rows.to(0)).isEqualTo(3);
    }

    @Test
    void rows_areThoseInWindows_untilOthersAreWanted() {
        TimesColumn column = new TimesColumn(new long[] {7, 11, 1000, 1010, 1011, 2005});
        assertThat(column.want(range(new Windows(0, 1000, 10)))).isTrue();
        assertThat(column.rows.size()).isEqualTo(3);
        assertThat(column.rows.to(0)).isEqualTo(1);
        assertThat(column.rows.from(1)).isEqualTo(2);
        assertThat(column.rows.to(1)).isEqualTo(4);
        assertThat(column.rows.from(2)).isEqualTo(5);
        assertThat(column.want(range(new Windows(0, 1000, 10)))).isFalse();
        assertThat(column.want(TimesColumn.Range.ALL)).isTrue();
        assertThat(column.rows.to(0)).isEqualTo(6);
    }

    private static TimesColumn.Range range(Windows windows) {
        return new TimesColumn.Range(Long.MIN_VALUE, MAX, windows);
    }
}
