package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LullTest {
    private static final long HALF_MINUTE = 30_000;

    @Test
    void aSteadyRate_isNoLull_forTwoHours() {
        Lull lull = new Lull(0);
        for (int window = 1; window < 480; window++) {
            boolean isOn = lull.isOn(window * HALF_MINUTE, window * 200_000L);
            assertThat(isOn).as("window %s", window).isEqualTo(window == 240);
        }
    }

    @Test
    void aBurst_isFollowedByOne_alsoWhenALittleGoesOn() {
        Lull lull = new Lull(0);
        assertThat(lull.isOn(HALF_MINUTE, 500_000)).isFalse();
        assertThat(lull.isOn(2 * HALF_MINUTE, 502_000)).isTrue();
        assertThat(lull.isOn(3 * HALF_MINUTE, 504_000)).isFalse();
        assertThat(lull.isOn(4 * HALF_MINUTE, 504_000)).isFalse();
    }

    @Test
    void whatIsNotWorthABlock_waits() {
        assertThat(Lull.isWorthABlock(99_999, 10)).isFalse();
        assertThat(Lull.isWorthABlock(100_000, 3126)).isFalse();
        assertThat(Lull.isWorthABlock(100_000, 3125)).isTrue();
    }

    @Test
    void itIsAsked_everyHalfMinute() {
        Lull lull = new Lull(5);
        assertThat(lull.isToLook(HALF_MINUTE + 4)).isFalse();
        assertThat(lull.isToLook(HALF_MINUTE + 5)).isTrue();
        assertThat(lull.isOn(HALF_MINUTE + 5, 0)).isFalse();
        assertThat(lull.isToLook(HALF_MINUTE + 6)).isFalse();
    }
}
