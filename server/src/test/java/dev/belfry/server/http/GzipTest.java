package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

final class GzipTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    @Test
    void piece_canBeReadWhenItComes() throws Exception {
        List<String> read = new ArrayList<>();
        Reply reply =
                Gzip.of(
                        Reply.streamed(
                                200,
                                "text/plain",
                                sink -> {
                                    sink.write("one ".getBytes(StandardCharsets.US_ASCII));
                                    read.add(readable());
                                    sink.write("two".getBytes(StandardCharsets.US_ASCII));
                                    read.add(readable());
                                }),
                        "gzip");

        Objects.requireNonNull(reply.stream()).writeTo(sent::writeBytes);

        assertThat(read).containsExactly("one ", "one two");
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
            assertThat(in.readAllBytes()).asString().isEqualTo("one two");
        }
    }

    @Test
    void brokenStream_hasNoGoodEnd() {
        Reply reply =
                Gzip.of(
                        Reply.streamed(
                                200,
                                "text/plain",
                                sink -> {
                                    sink.write(new byte[100]);
                                    throw new IOException("broken");
                                }),
                        "gzip");

        assertThatThrownBy(() -> Objects.requireNonNull(reply.stream()).writeTo(sent::writeBytes))
                .hasMessage("broken");
        assertThatThrownBy(() ->
                        new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray()))
                                .readAllBytes())
                .isInstanceOf(IOException.class);
    }

    /** What a client has read so far. */
    private String readable() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(sent.toByteArray()))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                text.write(next);
            }
        } catch (EOFException _) {
            return text.toString(StandardCharsets.US_ASCII);
        }
        return text.toString(StandardCharsets.US_ASCII);
    }
}
