package dev.belfry.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.Order;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Searches among the reference events, counts and a quantile on the embedded engine: wall time and
 * CPU of each kind.
 */
final class SearchBench {
    private static final int BATCH = 1_000;
    private static final int QUESTIONS = 40;

    private SearchBench() {}

    static void run(Options options, Path folder) throws Exception {
        try (Engine engine = Engine.open(folder.resolve("search"))) {
            fill(engine, options.events());
        }
        /* Another engine, so that nothing is in memory that a start does not leave there. */
        try (Engine engine = Engine.open(folder.resolve("search"))) {
            engine.awaitRecovered(Duration.ofMinutes(1));
            ask(engine, options.events());
        }
    }

    private static void ask(Engine engine, long events) throws Exception {
        StoreStatus store = engine.status().store();
        long sealed = store.segments().stream().mapToLong(StoreStatus.SegmentStatus::rows).sum();
        System.out.printf(
                "%,d events sealed, %.2f bytes each%n%n| | p50 | p95 | p99 | CPU |%n| --- | --- |"
                        + " --- | --- | --- |%n",
                sealed, (double) store.segmentBytes() / sealed);
        Map<Measure, List<Question>> questions = Question.all(events, QUESTIONS);
        OperatingSystemMXBean process =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (Measure kind : Question.KINDS) {
            List<Question> some = Objects.requireNonNull(questions.get(kind));
            for (Question question : some.subList(0, QUESTIONS / 4)) {
                ask(engine, question);
            }
            double[] millis = new double[some.size()];
            long before = process.getProcessCpuTime();
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                ask(engine, some.get(i));
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            double cpu = (process.getProcessCpuTime() - before) / 1e6 / millis.length;
            Distribution wall = new Distribution(millis);
            System.out.printf(
                    "| %s | %.1f | %.1f | %.1f | %.1f ms |%n",
                    kind.title().replaceAll(", p\\d\\d ms", ""),
                    wall.percentile(0.5),
                    wall.percentile(0.95),
                    wall.percentile(0.99),
                    cpu);
        }
    }

    private static void ask(Engine engine, Question question) {
        QueryContext context = new QueryContext(Duration.ofMinutes(1), 64L << 20, 10_000, true);
        switch (question.measure()) {
            case COUNT_TIME_LEVEL -> {
                int buckets = Integer.parseInt(question.argument());
                var _ = engine.events().histogram(filter(question), buckets, context);
            }
            case GROUP_TAG, NUMBER_P95 -> {
                var _ = engine.store().execute(plan(question.measure()), context);
            }
            default ->
                    engine.events()
                            .search(filter(question), Order.NEWEST_FIRST, 100, 0, null, context);
        }
    }

    private static Plan plan(Measure measure) {
        Plan.Scan all = new Plan.Scan(Table.EVENTS, TimeRange.ALL, Expr.TRUE, Owner.ALL, null);
        if (measure == Measure.GROUP_TAG) {
            return new Plan.Aggregate(
                    all,
                    List.of(new Plan.Named("host", new Expr.Field(FieldSpace.TAG, "host"))),
                    List.of(new Plan.Measure("count", Plan.Function.COUNT, null, 0)));
        }
        return new Plan.Aggregate(
                all,
                List.of(),
                List.of(
                        new Plan.Measure(
                                "p95",
                                Plan.Function.QUANTILE,
                                new Expr.Field(FieldSpace.PAYLOAD, "duration_ms"),
                                0.95)));
    }

    private static EventFilter filter(Question question) {
        String argument = question.argument();
        Measure kind = question.measure();
        return new EventFilter(
                TimeRange.ALL,
                List.of(),
                kind == Measure.NEWEST_NONE ? List.of("none") : List.of(),
                kind == Measure.NEWEST_HALF ? List.of("info") : List.of(),
                kind == Measure.TRACE ? argument : null,
                switch (kind) {
                    case WORD -> argument;
                    case PHRASE -> '"' + argument + '"';
                    default -> null;
                },
                kind == Measure.NEWEST_HOST ? Map.of("host", List.of(argument)) : Map.of(),
                kind == Measure.NEWEST_USER ? Map.of("user", List.of(argument)) : Map.of(),
                Owner.ALL);
    }

    /** Appends the events of {@link JsonEvents}, one a millisecond up to now, and seals them. */
    private static void fill(Engine engine, long events) throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        JsonEvents words = new JsonEvents(7, 0, 0);
        long startMillis = System.currentTimeMillis() - events;
        for (long first = 0; first < events; first += BATCH) {
            int count = (int) Math.min(BATCH, events - first);
            EventBatchBuilder batch = new EventBatchBuilder(count);
            for (long number = first; number < first + count; number++) {
                batch.timestampNanos((startMillis + number) * 1_000_000);
                event(batch, number, random, words);
                batch.commit();
            }
            EmbeddedFill.append(engine, batch.build());
        }
        engine.store().maintainNow();
    }

    private static void event(
            EventBatchBuilder batch, long number, SplittableRandom random, JsonEvents words) {
        batch.type(EventType.LOG);
        batch.source("service-" + random.nextInt(40));
        batch.level(JsonEvents.LEVELS[random.nextInt(JsonEvents.LEVELS.length)]);
        StringBuilder message = new StringBuilder(80);
        for (int i = 0; i < 8; i++) {
            message.append(i == 0 ? "" : " ").append(words.word(random.nextInt(2000)));
        }
        if (number % 1_000_000 == 500_000) {
            message.append(" rareword").append(number / 1_000_000);
        }
        batch.message(message.toString());
        StringBuilder id = new StringBuilder(32);
        JsonEvents.traceId(id, number);
        batch.traceId(
                Long.parseUnsignedLong(id, 0, 16, 16), Long.parseUnsignedLong(id, 16, 32, 16));
        EmbeddedFill.field(batch, FieldSpace.TAG, "environment", ValueKind.STRING, "production");
        EmbeddedFill.field(
                batch, FieldSpace.TAG, "region", ValueKind.STRING, "region-" + random.nextInt(5));
        EmbeddedFill.field(
                batch, FieldSpace.TAG, "host", ValueKind.STRING, "host-" + random.nextInt(200));
        EmbeddedFill.field(
                batch,
                FieldSpace.TAG,
                "version",
                ValueKind.STRING,
                "1." + random.nextInt(9) + ".0");
        EmbeddedFill.field(
                batch,
                FieldSpace.PAYLOAD,
                "user",
                ValueKind.STRING,
                "user-" + random.nextInt(100_000));
        EmbeddedFill.field(
                batch,
                FieldSpace.PAYLOAD,
                "duration_ms",
                ValueKind.NUMBER,
                Integer.toString(random.nextInt(5_000)));
    }
}
