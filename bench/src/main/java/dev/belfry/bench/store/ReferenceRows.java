package dev.belfry.bench.store;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import dev.belfry.store.parquet.Column;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Row groups of the reference event: a log of about 412 bytes as JSON, seeded. */
final class ReferenceRows {
    private static final int WORDS = 2000;

    private final Random random;
    private final String[] words = new String[WORDS];
    private final BytesColumn sources = names("service-", 40);
    private final BytesColumn levels = BytesColumn.of("debug", "info", "warn", "error", "fatal");
    private final BytesColumn environments = BytesColumn.of("production", "staging", "test");
    private final BytesColumn regions =
            BytesColumn.of("eu-west-1", "eu-central-1", "us-east-1", "us-west-2");
    private final BytesColumn hosts = names("host-", 200);
    private final BytesColumn versions = names("1.4.", 12);
    private final BytesColumn users = names("user-", 10_000);
    private final BytesColumn types = BytesColumn.of("log");
    private final BytesColumn principals = BytesColumn.of("key:bench");
    private long timestampNanos = 1_790_000_000_000_000_000L;
    private long offset;

    ReferenceRows(long seed) {
        random = new Random(seed);
        for (int word = 0; word < WORDS; word++) {
            StringBuilder letters = new StringBuilder();
            for (int left = 3 + random.nextInt(7); left > 0; left--) {
                letters.append((char) ('a' + random.nextInt(26)));
            }
            words[word] = letters.toString();
        }
    }

    private static BytesColumn names(String prefix, int count) {
        String[] names = new String[count];
        for (int index = 0; index < count; index++) {
            names[index] = prefix + index;
        }
        return BytesColumn.of(names);
    }

    /** The next {@code rows} rows. */
    List<Column> next(int rows) {
        long[] timestamps = new long[rows];
        long[] offsets = new long[rows];
        long[] received = new long[rows];
        long[] durations = new long[rows];
        byte[] traces = new byte[rows * 16];
        random.nextBytes(traces);
        BytesColumn.Builder messages = new BytesColumn.Builder(rows);
        for (int row = 0; row < rows; row++) {
            timestampNanos += 1 + random.nextInt(100_000);
            timestamps[row] = timestampNanos;
            offsets[row] = offset + (row ^ random.nextInt(2));
            received[row] = timestampNanos / 1_000_000 + 20 - row % 1000 / 50;
            durations[row] = (long) (-Math.log(1 - random.nextDouble()) * 1000);
            StringBuilder message = new StringBuilder();
            for (int word = 0; word < 8; word++) {
                message.append(word == 0 ? "" : " ").append(words[random.nextInt(WORDS)]);
            }
            messages.add(message.toString().getBytes(StandardCharsets.US_ASCII));
        }
        offset += rows;
        List<Column> columns = new ArrayList<>();
        columns.add(longs(ColumnSpec.TIMESTAMP, timestamps));
        columns.add(longs(ColumnSpec.OFFSET, offsets));
        columns.add(longs(ColumnSpec.RECEIVED, received));
        columns.add(codes(ColumnSpec.EVENT_TYPE, types, rows));
        columns.add(codes(ColumnSpec.SOURCE, sources, rows));
        columns.add(codes(ColumnSpec.LEVEL, levels, rows));
        columns.add(codes(ColumnSpec.CREATED_BY, principals, rows));
        columns.add(new Column(ColumnSpec.MESSAGE, new Vector.Text(messages.build())));
        columns.add(new Column(ColumnSpec.TRACE_ID, new Vector.Binary(traces, 16, null, rows)));
        columns.add(codes(tag("environment"), environments, rows));
        columns.add(codes(tag("region"), regions, rows));
        columns.add(codes(tag("host"), hosts, rows));
        columns.add(codes(tag("version"), versions, rows));
        columns.add(
                longs(
                        new ColumnSpec(FieldSpace.PAYLOAD, "duration_ms", Form.DECIMAL, 1),
                        durations));
        columns.add(codes(new ColumnSpec(FieldSpace.PAYLOAD, "user", Form.TEXT, 0), users, rows));
        return columns;
    }

    private static ColumnSpec tag(String key) {
        return new ColumnSpec(FieldSpace.TAG, key, Form.TEXT, 0);
    }

    private static Column longs(ColumnSpec spec, long[] values) {
        return new Column(spec, new Vector.Longs(values, null, values.length));
    }

    private Column codes(ColumnSpec spec, BytesColumn entries, int rows) {
        int[] codes = new int[rows];
        for (int row = 0; row < rows; row++) {
            codes[row] = random.nextInt(entries.count());
        }
        return new Column(spec, new Vector.Codes(codes, entries, rows));
    }
}
