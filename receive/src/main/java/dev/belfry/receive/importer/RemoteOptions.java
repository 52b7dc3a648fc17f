package dev.belfry.receive.importer;

import dev.belfry.receive.RemoteRead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose history is read.
 *
 * @param url of the server, without {@code /api/v1/read}, without user and password
 * @param authorization header for it; null for none
 * @param selectors of the series as they were given; none for all
 * @param matchers of each selector
 * @param fromMillis from when on, epoch milliseconds; null for 90 days before the first run
 * @param toMillis until when; null for now
 */
record RemoteOptions(
        String url,
        @Nullable String authorization,
        List<String> selectors,
        List<List<RemoteRead.Matcher>> matchers,
        @Nullable Long fromMillis,
        @Nullable Long toMillis) {
    RemoteOptions {
        selectors = List.copyOf(selectors);
        matchers = List.copyOf(matchers);
    }
}
