package dev.belfry.store.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import org.junit.jupiter.api.Test;

final class LagTest {
    private final Lag lag = new Lag("some store");

    @Test
    void bytes_areThoseAcknowledged_andNotApplied_neverBelowNone() {
        assertThat(lag.acknowledged(5)).isEqualTo(5);
        assertThat(lag.acknowledged(3)).isEqualTo(8);
        lag.applied(6);
        assertThat(lag.bytes()).isEqualTo(2);
        lag.applied(6);
        assertThat(lag.bytes()).isZero();
    }

    @Test
    void moreThan64MiB_isRefused_untilItIsApplied() {
        lag.acknowledged((64L << 20) + 1);
        assertThatThrownBy(lag::check)
                .isInstanceOf(BelfryException.class)
                .hasMessage("some store: 64 MiB behind (expected: less; try again in a second)");
        lag.applied(1);
        assertThatCode(lag::check).doesNotThrowAnyException();
    }
}
