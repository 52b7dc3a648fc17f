package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What filters of words and of pairs of words rule out has none of what is searched: the answer is
 * that of a plain scan, which a condition that is negated twice gets.
 */
final class WordFiltersTest {
    private static final long SEED = Long.getLong("belfry.seed", 11);
    private static final int QUESTIONS = 80;
    private static final int FIRST_ROWS = 20_000;
    private static final int ROWS = 33_000;
    private static final List<String> WORDS =
            List.of(
                    "error",
                    "Timed",
                    "out",
                    "user_7",
                    "größe",
                    "GET",
                    "x",
                    "cafe",
                    "beef",
                    "1e5",
                    "42",
                    "20261",
                    "7789ab",
                    "7",
                    "12.5",
                    "-3",
                    "10.0.0.7",
                    "deadbeefdeadbeef",
                    "true",
                    "null",
                    "e5",
                    "0af76519-16cd-43dd-8448-eb211c80319c",
                    "ÉTÉ",
                    "日本",
                    "under_score",
                    "a'b");
    private static final List<String> BETWEEN =
            List.of(" ", " ", "  ", ": ", "-", "/", "=\"", "\n");
    private static final List<String> FIELDS = List.of("few", "many", "mixed", "ids", "nested");

    @TempDir private Path folder;

    private final Random random = new Random(SEED);
    private long number;

    @Test
    void searchesOfSealedEvents_answerAsAPlainScan() throws IOException {
        try (Engine engine =
                Engine.open(EngineFixture.config(Disk.real(), folder, new SimulatedClock()))) {
            append(engine, FIRST_ROWS);
            check(engine);
            append(engine, ROWS);
            check(engine);
        }
    }

    private void append(Engine engine, int rows) throws IOException {
        for (int left = rows; left > 0; left -= 1000) {
            EventBatchBuilder batch = new EventBatchBuilder(1000);
            for (int i = 0; i < 1000; i++) {
                event(batch);
            }
            EventBatch built = batch.build();
            EngineFixture.append(engine, built);
        }
        assertThat(rows(engine, Expr.TRUE)).isNotEmpty();
        engine.store().maintainNow();
    }

    private void event(EventBatchBuilder batch) {
        batch.type(EventType.LOG);
        batch.timestampNanos(1_700_000_000_000_000_000L + number * 1_000_000 + random.nextInt(5));
        batch.source("s" + random.nextInt(3));
        if (random.nextInt(10) > 0) {
            batch.message(text(random.nextInt(40) == 0 ? 1 : 2 + random.nextInt(5)));
        }
        field(batch, FieldSpace.TAG, "few", ValueKind.STRING, text(1 + random.nextInt(2)));
        /* Each value in few parts of a group. */
        String near = "name-" + number / 300 + '.' + random.nextInt(100);
        field(batch, FieldSpace.PAYLOAD, "many", ValueKind.STRING, near);
        boolean isNumber = random.nextBoolean();
        field(
                batch,
                FieldSpace.PAYLOAD,
                "mixed",
                isNumber ? ValueKind.NUMBER : ValueKind.STRING,
                isNumber ? number(0.5 + random.nextInt(40)) : text(1));
        field(
                batch,
                FieldSpace.TAG,
                "ids",
                ValueKind.STRING,
                "0af76519-16cd-43dd-8448-%012x".formatted(number / 5));
        if (random.nextInt(3) == 0) {
            String json =
                    "{\"in\":[\"" + word() + " " + word() + "\",12.5],\"k\":\"" + word() + "\"}";
            field(batch, FieldSpace.PAYLOAD, "nested", ValueKind.JSON, json);
        }
        if (random.nextInt(300) == 0) {
            String rare = "rare" + random.nextInt(5);
            field(batch, FieldSpace.TAG, rare, ValueKind.STRING, text(2));
        }
        batch.commit();
        number++;
    }

    private static String number(double value) {
        return Double.toString(value);
    }

    private static void field(
            EventBatchBuilder batch, FieldSpace space, String key, ValueKind kind, String value) {
        FieldColumn.Builder field = batch.field(space, key);
        if (field != null) {
            field.add(batch.count(), kind, value);
        }
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private String text(int words) {
        StringBuilder text = new StringBuilder(word());
        for (int left = words - 1; left > 0; left--) {
            text.append(BETWEEN.get(random.nextInt(BETWEEN.size()))).append(word());
        }
        return text.toString();
    }

    private void check(Engine engine) {
        int found = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            Expr question = question(0);
            Expr plain = new Expr.Not(new Expr.Not(question));
            List<String> rows = rows(engine, question);
            assertThat(rows).as("seed %d: %s", SEED, question).isEqualTo(rows(engine, plain));
            found += rows.isEmpty() ? 0 : 1;
        }
        assertThat(found).isGreaterThan(QUESTIONS / 4);
    }

    private Expr question(int depth) {
        return switch (random.nextInt(depth > 1 ? 5 : 7)) {
            case 0 -> new Expr.Phrase(text(1 + random.nextInt(3)));
            case 1 -> new Expr.Contains(new Expr.Column("message"), text(1 + random.nextInt(3)));
            case 2 -> new Expr.Phrase("NAME " + number * random.nextInt(100) / 100 / 300);
            case 3 -> equal(field(), random.nextBoolean() ? text(1) : value());
            case 4 -> new Expr.In(field(), List.of(text(1), value()), random.nextBoolean());
            case 5 -> new Expr.And(List.of(question(depth + 1), question(depth + 1)));
            default -> new Expr.Or(List.of(question(depth + 1), question(depth + 1)));
        };
    }

    private Expr field() {
        return switch (random.nextInt(8)) {
            case 0 -> new Expr.Column("message");
            case 1 -> new Expr.Field(FieldSpace.PAYLOAD, "nested.k");
            case 2 -> new Expr.Field(FieldSpace.PAYLOAD, "nested.in.0");
            case 3 -> new Expr.Field(FieldSpace.TAG, "rare" + random.nextInt(5));
            default -> new Expr.Field(null, FIELDS.get(random.nextInt(FIELDS.size())));
        };
    }

    private String value() {
        long some = number * random.nextInt(100) / 100;
        return switch (random.nextInt(4)) {
            case 0 -> "name-" + some / 300 + '.' + random.nextInt(100);
            case 1 -> "0af76519-16cd-43dd-8448-%012x".formatted(some / 5);
            case 2 -> number(0.5 + random.nextInt(40));
            default -> text(2);
        };
    }

    private static Expr equal(Expr operand, String value) {
        return new Expr.Compare(Expr.Comparison.EQUAL, operand, new Expr.Text(value));
    }

    private static List<String> rows(Engine engine, Expr filter) {
        Plan.Scan scan = new Plan.Scan(Table.EVENTS, TimeRange.ALL, filter, Owner.ALL, null);
        Plan plan =
                new Plan.Sort(
                        new Plan.Extract(
                                scan, List.of(new Plan.Named("id", new Expr.Column("id")))),
                        List.of(new Plan.SortKey("timestamp", true)));
        QueryContext context = new QueryContext(Duration.ofMinutes(10), 256 << 20, 100_000, false);
        return engine.store().execute(plan, context).rows().stream().map(Arrays::toString).toList();
    }
}
