package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FluentStreamTest {
    private static final class Room implements FluentStream.Room {
        private final long max;
        private long taken;

        Room(long max) {
            this.max = max;
        }

        @Override
        public boolean take(long bytes) {
            boolean fits = taken + bytes <= max;
            taken += fits ? bytes : 0;
            return fits;
        }

        @Override
        public void give(long bytes) {
            taken -= bytes;
        }
    }

    private static FluentStream stream(int length, Room room) {
        byte[] bytes = new byte[length + 5];
        bytes[0] = (byte) 0xC6;
        bytes[2] = (byte) (length >> 16);
        bytes[3] = (byte) (length >> 8);
        bytes[4] = (byte) length;
        return new FluentStream(new ByteArrayInputStream(bytes), 8 << 20, room);
    }

    @Test
    void largeMessage_takesRoom_untilClosed() throws IOException {
        Room room = new Room(4 << 20);
        try (FluentStream stream = stream(1_000_000, room)) {
            assertThat(stream.next()).isTrue();
            assertThat(room.taken).isGreaterThanOrEqualTo(1_000_000);
        }
        assertThat(room.taken).isZero();
    }

    @Test
    void noRoom_isToldOf() {
        Room room = new Room(1 << 20);
        try (FluentStream stream = stream(1_000_000, room)) {
            assertThatThrownBy(stream::next)
                    .isInstanceOf(FluentException.class)
                    .hasMessageContaining("no room");
        }
        assertThat(room.taken).isZero();
    }

    @Test
    void limit_isOfTheNextMessage() {
        Room room = new Room(0);
        try (FluentStream stream = stream(100_000, room)) {
            stream.limit(64 << 10);
            assertThatThrownBy(stream::next)
                    .isInstanceOf(FluentException.class)
                    .hasMessageContaining("more than 65536 bytes");
        }
    }
}
