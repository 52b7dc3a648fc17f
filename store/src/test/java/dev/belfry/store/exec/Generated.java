package dev.belfry.store.exec;

import dev.belfry.model.Event;
import dev.belfry.model.EventId;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Events and plans from a seed, small enough to collide often. */
final class Generated {
    static final long START_NANOS = 1_700_000_000_000_000_000L;
    private static final List<String> KEYS =
            List.of(
                    "service",
                    "status",
                    "a",
                    "a.b",
                    "a.b.c",
                    "duration",
                    "flag",
                    "user.id",
                    "size");
    private static final List<String> PATHS =
            List.of(
                    "service",
                    "status",
                    "a",
                    "a.b",
                    "a.b.c",
                    "a.0",
                    "duration",
                    "flag",
                    "user.id",
                    "user",
                    "size",
                    "none");
    private static final List<String> WORDS =
            List.of(
                    "error",
                    "Timed",
                    "out",
                    "user_7",
                    "42",
                    "größe",
                    "GET",
                    "x",
                    "12.5",
                    "deadbeefdeadbeef");

    private final Random random;

    Generated(long seed) {
        random = new Random(seed);
    }

    List<Event> events(int count, long firstOffset) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(firstOffset + i));
        }
        return events;
    }

    private Event event(long offset) {
        long receivedMillis = 1_700_000_000_000L + random.nextInt(5);
        return new Event(
                new EventId(receivedMillis, 0, offset).uuid(),
                EventType.of(random.nextInt(4)),
                pick(List.of("api", "web", "db")),
                maybe(phrase()),
                maybe(pick(List.of("info", "ERROR", "warn"))),
                JsonTree.write(object(0)),
                JsonTree.write(object(0)),
                START_NANOS + random.nextInt(40) * 1_000_000_000L + random.nextInt(2),
                receivedMillis,
                pick(List.of("user:1", "user:2", "")),
                maybe(
                        pick(
                                List.of(
                                        "0123456789abcdef0123456789abcdef",
                                        "ffffffffffffffff0000000000000001",
                                        "odd id"))),
                maybe(pick(List.of("0123456789abcdef", "odd"))),
                random.nextInt(4),
                random.nextInt(3) * 1_000L,
                random.nextInt(2),
                maybe("name"));
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextInt(4) == 0 ? null : value;
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private String phrase() {
        StringBuilder text = new StringBuilder();
        int words = random.nextInt(5);
        for (int i = 0; i <= words; i++) {
            text.append(i == 0 ? "" : pick(List.of(" ", ", ", ": \"", "\n"))).append(pick(WORDS));
        }
        return text.toString();
    }

    private Map<String, Object> object(int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            members.put(pick(depth == 0 ? KEYS : List.of("b", "c", "b.c", "id")), json(depth));
        }
        return members;
    }

    private Object json(int depth) {
        return switch (random.nextInt(depth > 1 ? 7 : 9)) {
            case 0 -> random.nextBoolean();
            case 1 -> new JsonTree.Null();
            case 2, 3 ->
                    new JsonTree.Num(
                            pick(
                                    List.of(
                                            "0",
                                            "-1",
                                            "42",
                                            "12.5",
                                            "12.50",
                                            "7",
                                            "1e3",
                                            "-0.0",
                                            "0.001",
                                            "9007199254740993",
                                            "1234567890123456.5")));
            case 4 ->
                    pick(
                            List.of(
                                    "42",
                                    "true",
                                    "",
                                    "0123456789abcdef",
                                    "00000000000000000000000000000007",
                                    "12345678-1234-1234-1234-123456789abc"));
            case 5, 6 -> phrase();
            case 7 -> List.of(json(depth + 1), json(depth + 1));
            default -> object(depth + 1);
        };
    }

    Expr filter(int depth) {
        int kind = random.nextInt(depth > 2 ? 9 : 12);
        return switch (kind) {
            case 0, 1 ->
                    new Expr.Compare(pick(List.of(Expr.Comparison.values())), value(1), literal());
            case 2 ->
                    new Expr.Compare(pick(List.of(Expr.Comparison.values())), literal(), value(1));
            case 3 -> new Expr.Compare(pick(List.of(Expr.Comparison.values())), value(1), value(1));
            case 4 -> new Expr.In(value(1), List.of(text(), text(), "Info"), random.nextBoolean());
            case 5 -> new Expr.Exists(stored());
            case 6 -> new Expr.Phrase(random.nextInt(8) == 0 ? "" : phrase());
            case 7 ->
                    random.nextBoolean()
                            ? new Expr.Contains(value(1), phrase())
                            : new Expr.Matches(
                                    value(1),
                                    Pattern.compile(
                                            pick(List.of("e.r", "^[0-9]+$", "out|x", "(?i)GET"))));
            case 8 ->
                    new Expr.Like(
                            value(1),
                            pick(List.of("%out%", "_2", "e%r%", "%", "", "12.5", "%\\%%", "G_T%")),
                            random.nextBoolean());
            case 9 -> new Expr.Not(filter(depth + 1));
            case 10 -> new Expr.And(filters(depth));
            default -> new Expr.Or(filters(depth));
        };
    }

    private List<Expr> filters(int depth) {
        List<Expr> filters = new ArrayList<>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            filters.add(filter(depth + 1));
        }
        return filters;
    }

    private String text() {
        return pick(
                List.of(
                        "api",
                        "info",
                        "ERROR",
                        "42",
                        "12.5",
                        "true",
                        "error",
                        "odd id",
                        "user:1",
                        "log",
                        "x",
                        "",
                        "0123456789abcdef0123456789abcdef",
                        "0123456789abcdef",
                        "12345678-1234-1234-1234-123456789abc",
                        "Timed out",
                        "[42,42]"));
    }

    private Expr literal() {
        return switch (random.nextInt(3)) {
            case 0 -> new Expr.Text(text());
            case 1 ->
                    new Expr.Number(
                            pick(List.of(0.0, 42.0, 12.5, -1.0, 0.001, 1e3, 1.7e18, 9e15, 1e300)));
            default -> new Expr.Bool(random.nextBoolean());
        };
    }

    Expr stored() {
        return random.nextInt(3) == 0
                ? new Expr.Column(pick(PlanShape.EVENT_COLUMNS))
                : new Expr.Field(
                        pick(List.of(FieldSpace.TAG, FieldSpace.PAYLOAD, FieldSpace.EVENT))
                                                instanceof FieldSpace s
                                        && s != FieldSpace.EVENT
                                ? s
                                : null,
                        pick(PATHS));
    }

    Expr value(int depth) {
        return switch (random.nextInt(depth > 2 ? 5 : 9)) {
            case 5 -> new Expr.Lower(value(depth + 1));
            case 6 -> new Expr.Bin(value(depth + 1), pick(List.of(10.0, 1e9, 0.5)), 0);
            case 7 ->
                    new Expr.Arithmetic(
                            pick(List.of(Expr.Operator.values())),
                            value(depth + 1),
                            value(depth + 1));
            case 8 -> new Expr.Bin(new Expr.Column("timestamp"), 7e9, 0);
            default -> stored();
        };
    }

    List<Plan.Named> named(String prefix, int max) {
        List<Plan.Named> named = new ArrayList<>();
        int count = random.nextInt(max + 1);
        for (int i = 0; i < count; i++) {
            named.add(new Plan.Named(prefix + i, value(1)));
        }
        return named;
    }

    List<Plan.Measure> measures() {
        List<Plan.Measure> measures = new ArrayList<>();
        measures.add(new Plan.Measure("count", Plan.Function.COUNT, null, 0));
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            measures.add(
                    new Plan.Measure(
                            "m" + i,
                            pick(List.of(Plan.Function.values())),
                            value(1),
                            random.nextInt(11) / 10.0));
        }
        return measures;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
