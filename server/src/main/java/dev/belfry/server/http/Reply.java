package dev.belfry.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param status its code
 * @param contentType of the body; empty when there is none
 * @param body given up by whoever made it
 * @param length how many bytes of the body count
 * @param headers further headers
 * @param trailers behind the body; HTTP/2 only
 * @param stream writes what follows the body, while the client reads; null: nothing does
 */
public record Reply(
        int status,
        String contentType,
        byte[] body,
        int length,
        Map<String, String> headers,
        Map<String, String> trailers,
        @Nullable Stream stream) {
    private static final String JSON = "application/json";

    /** The rest of a long answer; runs on a virtual thread and may block. */
    @FunctionalInterface
    public interface Stream {
        /** Writes it; when this throws, the client is told by a broken end. */
        void writeTo(Sink sink) throws Exception;
    }

    /** Takes a long answer piece by piece. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Sends {@code bytes}, which are given up; returns when the client has taken all that came
         * before them.
         *
         * @throws java.io.IOException when the client has left
         */
        void write(byte[] bytes) throws java.io.IOException, InterruptedException;
    }

    public Reply {
        headers = Map.copyOf(headers);
        trailers = Map.copyOf(trailers);
    }

    /** What the body takes in memory until it is sent, which may be the double of its length. */
    int heldBytes() {
        return length == 0 ? 0 : body.length;
    }

    /** An answer without trailers. */
    public Reply(
            int status, String contentType, byte[] body, int length, Map<String, String> headers) {
        this(status, contentType, body, length, headers, Map.of(), null);
    }

    /** JSON as written. */
    public static Reply json(int status, JsonText text) {
        return new Reply(status, JSON, text.backing(), text.size(), Map.of());
    }

    /** {@code {"success":true,"data":…}} with what {@code data} writes. */
    public static Reply data(int status, Consumer<JsonText> data) {
        JsonText text = new JsonText(512).object().name("success").truth(true).name("data");
        data.accept(text);
        return json(status, text.endObject());
    }

    /** A body of another kind. */
    public static Reply bytes(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body, body.length, Map.of());
    }

    /** A long body of another kind, written while the client reads. */
    public static Reply streamed(int status, String contentType, Stream stream) {
        return new Reply(status, contentType, new byte[0], 0, Map.of(), Map.of(), stream);
    }

    /** A text of another kind. */
    public static Reply text(int status, String contentType, String body) {
        return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Reply(status, contentType, body, length, all, trailers, stream);
    }

    /** The same with {@code value} as its trailers. */
    public Reply withTrailers(Map<String, String> value) {
        return new Reply(status, contentType, body, length, headers, value, stream);
    }
}
