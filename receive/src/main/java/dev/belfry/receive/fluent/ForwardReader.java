package dev.belfry.receive.fluent;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.FluentException;
import dev.belfry.receive.Inflation;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.columns.JsonBytes;
import dev.belfry.receive.json.DocumentParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads messages of the forward protocol into rows of a batch; for one thread. */
public final class ForwardReader {
    /*
     * https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1
     *
     *   Message        [tag, time, record, option?]
     *   Forward        [tag, [[time, record], …], option?]
     *   PackedForward  [tag, bytes of [time, record] …, option?]     compressed with option {"compressed": "gzip"}
     *
     * A record is written as JSON and read as a log document like any other. Docker's driver says in "source" whether a
     * line came by stdout or stderr, which is no source of events: there it becomes "stream". Its names of containers
     * lose the slash in front.
     */
    private static final String TAG = "fluent.tag";
    private static final int SOURCE_LENGTH_MAX = 255;
    private static final int CHUNK_BYTES_MAX = 1 << 10;
    private static final int BATCH_BYTES_MAX = 2 << 20;
    private static final int INFLATED_MAX = 2;

    /* What is inflated is in no buffer that is counted: so few are at once. */
    private static final Semaphore INFLATING = new Semaphore(INFLATED_MAX);

    private final @Nullable String source;
    private final int inflatedBytesMax;
    private final long nowNanos;
    private final SourceRule sources;
    private final int rowsMax;
    private final ObjLongConsumer<EventBatch> full;
    private EventBatchBuilder builder = new EventBatchBuilder(64);
    private DocumentParser parser;
    private long batchBytes;
    private final JsonBytes json = new JsonBytes();
    private int refused;

    /** A reader; the parameters are those of {@code FluentMessages}. */
    public ForwardReader(
            @Nullable String source,
            int inflatedBytesMax,
            long nowNanos,
            SourceRule sources,
            int rowsMax,
            ObjLongConsumer<EventBatch> full) {
        this.source = source;
        this.inflatedBytesMax = inflatedBytesMax;
        this.nowNanos = nowNanos;
        this.sources = sources;
        this.rowsMax = rowsMax;
        this.full = full;
        parser = new DocumentParser(builder, JsonEventsConfig.DEFAULTS, nowNanos, sources);
    }

    /** How many rows there are. */
    public int count() {
        return builder.count();
    }

    /** How many records were not taken. */
    public int refused() {
        return refused;
    }

    /** The batch. */
    public EventBatch build() {
        return builder.build();
    }

    /** Reads a message; the chunk to acknowledge, or null. */
    public @Nullable String read(byte[] data, int from, int to) {
        Msgpack value = new Msgpack(data, from, to);
        int parts = value.array();
        if (parts < 2 || parts > 4) {
            throw new FluentException("an array of " + parts + " (expected: 2 to 4)");
        }
        String chunk = chunk(data, from, to);
        String tag = value.text();
        switch (value.kind()) {
            case ARRAY -> {
                int count = value.array();
                for (int entry = 0; entry < count; entry++) {
                    entry(tag, value);
                }
                return chunk;
            }
            case TEXT -> {
                int length = value.bytes();
                int end = value.at();
                String compressed =
                        parts > 2 ? option(new Msgpack(data, end, to), "compressed") : null;
                packed(tag, data, end - length, end, compressed);
                return chunk;
            }
            case WHOLE, FRACTION, EXTENSION, NIL -> {
                Long time = value.time();
                record(tag, time, value);
                return chunk;
            }
            case TRUTH, MAP ->
                    throw new FluentException(
                            value.kind() + " (expected: a time, entries or bytes)");
        }
        throw new IllegalStateException("BUG: a kind without a case");
    }

    /* Before any record is taken: a message whose chunk is refused is refused whole. */
    private static @Nullable String chunk(byte[] data, int from, int to) {
        Msgpack value = new Msgpack(data, from, to);
        int parts = value.array();
        value.skip();
        boolean single = value.kind() != Msgpack.Kind.ARRAY && value.kind() != Msgpack.Kind.TEXT;
        int values = single ? 2 : 1;
        for (int index = 0; index < values; index++) {
            value.skip();
        }
        String chunk = parts > values + 1 ? option(value, "chunk") : null;
        if (chunk != null && chunk.getBytes(StandardCharsets.UTF_8).length > CHUNK_BYTES_MAX) {
            throw new FluentException(
                    "a chunk's id of "
                            + chunk.length()
                            + " characters (expected: at most "
                            + CHUNK_BYTES_MAX
                            + " bytes)");
        }
        return chunk;
    }

