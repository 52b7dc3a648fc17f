package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InFlightTest {
    private static final long MIB = 1 << 20;

    private final List<String> evicted = new ArrayList<>();
    private long now;
    private final InFlight inFlight = new InFlight(16 * MIB, () -> now);

    @Test
    void fasterBody_takesTheRoomOfTheSlowest_andIsNotTakenFrom() {
        InFlight.Share slow = arriving("a", "slow", 4 * MIB, 100);
        InFlight.Share slower = arriving("b", "slower", 4 * MIB, 10);
        InFlight.Share fast = arriving("c", "fast", 4 * MIB, 1000);
        fast.reserve(4 * MIB);
        assertThat(evicted).containsExactly("slower");
        assertThatThrownBy(() -> slower.reserve(1)).isInstanceOf(BelfryException.class);
        assertThatThrownBy(() -> slow.reserve(4 * MIB)).isInstanceOf(BelfryException.class);
        assertThat(slower.whole()).isFalse();
        assertThat(slow.whole()).isTrue();
        slow.close();
        slow.close();
        assertThat(inFlight.bytes()).isEqualTo(8 * MIB);
    }

    @Test
    void bodyOverTheBound_takesTheRoomOfAllSlowerOnes() {
        InFlight.Share fast = arriving("a", "fast", 4 * MIB, 1000);
        arriving("a", "slow", MIB, 10);
        arriving("b", "slow too", MIB, 10);
        fast.reserve(20 * MIB);
        assertThat(evicted).containsExactlyInAnyOrder("slow", "slow too");
        assertThat(inFlight.bytes()).isEqualTo(24 * MIB);
    }

    @Test
    void bodyThatNeedsTheRoomOfMany_takesItFromTheOldest() {
        for (int i = 0; i < 200; i++) {
            arriving("s" + i % 10, "slow " + i, MIB / 16, 1);
            now++;
        }
        arriving("fast", "fast", 8 * MIB, 1000);
        assertThat(evicted).hasSize(104).startsWith("slow 0").doesNotContain("slow 199");
        assertThat(inFlight.bytes()).isEqualTo(14 * MIB);
    }

    @Test
    void slowerOnesBehindVeryManyFasterOnes_areNotLookedFor() {
        List<InFlight.Share> fast = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            fast.add(arriving("f" + i % 10, "fast", 8 << 10, 1000));
        }
        arriving("a", "slow", 3 * MIB, 10);
        arriving("b", "slow too", 3 * MIB, 10);
        assertThatThrownBy(() -> arriving("c", "body", 2 * MIB, 500))
                .isInstanceOf(BelfryException.class);
        fast.getFirst().close();
        arriving("c", "body", 2 * MIB, 500);
        assertThat(evicted).containsExactly("slow");
    }

    @Test
    void wholeBody_neverMakesRoom() {
        InFlight.Share whole = arriving("a", "whole", 7 * MIB, 1);
        whole.whole();
        InFlight.Share fast = arriving("b", "fast", 7 * MIB, 1_000_000);
        assertThatThrownBy(() -> fast.reserve(MIB)).isInstanceOf(BelfryException.class);
        whole.reserve(-6 * MIB);
        fast.reserve(MIB);
        assertThat(evicted).isEmpty();
    }

    @Test
    void sender_hasHalf_unlessItIsOneBody() {
        arriving("a", "one", 12 * MIB, 1000).close();
        arriving("a", "first", 6 * MIB, 1000);
        assertThatThrownBy(() -> arriving("a", "second", 3 * MIB, 1))
                .isInstanceOf(BelfryException.class);
        arriving("b", "other", 6 * MIB, 1);
        assertThat(evicted).isEmpty();
        assertThat(inFlight.bytes()).isEqualTo(12 * MIB);
    }

    @Test
    void smallBodies_haveRoomThatLargeOnesNeverTake() {
        arriving("a", "large", 7 * MIB, 1000).whole();
        arriving("b", "large", 7 * MIB, 1000).whole();
        for (int i = 0; i < 8; i++) {
            arriving("c", "small", MIB / 4, 1);
        }
        assertThatThrownBy(() -> arriving("d", "small", MIB / 4, 0))
                .isInstanceOf(BelfryException.class);
        assertThat(evicted).isEmpty();
    }

    private InFlight.Share arriving(String owner, String name, long bytes, long arrived) {
        InFlight.Share share = inFlight.arriving(owner, () -> evicted.add(name));
        share.arrived(arrived);
        share.reserve(bytes);
        return share;
    }
}
