package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.HashSet64;
import dev.belfry.store.filter.Tokens;
import dev.belfry.store.parquet.Column;
import dev.belfry.store.parquet.PageCache;
import dev.belfry.store.parquet.RowGroupEncoder;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Times queries over encoded row groups in memory: {@code main [million rows] [workers]}. */
final class ExecutorBenchmark {
    private static final int GROUP_ROWS = 1 << 15;
    private static final long START_NANOS = 1_700_000_000_000_000_000L;
    private static final int RUNS = 15;

    private final Random random = new Random(7);
    private final String[] words = new String[2000];
    private String needle = "";

    private ExecutorBenchmark() {
        for (int i = 0; i < words.length; i++) {
            words[i] = "w" + Integer.toString(i * 7919 + 1000, 36);
        }
    }

    public static void main(String[] args) {
        int million = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int workers = args.length > 1 ? Integer.parseInt(args[1]) : 2;
        ExecutorBenchmark benchmark = new ExecutorBenchmark();
        try (PageCache cache = new PageCache(PageCache.DEFAULT_BUDGET_BYTES);
                ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            List<RowGroup> groups = benchmark.groups(million * 1_000_000L / GROUP_ROWS, cache);
            benchmark
                    .plans()
                    .forEach((name, plan) -> time(name, plan, groups, new Executor(pool, workers)));
        }
    }

    private List<RowGroup> groups(long count, PageCache cache) {
        List<RowGroup> groups = new ArrayList<>();
        long bytes = 0;
        long started = System.nanoTime();
        HashSet64 hashes = new HashSet64();
        try (RowGroupEncoder encoder = new RowGroupEncoder(cache)) {
            for (int g = 0; g < count; g++) {
                hashes.clear();
                List<Column> columns = columns(g, hashes);
                long[] filter = hashes.toArray();
                var group = encoder.encode(columns, filter, filter.length);
                bytes += group.sizeBytes();
                groups.add(group);
            }
        }
        System.out.printf(
                "%d groups of %d rows, %.1f bytes a row, built in %.1f s%n",
                count,
                GROUP_ROWS,
                (double) bytes / (count * GROUP_ROWS),
                (System.nanoTime() - started) / 1e9);
        return groups;
    }

