package dev.belfry.server.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineBufferTest {
    private static final int FREE = 64 << 10;

    /* Gives at most 128 KiB a read, as sockets do. */
    private static InputStream socket(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int from, int length) {
                return super.read(target, from, Math.min(length, 128 << 10));
            }
        };
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at++) {
            bytes[at] = (byte) (at % 251);
        }
        return bytes;
    }

    @Test
    void fill_readsAllThatWaits_upToTheBound() throws IOException {
        byte[] sent = bytes(2_000_000);
        try (LineBuffer buffer = new LineBuffer(socket(sent), FREE, new BufferRoom(1 << 20))) {
            assertThat(buffer.fill()).isTrue();
            assertThat(buffer.size()).isEqualTo(1 << 20);
            buffer.drop(1_000_000);
            assertThat(buffer.fill()).isTrue();
            assertThat(buffer.size()).isEqualTo(1_000_000);
            assertThat(Arrays.copyOf(buffer.bytes(), buffer.size()))
                    .isEqualTo(Arrays.copyOfRange(sent, 1_000_000, 2_000_000));
            assertThat(buffer.fill()).isFalse();
            assertThat(buffer.size()).isEqualTo(1_000_000);
        }
    }

    @Test
    void noRoom_leavesWhatTakesNone() throws IOException {
        byte[] sent = bytes(300_000);
        BufferRoom room = new BufferRoom(100_000);
        try (LineBuffer buffer = new LineBuffer(socket(sent), FREE, room)) {
            assertThat(buffer.fill()).isTrue();
            assertThat(buffer.size()).isEqualTo(FREE);
            assertThat(room.take(100_000)).isTrue();
        }
    }

    @Test
    void room_isGivenBack_whenNothingWaits_andAtTheEnd() throws IOException {
        BufferRoom room = new BufferRoom(256 << 10);
        try (LineBuffer buffer = new LineBuffer(socket(bytes(200_000)), FREE, room)) {
            assertThat(buffer.fill()).isTrue();
            assertThat(room.take(1)).isFalse();
            buffer.drop(buffer.size());
            assertThat(buffer.fill()).isFalse();
            assertThat(room.take(256 << 10)).isTrue();
            room.give(256 << 10);
        }
        try (LineBuffer buffer = new LineBuffer(socket(bytes(200_000)), FREE, room)) {
            assertThat(buffer.fill()).isTrue();
            assertThat(room.take(1)).isFalse();
        }
        assertThat(room.take(256 << 10)).isTrue();
    }

    @Test
    void brokenConnection_givesWhatWasRead_first() throws IOException {
        InputStream broken =
                new InputStream() {
                    private int reads;

                    @Override
                    public int read() throws IOException {
                        throw new IOException("closed");
                    }

                    @Override
                    public int read(byte[] target, int from, int length) throws IOException {
                        return reads++ == 0 ? 7 : read();
                    }

                    @Override
                    public int available() throws IOException {
                        throw new IOException("closed");
                    }
                };
        try (LineBuffer buffer = new LineBuffer(broken, FREE, new BufferRoom(1 << 20))) {
            assertThat(buffer.fill()).isTrue();
            assertThat(buffer.size()).isEqualTo(7);
            assertThatThrownBy(buffer::fill).hasMessage("closed");
        }
    }
}
