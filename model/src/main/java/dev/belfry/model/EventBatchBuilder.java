package dev.belfry.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects events into an {@link EventBatch}; for one thread, used once.
 *
 * <p>Per event: the setters in any order, then {@link #commit()}, or {@link #rollback()} when it
 * turns out to be bad. What is not set is absent; {@code source} and the timestamp must be set.
 */
public final class EventBatchBuilder {
    /**
     * Distinct keys of a space with a column of their own; further ones belong into {@link
     * FieldColumn#REST}.
     */
    public static final int KEYS_MAX = 512;

    /**
     * Bytes of all values of a batch at most, unless the maker says otherwise: a small body whose
     * rows share large parts must not fill the memory.
     */
    public static final long WRITTEN_BYTES_MAX = 64L << 20;

    private final int expected;
    private final long bytesMax;
    private final Tally tally = new Tally();
    private byte[] types;
    private long[] timestamps;
    private final BytesColumn.Builder sources;
    private final BytesColumn.Builder messages;
    private final BytesColumn.Builder levels;
    private final BytesColumn.Builder eventNames;
    private long @Nullable [] traceIds;
    private long @Nullable [] spanIds;
    private byte @Nullable [] severityNumbers;
    private long @Nullable [] observedNanos;
    private int @Nullable [] flags;
    private final List<Map<String, FieldColumn.Builder>> fields =
            List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
    private final List<FieldColumn.Builder> order = new ArrayList<>();
    private int row;

    /** The bytes of the values of all fields. */
    static final class Tally {
        long bytes;
    }

    /** A builder with room for {@code expectedCount} events to begin with. */
    public EventBatchBuilder(int expectedCount) {
        this(expectedCount, WRITTEN_BYTES_MAX);
    }

    /**
     * A builder with room for {@code expectedCount} events to begin with.
     *
     * @param bytesMax of all values, {@link #WRITTEN_BYTES_MAX} or more for what is larger itself
     */
    public EventBatchBuilder(int expectedCount, long bytesMax) {
        this(expectedCount, bytesMax, 8 * Math.max(4, expectedCount));
    }

    /**
     * As above.
     *
     * @param expectedMessageBytes of all messages together
     */
    public EventBatchBuilder(int expectedCount, long bytesMax, int expectedMessageBytes) {
        this.bytesMax = bytesMax;
        expected = Math.max(1, expectedCount);
        types = new byte[expected];
        timestamps = new long[expected];
        sources = new BytesColumn.Builder(expected);
        messages = new BytesColumn.Builder(expected, expectedMessageBytes);
        levels = new BytesColumn.Builder(expected);
        eventNames = new BytesColumn.Builder(4);
    }

    /** How many events are committed. */
    public int count() {
        return row;
    }

    /** Sets the type; {@link EventType#LOG} when never called. */
    public void type(EventType type) {
        ensure();
        types[row] = (byte) type.ordinal();
    }

    /** Sets the event time, epoch nanoseconds. */
    public void timestampNanos(long epochNanos) {
        ensure();
        timestamps[row] = epochNanos;
    }

    /** The current event's source: exactly one value must be added to it. */
    public void source(String source) {
        sources.truncate(row);
        sources.add(source);
    }

    /** As {@link #source(String)} from UTF-8 bytes. */
    public void source(byte[] utf8, int from, int length) {
        sources.truncate(row);
        sources.add(utf8, from, length);
    }

    /** Sets the message. */
    public void message(String message) {
        messages.truncate(row);
        messages.padTo(row);
        messages.add(message);
    }

    /** Sets the message from UTF-8 bytes. */
    public void message(byte[] utf8, int from, int length) {
        messages.truncate(row);
        messages.padTo(row);
        messages.add(utf8, from, length);
    }

    /** Sets the severity text. */
    public void level(String level) {
        levels.truncate(row);
        levels.padTo(row);
        levels.add(level);
    }

    /** Sets the severity text from UTF-8 bytes. */
    public void level(byte[] utf8, int from, int length) {
        levels.truncate(row);
        levels.padTo(row);
        levels.add(utf8, from, length);
    }

    /** Sets OTLP's event name. */
    public void eventName(String name) {
        eventNames.truncate(row);
        eventNames.padTo(row);
        eventNames.add(name);
    }

    /** Sets the trace id; both 0 means none. */
    public void traceId(long high, long low) {
        if (traceIds == null) {
            traceIds = new long[2 * Math.max(expected, row + 1)];
        } else if (traceIds.length < 2 * (row + 1)) {
            traceIds = Arrays.copyOf(traceIds, 4 * (row + 1));
        }
        traceIds[2 * row] = high;
        traceIds[2 * row + 1] = low;
    }

    /** Sets the span id; 0 means none. */
    public void spanId(long id) {
        spanIds = room(spanIds);
        spanIds[row] = id;
    }

    /** Sets the severity number, 1–24. */
    public void severityNumber(int number) {
        if (severityNumbers == null) {
            severityNumbers = new byte[Math.max(expected, row + 1)];
        } else if (severityNumbers.length <= row) {
            severityNumbers = Arrays.copyOf(severityNumbers, 2 * (row + 1));
        }
        severityNumbers[row] = (byte) number;
    }

    /** Sets when a collector saw it, epoch nanoseconds. */
    public void observedNanos(long epochNanos) {
        observedNanos = room(observedNanos);
        observedNanos[row] = epochNanos;
    }

    /** Sets OTLP's flags. */
    public void flags(int value) {
        if (flags == null) {
            flags = new int[Math.max(expected, row + 1)];
        } else if (flags.length <= row) {
            flags = Arrays.copyOf(flags, 2 * (row + 1));
        }
        flags[row] = value;
    }

    /**
     * The column of {@code key} in {@code space} to add the current event's value to with row
     * {@link #count()}, or null when {@link #KEYS_MAX} are taken: then the member belongs into the
     * JSON object of {@link FieldColumn#REST}.
     */
    public FieldColumn.@Nullable Builder field(FieldSpace space, String key) {
        Map<String, FieldColumn.Builder> known = fields.get(space.ordinal());
        FieldColumn.Builder field = known.get(key);
        if (field == null) {
            if (known.size() >= KEYS_MAX && !key.equals(FieldColumn.REST)) {
                return null;
            }
            field = new FieldColumn.Builder(space, key, 8, tally);
            known.put(key, field);
            order.add(field);
        }
        return field;
    }

    /**
     * Keeps the current event.
     *
     * @throws BelfryException TOO_LARGE when the events together have too many bytes
     */
    public void commit() {
        if (sources.count() != row + 1) {
            throw new IllegalStateException("BUG: an event without source was committed");
        }
        if (writtenBytes() > bytesMax) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "batch: over "
                            + bytesMax
                            + " bytes when what rows share is written out (expected: fewer rows a"
                            + " request)");
        }
        ensure();
        messages.padTo(row + 1);
        levels.padTo(row + 1);
        row++;
    }

    /** Drops all that was set for the current event. */
    public void rollback() {
        sources.truncate(row);
        messages.truncate(row);
        levels.truncate(row);
        eventNames.truncate(row);
        if (row < types.length) {
            types[row] = 0;
            timestamps[row] = 0;
        }
        if (traceIds != null && 2 * row + 1 < traceIds.length) {
            traceIds[2 * row] = 0;
            traceIds[2 * row + 1] = 0;
        }
        if (spanIds != null && row < spanIds.length) {
            spanIds[row] = 0;
        }
        if (severityNumbers != null && row < severityNumbers.length) {
            severityNumbers[row] = 0;
        }
        if (observedNanos != null && row < observedNanos.length) {
            observedNanos[row] = 0;
        }
        if (flags != null && row < flags.length) {
            flags[row] = 0;
        }
        for (FieldColumn.Builder field : order) {
            field.truncateRows(row);
        }
    }

    /** The batch of all committed events; the builder must not be used after. */
    public EventBatch build() {
        eventNames.padTo(row);
        List<FieldColumn> columns = new ArrayList<>(order.size());
        for (FieldColumn.Builder field : order) {
            if (field.count() > 0) {
                columns.add(field.build());
            }
        }
        return new EventBatch(
                row,
                types.length == row ? types : Arrays.copyOf(types, row),
                timestamps.length == row ? timestamps : Arrays.copyOf(timestamps, row),
                sources.build(),
                messages.build(),
                levels.build(),
                eventNames.build(),
                traceIds == null ? null : Arrays.copyOf(traceIds, 2 * row),
                spanIds == null ? null : Arrays.copyOf(spanIds, row),
                severityNumbers == null ? null : Arrays.copyOf(severityNumbers, row),
                observedNanos == null ? null : Arrays.copyOf(observedNanos, row),
                flags == null ? null : Arrays.copyOf(flags, row),
                columns);
    }

    private long writtenBytes() {
        return tally.bytes
                + sources.sizeBytes()
                + messages.sizeBytes()
                + levels.sizeBytes()
                + eventNames.sizeBytes();
    }

    private long[] room(long @Nullable [] values) {
        if (values == null) {
            return new long[Math.max(expected, row + 1)];
        }
        return values.length > row ? values : Arrays.copyOf(values, 2 * (row + 1));
    }

    private void ensure() {
        if (row >= types.length) {
            types = Arrays.copyOf(types, 2 * (row + 1));
            timestamps = Arrays.copyOf(timestamps, 2 * (row + 1));
        }
    }
}
