package dev.belfry.receive.importer;

import dev.belfry.receive.lines.LineEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Batches of events. */
final class EventBatches implements Batches {
    /* A batch ends behind the event that fills it, so its bounds follow from where it begins. */
    private static final int BATCH_EVENTS_MAX = 1_000;
    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final EventSource events;
    private final LineEvent event;
    private final ImportState start;
    private long offset;

    /** Batches of {@code events}, which come as {@code event}. */
    EventBatches(EventSource events, LineEvent event, ImportState start) {
        this.events = events;
        this.event = event;
        this.start = start;
        this.offset = start.offset();
    }

    @Override
    public @Nullable Batch next() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(BATCH_BYTES_MAX / 2);
        long[] lines = new long[BATCH_EVENTS_MAX];
        int count = 0;
        while (count < BATCH_EVENTS_MAX && body.size() < BATCH_BYTES_MAX && events.next(event)) {
            event.writeTo(body);
            body.write('\n');
            lines[count++] = events.lineNumber();
        }
        if (count == 0) {
            return null;
        }
        long from = offset;
        offset = events.endOffset();
        return new Batch(
                Batch.Kind.EVENTS,
                from,
                offset,
                events.linesRead(),
                body.toByteArray(),
                Arrays.copyOf(lines, count),
                0,
                Hashes.of("import", start.blockHash(), start.salt(), from, offset));
    }

    @Override
    public long rawPosition() {
        return events.rawPosition();
    }

    @Override
    public void close() throws IOException {
        events.close();
    }
}
