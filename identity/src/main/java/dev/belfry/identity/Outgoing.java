package dev.belfry.identity;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls others over HTTP, within bounds of time and size, and not every address. */
@FunctionalInterface
public interface Outgoing {
    /**
     * The answer to one request; redirects are not followed.
     *
     * @param body null: none
     * @throws IOException when there is no answer, or the address may not be called
     */
    Answer send(String method, URI uri, Map<String, String> headers, @Nullable String body)
            throws IOException;

    /** What came back. */
    record Answer(int status, String contentType, String body) {}
}
