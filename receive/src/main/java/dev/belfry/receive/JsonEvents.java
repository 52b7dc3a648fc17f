package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.json.EventBodyParser;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bodies of {@code POST …/events}: one JSON object, an array, or a JSON object a line (NDJSON). */
public final class JsonEvents {
    private static final Set<String> LINE_TYPES =
            Set.of(
                    "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonl",
                    "application/jsonlines",
                    "application/x-jsonlines",
                    "application/json-lines");

    private JsonEvents() {}

    /**
     * Reads the events of {@code body[0 .. length)}. The same bytes give the same events and
     * errors, but for the time of those events that have none.
     *
     * @param contentType the request's, null when it has none; one that names JSON lines makes each
     *     line an item, any other lets the content decide
     * @param nowNanos the time of events that have none, epoch nanoseconds
     * @throws BelfryException VALIDATION_ERROR when the body as a whole is not JSON of one of the
     *     three forms, with {@code line}, {@code column} and {@code offset}; TOO_LARGE when it has
     *     too many bytes or items
     */
    public static DecodedEvents decode(
            byte[] body,
            int length,
            @Nullable String contentType,
            JsonEventsConfig config,
            long nowNanos,
            SourceRule sources) {
        if (length > config.bodyBytesMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: "
                            + length
                            + " bytes (expected: at most "
                            + config.bodyBytesMax()
                            + " bytes)");
        }
        return new EventBodyParser(body, length, config, nowNanos, sources)
                .parse(isLines(contentType));
    }

    private static boolean isLines(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return LINE_TYPES.contains(type.strip().toLowerCase(Locale.ROOT));
    }
}
