package dev.belfry.receive.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import org.junit.jupiter.api.Test;

final class ReadRequestsTest {
    private static boolean streamed(int... types) {
        byte[] body = new byte[2 * types.length];
        for (int i = 0; i < types.length; i++) {
            body[2 * i] = 2 << 3;
            body[2 * i + 1] = (byte) types[i];
        }
        return ReadRequests.read(body, body.length).streamed();
    }

    @Test
    void theFirstTypeThatIsKnown_isAnswered() {
        assertThat(streamed()).isFalse();
        assertThat(streamed(1)).isTrue();
        assertThat(streamed(0, 1)).isFalse();
        assertThat(streamed(9, 1, 0)).isTrue();
    }

    @Test
    void onlyTypesThatAreNotKnown_areRefused() {
        assertThatThrownBy(() -> streamed(9))
                .isInstanceOf(BelfryException.class)
                .hasMessage(
                        "accepted_response_types: 9 (expected: 0, samples, or 1, streamed chunks)");
    }
}
