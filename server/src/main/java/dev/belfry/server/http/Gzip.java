package dev.belfry.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Compresses answers for clients that ask for it. */
public final class Gzip {
    /*
     * On the thread that makes the answer, not on the event loop as Armeria's EncodingService does. Whoever passes an
     * answer through here sees to it that no secret stands in it: the size of a compressed answer tells whether a
     * text that somebody else chose resembles one (BREACH). So answers about sessions, keys and events stay as they are.
     */
    private static final int WORTH_BYTES = 1 << 10;

    private Gzip() {}

    /**
     * {@code reply}, compressed where that is worth it and the client accepts it.
     *
     * @param accepted the client's Accept-Encoding
     */
    public static Reply of(Reply reply, @Nullable String accepted) {
        if (accepted == null || !isAccepted(accepted)) {
            return reply;
        }
        Reply.Stream stream = reply.stream();
        if (stream == null && reply.length() < WORTH_BYTES) {
            return reply;
        }
        byte[] body = stream == null ? compressed(reply) : reply.body();
        return new Reply(
                        reply.status(),
                        reply.contentType(),
                        body,
                        body.length,
                        reply.headers(),
                        reply.trailers(),
                        stream == null ? null : sink -> compress(stream, sink))
                .with("content-encoding", "gzip")
                .with("vary", "accept-encoding");
    }

    /* RFC 9110, 12.5.3; who accepts anything gets what every client can read. */
    private static boolean isAccepted(String accepted) {
        for (String one : accepted.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = one.split(";");
            if (parts[0].strip().equals("gzip")) {
                return parts.length == 1 || !parts[1].strip().matches("q\\s*=\\s*0(\\.0*)?");
            }
        }
        return false;
    }

    private static byte[] compressed(Reply reply) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fast out = new Fast(bytes)) {
            out.write(reply.body(), 0, reply.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /* Each piece can be read when it comes. */
    private static void compress(Reply.Stream stream, Reply.Sink sink) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fast out = new Fast(bytes)) {
            stream.writeTo(piece -> {
                out.write(piece);
                out.flush();
                sink.write(bytes.toByteArray());
                bytes.reset();
            });
            out.finish();
            sink.write(bytes.toByteArray());
        }
    }

    /* JSON of numbers becomes hardly smaller at a higher level, which takes twice the time and more. */
    private static final class Fast extends GZIPOutputStream {
        private static final int BUFFER_BYTES = 16 << 10;

        Fast(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES, true);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
