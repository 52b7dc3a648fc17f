package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.hec.HecBody;
import org.jspecify.annotations.Nullable;

/** A body of Splunk's HTTP Event Collector: JSON objects one behind the other. Used once. */
public final class HecEvents {
    private final JsonEventsConfig limits;
    private final Metadata metadata;
    private @Nullable HecFault fault;

    /**
     * What the request says of all its events.
     *
     * @param time epoch seconds as text
     */
    public record Metadata(
            @Nullable String host,
            @Nullable String source,
            @Nullable String sourcetype,
            @Nullable String index,
            @Nullable String time) {}

    /** A body to come, whose events have {@code metadata} unless they say otherwise. */
    public HecEvents(JsonEventsConfig limits, Metadata metadata) {
        this.limits = limits;
        this.metadata = metadata;
    }

    /**
     * The events of {@code body[0 .. length)}. What stands behind one that is no JSON is not read;
     * any other bad event costs only itself.
     *
     * @throws BelfryException TOO_LARGE when it has too many bytes or events
     */
    public DecodedEvents decode(byte[] body, int length, long nowNanos, SourceRule sources) {
        HecBody parser = parser(body, length, nowNanos, sources);
        DecodedEvents events = parser.parse();
        fault = parser.fault();
        return events;
    }

    /** As {@link #decode}, of text: each line is an event. */
    public DecodedEvents decodeRaw(byte[] body, int length, long nowNanos, SourceRule sources) {
        HecBody parser = parser(body, length, nowNanos, sources);
        DecodedEvents events = parser.parseRaw();
        fault = parser.fault();
        return events;
    }

    private HecBody parser(byte[] body, int length, long nowNanos, SourceRule sources) {
        if (length > limits.bodyBytesMax()) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: "
                            + length
                            + " bytes (expected: at most "
                            + limits.bodyBytesMax()
                            + " bytes)");
        }
        return new HecBody(body, length, limits, metadata, nowNanos, sources);
    }

    /** What is wrong with the first bad event; null when all are good. */
    public @Nullable HecFault fault() {
        return fault;
    }
}
