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

    private final @Nullable String source;
    private final int inflatedBytesMax;
    private final long nowNanos;
    private final EventBatchBuilder builder = new EventBatchBuilder(64);
    private final DocumentParser parser;
    private final JsonBytes json = new JsonBytes();
    private int refused;

    /** A reader; the parameters are those of {@code FluentMessages}. */
    public ForwardReader(
            @Nullable String source, int inflatedBytesMax, long nowNanos, SourceRule sources) {
        this.source = source;
        this.inflatedBytesMax = inflatedBytesMax;
        this.nowNanos = nowNanos;
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
        String tag = value.text();
        switch (value.kind()) {
            case ARRAY -> {
                int count = value.array();
                for (int entry = 0; entry < count; entry++) {
                    entry(tag, value);
                }
                return parts > 2 ? option(value, "chunk") : null;
            }
            case TEXT -> {
                int length = value.bytes();
                int end = value.at();
                Msgpack options = new Msgpack(data, end, to);
                String compressed =
                        parts > 2 ? option(new Msgpack(data, end, to), "compressed") : null;
                packed(tag, data, end - length, end, compressed);
                return parts > 2 ? option(options, "chunk") : null;
            }
            case WHOLE, FRACTION, EXTENSION, NIL -> {
                Long time = value.time();
                record(tag, time, value);
                return parts > 3 ? option(value, "chunk") : null;
            }
            case TRUTH, MAP ->
                    throw new FluentException(
                            value.kind() + " (expected: a time, entries or bytes)");
        }
        throw new IllegalStateException("BUG: a kind without a case");
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
        byte[] inflated =
                Inflation.inflate(Arrays.copyOfRange(data, from, to), compressed, inflatedBytesMax);
        entries(tag, new Msgpack(inflated, 0, inflated.length));
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
        json.clear();
        document(value);
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
