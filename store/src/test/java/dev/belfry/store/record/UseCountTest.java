package dev.belfry.store.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class UseCountTest {
    @Test
    void lastRelease_endsIt_andNoneAcquiresItThen() {
        UseCount users = new UseCount();
        assertThat(users.acquire()).isTrue();
        assertThat(users.release()).isFalse();
        assertThat(users.acquire()).isTrue();
        assertThat(users.release()).isFalse();
        assertThat(users.release()).isTrue();
        assertThat(users.acquire()).isFalse();
    }
}