    private void entry(String tag, Msgpack value) {
        int parts = value.array();
        if (parts < 2) {
            throw new FluentException("an entry of " + parts + " (expected: time and record)");
        }
        Long time = entryTime(value);
        record(tag, time, value);
        for (int more = 2; more < parts; more++) {
            value.skip();
        }
    }

    /* Fluent Bit's newer entries are [[time, metadata], record]. */
    private static @Nullable Long entryTime(Msgpack value) {
        if (value.kind() != Msgpack.Kind.ARRAY) {
            return value.time();
        }
        int parts = value.array();
        Long time = parts > 0 ? value.time() : null;
        for (int more = 1; more < parts; more++) {
            value.skip();
        }
        return time;
    }

    private void packed(String tag, byte[] data, int from, int to, @Nullable String compressed) {
        if (compressed == null || compressed.equals("text")) {
            entries(tag, new Msgpack(data, from, to));
            return;
        }
        if (!compressed.equals("gzip") && !compressed.equals("zstd")) {
            throw new FluentException("compressed: " + compressed + " (expected: gzip, zstd)");
        }
        INFLATING.acquireUninterruptibly();
        try {
            byte[] packed = Arrays.copyOfRange(data, from, to);
            byte[] inflated = Inflation.inflate(packed, compressed, inflatedBytesMax);
            entries(tag, new Msgpack(inflated, 0, inflated.length));
        } finally {
            INFLATING.release();
        }
    }

    private void entries(String tag, Msgpack value) {
        while (!value.atEnd()) {
            entry(tag, value);
        }
    }

    private static @Nullable String option(Msgpack value, String name) {
        if (value.atEnd() || value.kind() != Msgpack.Kind.MAP) {
            return null;
        }
        int count = value.map();
        String found = null;
        for (int member = 0; member < count; member++) {
            boolean text = value.kind() == Msgpack.Kind.TEXT;
            boolean wanted = text && value.text().equals(name);
            if (!text) {
                value.skip();
            }
            if (wanted && value.kind() == Msgpack.Kind.TEXT) {
                found = value.text();
            } else {
                value.skip();
            }
        }
        return found;
    }

    private void record(String tag, @Nullable Long timeNanos, Msgpack value) {
        if (value.kind() != Msgpack.Kind.MAP) {
            value.skip();
            refused++;
            return;
        }
        if (builder.count() >= rowsMax || batchBytes >= BATCH_BYTES_MAX) {
            flush();
        }
        json.clear();
        document(value);
        batchBytes += json.length;
        builder.timestampNanos(timeNanos == null ? nowNanos : timeNanos);
        String fallback = source != null ? source : tag;
        parser.fallbackSource(fallback.isEmpty() ? "fluent" : cut(fallback));
        if (parser.take(json.bytes, 0, json.length)) {
            Objects.requireNonNull(builder.field(FieldSpace.TAG, TAG))
                    .add(builder.count(), ValueKind.STRING, tag);
            builder.commit();
        } else {
            builder.rollback();
            refused++;
        }
    }

    private void flush() {
        EventBatch batch = builder.build();
        long bytes = batchBytes;
        builder = new EventBatchBuilder(64);
        parser = new DocumentParser(builder, JsonEventsConfig.DEFAULTS, nowNanos, sources);
        batchBytes = 0;
        full.accept(batch, bytes);
    }

    private static String cut(String text) {
        return text.length() <= SOURCE_LENGTH_MAX ? text : text.substring(0, SOURCE_LENGTH_MAX);
    }

    /* Writes the record as JSON. */
    private void document(Msgpack value) {
        int count = value.map();
        json.put('{');
        for (int member = 0; member < count; member++) {
            if (member > 0) {
                json.put(',');
            }
            int start = json.length;
            value.key(json, 1);
            String key = text(start);
            json.put(':');
            int valueStart = json.length;
            value.json(json, 2);
            if (key.equals("\"source\"") && isStream(text(valueStart))) {
                String stream = text(valueStart);
                json.length = start;
                json.put("\"stream\":").put(stream);
            } else if (key.equals("\"container_name\"") && text(valueStart).startsWith("\"/")) {
                int length = json.length - valueStart - 2;
                System.arraycopy(json.bytes, valueStart + 2, json.bytes, valueStart + 1, length);
                json.length--;
            }
        }
        json.put('}');
    }

    private static boolean isStream(String value) {
        return value.equals("\"stdout\"") || value.equals("\"stderr\"");
    }

    private String text(int start) {
        return new String(json.bytes, start, json.length - start, StandardCharsets.UTF_8);
    }
}
