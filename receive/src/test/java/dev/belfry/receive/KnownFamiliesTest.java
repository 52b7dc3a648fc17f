package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KnownFamiliesTest {
    private static final long HOUR_MILLIS = 3_600_000;

    private final KnownFamilies families = new KnownFamilies();

    @Test
    void whatIsKept_isKnown_forAnHour() {
        KnownFamilies.Told first = families.begin(0);
        assertThat(first.isNew(7)).isTrue();
        assertThat(first.isNew(7)).isFalse();
        assertThat(families.begin(0).isNew(7)).isTrue();
        first.kept();
        for (int request = 0; request < 3; request++) {
            assertThat(families.begin(HOUR_MILLIS - 1).isNew(7)).isFalse();
        }
        assertThat(families.begin(HOUR_MILLIS).isNew(7)).isTrue();
    }

    @Test
    void hashesOfOnePlace_andZero_areApart() {
        KnownFamilies.Told first = families.begin(0);
        assertThat(first.isNew(1)).isTrue();
        first.kept();
        KnownFamilies.Told second = families.begin(0);
        assertThat(second.isNew(1)).isFalse();
        assertThat(second.isNew(1 + (1L << 32))).isTrue();
        assertThat(second.isNew(0)).isTrue();
        assertThat(second.isNew(1)).isFalse();
    }
}
