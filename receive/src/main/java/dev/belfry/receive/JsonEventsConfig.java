package dev.belfry.receive;

/**
 * The bounds of a body of events.
 *
 * @param bodyBytesMax the body, inflated
 * @param itemsMax items in one body
 * @param eventBytesMax one event as JSON text
 */
public record JsonEventsConfig(int bodyBytesMax, int itemsMax, int eventBytesMax) {
    /** 32 MiB a body, 100,000 items, 256 KiB an event. */
    public static final JsonEventsConfig DEFAULTS =
            new JsonEventsConfig(32 << 20, 100_000, 256 << 10);

    public JsonEventsConfig {
        if (bodyBytesMax < 1 || itemsMax < 1 || eventBytesMax < 1) {
            throw new IllegalArgumentException(
                    "limits: "
                            + bodyBytesMax
                            + ", "
                            + itemsMax
                            + ", "
                            + eventBytesMax
                            + " (expected: >= 1)");
        }
    }
}
