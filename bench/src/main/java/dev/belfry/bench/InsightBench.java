package dev.belfry.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.query.Comparison;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.FieldSummary;
import dev.belfry.query.Insights;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What the Explore page asks of the embedded engine: wall time and CPU against the targets. */
final class InsightBench {
    private static final int BATCH = 1_000;
    private static final int RUNS = 5;
    private static final long START = 1_769_212_800_000_000_000L;
    private static final long STEP = 4_000_000L;
    private static final String[] LEVELS = {"INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"};
    private static final String[] LINES = {
        "user=# method:login took # ms via /api/v1/users/#",
        "GET /orders/# answered 200 in # ms",
        "payment # of customer # accepted by provider north",
        "payment # of customer # refused: insufficient funds",
        "cache miss for key session:#, loaded in # ms",
        "connection from 10.0.#.# closed after # s",
        "job # finished: # rows written, # skipped",
        "retry # of request # after # ms",
        "worker # took lease # until tomorrow",
        "timed out after # ms while reading from upstream #"
    };

    private interface Question {
        void ask(QueryContext context) throws Exception;
    }

    private InsightBench() {}

    static void run(Options options, Path folder) throws Exception {
        long events = options.events();
        try (Engine engine = Engine.open(folder.resolve("insights"))) {
            long before = System.nanoTime();
            fill(engine, events);
            engine.store().maintainNow();
            System.out.printf(
                    "%,d events in %.0f s; %d runs each, the median, and CPU of all threads%n%n",
                    events, (System.nanoTime() - before) / 1e9, RUNS);
            System.out.println("| | target | wall | CPU |\n| --- | --- | --- | --- |");
            ask(engine, events);
        }
    }

    private static void ask(Engine engine, long events) throws Exception {
        insight(
                engine,
                "filter, stats count() by bin(1m), level over " + events,
                1_000,
                newest(events, events),
                "filter @type = \"log\" and host != \"h3\" | stats count() by bin(1m), level");
        long million = Math.min(events, 1_000_000);
        insight(
                engine,
                "parse by glob over " + million,
                1_000,
                newest(events, million),
                "parse @message \"took * ms\" as ms | stats avg(ms), count(ms)");
        insight(
                engine,
                "parse by regex over " + million,
                0,
                newest(events, million),
                "parse @message /took (?<ms>\\d+) ms/ | stats avg(ms), count(ms)");
        insight(
                engine,
                "pattern over " + million,
                3_000,
                newest(events, million),
                "pattern @message");
        measured(
                "patterns with trends over " + events,
                0,
                context ->
                        engine.events().patterns(filter(newest(events, events)), 50, 30, context));
        long five = Math.min(events, 5_000_000);
        compare(engine, "compare a time with the rest over " + five, newest(events, five), false);
        compare(engine, "compare a query with the rest over " + five, newest(events, five), true);
        measured(
                "values of a tag by prefix over " + events,
                100,
                context ->
                        engine.events()
                                .fields(
                                        filter(newest(events, events)),
                                        new FieldSummary.Choice("tags.host", "h1"),
                                        10,
                                        context));
        measured(
                "values of a tag of 50,000 by prefix over " + events,
                100,
                context ->
                        engine.events()
                                .fields(
                                        filter(newest(events, events)),
                                        new FieldSummary.Choice("tags.user", "u12"),
                                        10,
                                        context));
    }

    private static void compare(Engine engine, String name, TimeRange range, boolean byQuery)
            throws Exception {
        long length = range.endNanos() - range.startNanos();
        TimeRange selected =
                new TimeRange(
                        range.startNanos() + length / 2, range.startNanos() + length * 6 / 10);
        Comparison.Question question =
                new Comparison.Question(
                        filter(range),
                        byQuery ? null : selected,
                        byQuery ? Insights.condition("level:error", range.endNanos()) : null,
                        false,
                        50);
        measured(name, 1_000, context -> engine.events().compare(question, context));
    }

    private static void insight(
            Engine engine, String name, int targetMillis, TimeRange range, String query)
            throws Exception {
        measured(
                name,
                targetMillis,
                context ->
                        engine.insights()
                                .run(
                                        query,
                                        range,
                                        Owner.ALL,
                                        Set.of(),
                                        range.endNanos(),
                                        10_000,
                                        context));
    }

    private static EventFilter filter(TimeRange range) {
        return EventFilter.all(range, Owner.ALL);
    }

    private static TimeRange newest(long events, long count) {
        return new TimeRange(START + (events - count) * STEP, START + events * STEP);
    }

    private static void measured(String name, int targetMillis, Question question)
            throws Exception {
        double[] wall = new double[RUNS];
        double[] cpu = new double[RUNS];
        OperatingSystemMXBean process =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (int run = -1; run < RUNS; run++) {
            long cpuBefore = process.getProcessCpuTime();
            long before = System.nanoTime();
            question.ask(
                    new QueryContext(
                            Duration.ofMinutes(2), 1L << 30, Insights.STEP_ROWS_MAX, true));
            if (run >= 0) {
                wall[run] = (System.nanoTime() - before) / 1e6;
                cpu[run] = (process.getProcessCpuTime() - cpuBefore) / 1e6;
            }
        }
        Arrays.sort(wall);
        Arrays.sort(cpu);
        System.out.printf(
                "| %s | %s | %,.0f ms | %,.0f ms |%n",
                name,
                targetMillis == 0 ? "-" : targetMillis + " ms",
                wall[RUNS / 2],
                cpu[RUNS / 2]);
    }

    /* Ten kinds of lines, 100 hosts, 50,000 users, five services; four events a second and millisecond. */
    private static void fill(Engine engine, long events) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        List<String> services =
                new ArrayList<>(List.of("api", "billing", "shop", "search", "mail"));
        for (long first = 0; first < events; first += BATCH) {
            int count = (int) Math.min(BATCH, events - first);
            EventBatchBuilder batch = new EventBatchBuilder(count);
            for (int i = 0; i < count; i++) {
                batch.type(EventType.LOG);
                batch.timestampNanos(START + (first + i) * STEP);
                batch.source(services.get(random.nextInt(services.size())));
                batch.level(LEVELS[random.nextInt(LEVELS.length)]);
                batch.message(line(random));
                EmbeddedFill.field(
                        batch, FieldSpace.TAG, "host", ValueKind.STRING, "h" + random.nextInt(100));
                EmbeddedFill.field(
                        batch,
                        FieldSpace.TAG,
                        "user",
                        ValueKind.STRING,
                        "u" + random.nextInt(50_000));
                EmbeddedFill.field(
                        batch,
                        FieldSpace.TAG,
                        "status",
                        ValueKind.NUMBER,
                        random.nextInt(10) == 0 ? "500" : "200");
                EmbeddedFill.field(
                        batch,
                        FieldSpace.PAYLOAD,
                        "duration_ms",
                        ValueKind.NUMBER,
                        Integer.toString(random.nextInt(5_000)));
                batch.commit();
            }
            EmbeddedFill.append(engine, batch.build());
        }
    }

    private static String line(SplittableRandom random) {
        StringBuilder line = new StringBuilder(LINES[random.nextInt(LINES.length)]);
        for (int at = line.indexOf("#"); at >= 0; at = line.indexOf("#", at)) {
            line.replace(at, at + 1, Integer.toString(random.nextInt(10_000)));
        }
        return line.toString();
    }
}