    /* 4 events a millisecond, 40 sources, 4 tags, 2 payload members, 8 words, a random trace id. */
    private List<Column> columns(int group, HashSet64 hashes) {
        int n = GROUP_ROWS;
        long[] offsets = new long[n];
        long[] received = new long[n];
        long[] times = new long[n];
        long[] durations = new long[n];
        long[] statuses = new long[n];
        byte[] traces = new byte[n * 16];
        random.nextBytes(traces);
        String[] messages = new String[n];
        for (int i = 0; i < n; i++) {
            long offset = (long) group * n + i;
            offsets[i] = offset;
            times[i] = START_NANOS + offset * 250_000 + random.nextInt(1000);
            received[i] = times[i] / 1_000_000;
            durations[i] = (long) Math.exp(random.nextGaussian() * 1.5 + 6);
            statuses[i] = random.nextInt(20) == 0 ? 500 : 200;
            StringBuilder message = new StringBuilder();
            for (int w = 0; w < 8; w++) {
                message.append(w == 0 ? "" : " ")
                        .append(
                                words[
                                        Math.abs((int) (random.nextGaussian() * 300))
                                                % words.length]);
            }
            if (offset == 1_234_567) {
                message.append(" xyzzy needle");
                needle = java.util.HexFormat.of().formatHex(traces, i * 16, i * 16 + 16);
            }
            messages[i] = message.toString();
            Tokens.addAll(
                    messages[i].getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    0,
                    messages[i].length(),
                    hashes);
            hashes.add(Tokens.hash16(traces, i * 16));
        }
        for (int host = 0; host < 100; host++) {
            hashes.add(Tokens.hash("host"));
            hashes.add(Tokens.hash(Integer.toString(host)));
        }
        hashes.add(Tokens.hash("user"));
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(ColumnSpec.OFFSET, new Vector.Longs(offsets, null, n)));
        columns.add(new Column(ColumnSpec.RECEIVED, new Vector.Longs(received, null, n)));
        columns.add(new Column(ColumnSpec.TIMESTAMP, new Vector.Longs(times, null, n)));
        columns.add(new Column(ColumnSpec.EVENT_TYPE, codes(1, "log", 0)));
        columns.add(new Column(ColumnSpec.CREATED_BY, codes(1, "key:1", 0)));
        columns.add(new Column(ColumnSpec.SOURCE, codes(40, "source-", 0)));
        columns.add(new Column(ColumnSpec.LEVEL, codes(4, "level", 2)));
        columns.add(new Column(ColumnSpec.MESSAGE, new Vector.Text(BytesColumn.of(messages))));
        columns.add(new Column(ColumnSpec.TRACE_ID, new Vector.Binary(traces, 16, null, n)));
        columns.add(new Column(tag("env"), codes(3, "env-", 1)));
        columns.add(new Column(tag("host"), codes(100, "host-", 0)));
        columns.add(new Column(tag("region"), codes(8, "region-", 0)));
        columns.add(new Column(tag("user_id"), codes(5000, "user-", 0)));
        columns.add(
                new Column(
                        new ColumnSpec(FieldSpace.PAYLOAD, "duration", Form.DECIMAL, 2),
                        new Vector.Longs(durations, null, n)));
        columns.add(
                new Column(
                        new ColumnSpec(FieldSpace.PAYLOAD, "status", Form.DECIMAL, 0),
                        new Vector.Longs(statuses, null, n)));
        return columns;
    }

    private static ColumnSpec tag(String key) {
        return new ColumnSpec(FieldSpace.TAG, key, Form.TEXT, 0);
    }

    private Vector codes(int cardinality, String prefix, int skew) {
        int[] codes = new int[GROUP_ROWS];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = random.nextInt(cardinality);
            for (int s = 0; s < skew; s++) {
                codes[i] = Math.min(codes[i], random.nextInt(cardinality));
            }
        }
        String[] values = new String[cardinality];
        Arrays.setAll(values, i -> prefix + i);
        return new Vector.Codes(codes, BytesColumn.of(values), GROUP_ROWS);
    }

    private Map<String, Plan> plans() {
        Expr level = new Expr.Column("level");
        Expr duration = new Expr.Field(FieldSpace.PAYLOAD, "duration");
        Expr minute = new Expr.Bin(new Expr.Column("timestamp"), 60e9, 0);
        Plan.Measure count = new Plan.Measure("count", Plan.Function.COUNT, null, 0);
        Map<String, Plan> plans = new LinkedHashMap<>();
        plans.put("newest 100, all", newest(100, Expr.TRUE));
        plans.put("newest 100, 50 %", newest(100, equal(level, "level0")));
        plans.put(
                "newest 10 of a source", newest(10, equal(new Expr.Column("source"), "source-7")));
        plans.put("newest 100, 1 %", newest(100, equal(new Expr.Field(null, "host"), "host-7")));
        plans.put(
                "newest 100, 0.02 %",
                newest(100, equal(new Expr.Field(null, "user_id"), "user-7")));
        plans.put("newest 100, nothing (level)", newest(100, equal(level, "fatal")));
        plans.put(
                "newest 100, nothing (two)",
                newest(
                        100,
                        new Expr.And(
                                List.of(
                                        equal(level, "level3"),
                                        equal(new Expr.Column("source"), "none")))));
        plans.put(
                "newest 100, number > max",
                newest(
                        100,
                        new Expr.Compare(Expr.Comparison.GREATER, duration, new Expr.Number(1e9))));
        plans.put("trace id", newest(100, equal(new Expr.Column("trace_id"), needle)));
        plans.put("rare word", newest(100, new Expr.Phrase("xyzzy")));
        plans.put("phrase", newest(100, new Expr.Phrase("xyzzy needle")));
        plans.put("common phrase", newest(100, new Expr.Phrase(words[1] + " " + words[2])));
        plans.put("count(*)", new Plan.Aggregate(scan(Expr.TRUE), List.of(), List.of(count)));
        plans.put(
                "count by minute, level",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(new Plan.Named("m", minute), new Plan.Named("level", level)),
                        List.of(count)));
        plans.put(
                "count by 1 s, level",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(
                                new Plan.Named(
                                        "m", new Expr.Bin(new Expr.Column("timestamp"), 1e9, 0)),
                                new Plan.Named("level", level)),
                        List.of(count)));
        plans.put(
                "count by tag (100)",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(new Plan.Named("k", new Expr.Field(null, "host"))),
                        List.of(count)));
        plans.put(
                "count by tag (5000)",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(new Plan.Named("k", new Expr.Field(null, "user_id"))),
                        List.of(count)));
        plans.put(
                "p95 of a number",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(),
                        List.of(new Plan.Measure("p95", Plan.Function.QUANTILE, duration, 0.95))));
        plans.put(
                "p95 by source",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(new Plan.Named("s", new Expr.Column("source"))),
                        List.of(new Plan.Measure("p95", Plan.Function.QUANTILE, duration, 0.95))));
        plans.put(
                "avg, max by env",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(new Plan.Named("s", new Expr.Field(null, "env"))),
                        List.of(
                                new Plan.Measure("a", Plan.Function.AVERAGE, duration, 0),
                                new Plan.Measure("b", Plan.Function.MAX, duration, 0))));
        plans.put(
                "distinct users",
                new Plan.Aggregate(
                        scan(Expr.TRUE),
                        List.of(),
                        List.of(
                                new Plan.Measure(
                                        "u",
                                        Plan.Function.COUNT_DISTINCT,
                                        new Expr.Field(null, "user_id"),
                                        0))));
        plans.put(
                "count where level, by host",
                new Plan.Aggregate(
                        scan(equal(level, "level0")),
                        List.of(new Plan.Named("k", new Expr.Field(null, "host"))),
                        List.of(count)));
        List<Plan.Named> fields = new ArrayList<>();
        for (String column : List.of("source", "level", "event_type")) {
            fields.add(new Plan.Named(column, new Expr.Column(column)));
        }
        for (String tag : List.of("env", "host", "region", "user_id")) {
            fields.add(new Plan.Named(tag, new Expr.Field(FieldSpace.TAG, tag)));
        }
        for (String member : List.of("duration", "status")) {
            fields.add(new Plan.Named(member, new Expr.Field(FieldSpace.PAYLOAD, member)));
        }
        plans.put("all fields", new Plan.TopValues(scan(Expr.TRUE), fields, 10));
        plans.put(
                "top 10 by duration",
                new Plan.Limit(
                        new Plan.Sort(
                                new Plan.Extract(
                                        scan(Expr.TRUE), List.of(new Plan.Named("d", duration))),
                                List.of(new Plan.SortKey("d", true))),
                        0,
                        10));
        return plans;
    }

    private static Expr equal(Expr operand, String value) {
        return new Expr.Compare(Expr.Comparison.EQUAL, operand, new Expr.Text(value));
    }

    private static Plan.Scan scan(Expr filter) {
        return new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, Owner.ALL, null);
    }

    private static Plan newest(int count, Expr filter) {
        return new Plan.Limit(
                new Plan.Sort(scan(filter), List.of(new Plan.SortKey("timestamp", true))),
                0,
                count);
    }

    private static void time(String name, Plan plan, List<RowGroup> groups, Executor executor) {
        double[] wall = new double[RUNS];
        double[] cpu = new double[RUNS];
        ResultTable result = null;
        for (int run = -10; run < RUNS; run++) {
            QueryContext context = new QueryContext(Duration.ofMinutes(5), 1L << 30, 10_000, false);
            long start = System.nanoTime();
            long startCpu = cpuNanos();
            result = executor.run(plan, groups, Long.MAX_VALUE, context);
            if (run >= 0) {
                wall[run] = (System.nanoTime() - start) / 1e6;
                cpu[run] = (cpuNanos() - startCpu) / 1e6;
            }
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        System.out.printf(
                "%-28s wall p50 %8.2f p95 %8.2f ms  cpu %8.2f ms  rows %d, read %d rows,"
                        + " %d KB, %d of %d groups skipped%n",
                name,
                wall[RUNS / 2],
                wall[RUNS - 1],
                cpu[RUNS / 2],
                result.rows().size(),
                result.statistics().rowsRead(),
                result.statistics().bytesRead() / 1024,
                result.statistics().rowGroupsSkipped(),
                result.statistics().rowGroupsTotal());
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
