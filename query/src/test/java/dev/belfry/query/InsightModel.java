package dev.belfry.query;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Insights over a list in memory, written from docs/insights.md and sharing nothing with the
 * engine: makes queries at random, each as text and as what it means.
 */
final class InsightModel {
    /** An event: values by name, absent ones are missing; {@code time} in epoch nanoseconds. */
    record Row(long time, Map<String, Object> values) {
        @Nullable Object get(String name) {
            return values.get(name);
        }

        Row with(String name, @Nullable Object value) {
            Map<String, Object> more = new HashMap<>(values);
            more.remove(name);
            if (value != null) {
                more.put(name, value);
            }
            return new Row(time, more);
        }
    }

    /** A query and its answer: rows as they are compared, and whether their order counts. */
    record Query(String text, List<List<@Nullable Object>> rows, boolean ordered) {}

    private record Value(String text, Function<Row, @Nullable Object> of) {}

    private record Condition(String text, Predicate<Row> test) {}

    private static final Pattern TOOK = Pattern.compile("took (\\d+) ms");
    private static final List<String> WORDS = List.of("/a", "/b", "took", "ann", "x%y", "");

    private final Random random;
    private final List<Row> newestFirst;
    private int aliases;

    InsightModel(Random random, List<Row> events) {
        this.random = random;
        this.newestFirst = new ArrayList<>(events);
        newestFirst.sort(Comparator.comparingLong(Row::time).reversed());
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    Query query() {
        StringBuilder text = new StringBuilder();
        List<Row> rows = newestFirst;
        List<Value> known = new ArrayList<>(fields());
        for (int i = random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    Value value = value(known, 2);
                    String alias = "v" + aliases++;
                    text.append("fields ").append(value.text()).append(" as ").append(alias);
                    text.append(" | ");
                    rows = named(rows, alias, value.of());
                    known.add(new Value(alias, row -> row.get(alias)));
                }
                case 1 -> {
                    String alias = "p" + aliases++;
                    boolean glob = random.nextBoolean();
                    text.append(
                            glob
                                    ? "parse @message \"took * ms\" as " + alias
                                    : "parse @message /took (?<" + alias + ">\\d+) ms/");
                    text.append(" | ");
                    rows = named(rows, alias, InsightModel::took);
                    known.add(new Value(alias, row -> row.get(alias)));
                }
                default -> {
                    Condition condition = condition(known, 3);
                    text.append("filter ").append(condition.text()).append(" | ");
                    rows = rows.stream().filter(condition.test()).toList();
                }
            }
        }
        return switch (random.nextInt(4)) {
            case 0 -> stats(text, rows, known);
            case 1 -> dedup(text, rows);
            case 2 -> sorted(text, rows, known);
            default -> shown(text, rows, value(known, 2), true);
        };
    }

    private static List<Row> named(
            List<Row> rows, String alias, Function<Row, @Nullable Object> value) {
        return rows.stream().map(row -> row.with(alias, value.apply(row))).toList();
    }

    private static @Nullable Object took(Row row) {
        Matcher matcher = TOOK.matcher(String.valueOf(row.get("@message")));
        return matcher.find() ? matcher.group(1) : null;
    }

    private static List<Value> fields() {
        List<Value> fields = new ArrayList<>();
        for (String name : List.of("source", "route", "status", "dur", "flag", "@message")) {
            fields.add(new Value(name, row -> row.get(name)));
        }
        return fields;
    }

    private Query shown(StringBuilder text, List<Row> rows, Value value, boolean ordered) {
        text.append("fields ").append(value.text()).append(" as out | display @message, out");
        List<List<@Nullable Object>> answer = new ArrayList<>();
        for (Row row : rows) {
            answer.add(list(row.get("@message"), value.of().apply(row)));
        }
        return new Query(text.toString(), answer, ordered);
    }

    private static List<@Nullable Object> list(@Nullable Object... values) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Object value : values) {
            list.add(value);
        }
        return list;
    }

    private Query dedup(StringBuilder text, List<Row> rows) {
        String name = one(List.of("route", "status", "source"));
        text.append("dedup ").append(name).append(" | ");
        Set<Object> seen = new HashSet<>();
        List<Row> kept = new ArrayList<>();
        for (Row row : rows) {
            Object value = row.get(name);
            if (value == null || seen.add(value)) {
                kept.add(row);
            }
        }
        return shown(text, kept, new Value(name, row -> row.get(name)), true);
    }

    private Query sorted(StringBuilder text, List<Row> rows, List<Value> known) {
        boolean descending = random.nextBoolean();
        int limit = 1 + random.nextInt(30);
        text.append("sort status ").append(descending ? "desc" : "asc");
        text.append(" | limit ").append(limit).append(" | ");
        Comparator<Row> byTime = Comparator.comparingLong(Row::time);
        Comparator<Row> order =
                (a, b) -> {
                    Object left = a.get("status");
                    Object right = b.get("status");
                    if (left == null || right == null) {
                        return Boolean.compare(left == null, right == null);
                    }
                    int sign = Double.compare(number(left), number(right));
                    return descending ? -sign : sign;
                };
        List<Row> ordered = new ArrayList<>(rows);
        ordered.sort(order.thenComparing(descending ? byTime.reversed() : byTime));
        List<Row> first = ordered.subList(0, Math.min(limit, ordered.size()));
        return shown(text, first, value(known, 1), true);
    }

    /* ---- values ---- */

    private Value value(List<Value> known, int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return one(known);
        }
        Value a = value(known, depth - 1);
        Value b = value(known, depth - 1);
        double n = random.nextInt(40) / 4.0;
        String word = one(WORDS);
        return switch (random.nextInt(12)) {
            case 0 -> calculated(a, "+", n, (x, y) -> x + y);
            case 1 -> calculated(a, "-", n, (x, y) -> x - y);
            case 2 -> calculated(a, "*", n, (x, y) -> x * y);
            case 3 -> calculated(a, "/", n, (x, y) -> x / y);
            case 4 -> ofText("strlen", a, text -> (double) text.length());
            case 5 -> ofText("toupper", a, text -> text.toUpperCase(Locale.ROOT));
            case 6 -> ofText("tolower", a, text -> text.toLowerCase(Locale.ROOT));
            case 7 ->
                    new Value(
                            "coalesce(" + a.text() + ", " + b.text() + ")",
                            row -> {
                                Object first = a.of().apply(row);
                                return first != null ? first : b.of().apply(row);
                            });
            case 8 -> {
                Condition condition = condition(known, 1);
                yield new Value(
                        "if(" + condition.text() + ", " + a.text() + ", " + b.text() + ")",
                        row -> condition.test().test(row) ? a.of().apply(row) : b.of().apply(row));
            }
            case 9 ->
                    new Value(
                            "replace(" + a.text() + ", \"" + word + "\", \"_\")",
                            row -> {
                                String text = text(a.of().apply(row));
                                return text == null || word.isEmpty()
                                        ? text
                                        : text.replace(word, "_");
                            });
            case 10 ->
                    new Value(
                            "floor(" + a.text() + ")",
                            row -> finite(Math.floor(number(a.of().apply(row)))));
            default ->
                    new Value(
                            "concat(" + a.text() + ", \"-\", " + b.text() + ")",
                            row ->
                                    orEmpty(text(a.of().apply(row)))
                                            + "-"
                                            + orEmpty(text(b.of().apply(row))));
        };
    }

    private interface Calculation {
        double of(double x, double y);
    }

    private static Value calculated(Value a, String sign, double n, Calculation calculation) {
        return new Value(
                "(" + a.text() + " " + sign + " " + n + ")",
                row -> finite(calculation.of(number(a.of().apply(row)), n)));
    }

    private static Value ofText(String name, Value a, Function<String, Object> function) {
        return new Value(
                name + "(" + a.text() + ")",
                row -> {
                    String text = text(a.of().apply(row));
                    return text == null ? null : function.apply(text);
                });
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                    Long.toString(Math.round(number));
            default -> value.toString();
        };
    }

    private static double number(@Nullable Object value) {
        return switch (value) {
            case Double number -> number;
            case String text when text.matches("-?\\d+(\\.\\d+)?") -> Double.parseDouble(text);
            case null, default -> Double.NaN;
        };
    }

    private static @Nullable Object finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

    /* ---- conditions ---- */

    private Condition condition(List<Value> known, int depth) {
        if (depth > 0 && random.nextInt(2) == 0) {
            Condition a = condition(known, depth - 1);
            Condition b = condition(known, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 ->
                        new Condition(
                                "(" + a.text() + " and " + b.text() + ")", a.test().and(b.test()));
                case 1 ->
                        new Condition(
                                "(" + a.text() + " or " + b.text() + ")", a.test().or(b.test()));
                default -> new Condition("not (" + a.text() + ")", a.test().negate());
            };
        }
        Value field = one(known);
        int n = random.nextInt(8) * 100;
        String word = one(WORDS);
        return switch (random.nextInt(9)) {
            case 0 -> compared(field, ">", n, x -> x > n);
            case 1 -> compared(field, "<=", n, x -> x <= n);
            case 2 -> compared(field, "=", n, x -> x == n);
            /* Whatever is there and is not the number. */
            case 3 ->
                    new Condition(
                            field.text() + " != " + n,
                            row -> {
                                Object value = field.of().apply(row);
                                return value != null && number(value) != n;
                            });
            case 4 ->
                    new Condition(
                            field.text() + " is present", row -> field.of().apply(row) != null);
            case 5 ->
                    new Condition(
                            field.text() + " is not present", row -> field.of().apply(row) == null);
            case 6 ->
                    new Condition(
                            "strcontains(" + field.text() + ", \"" + word + "\")",
                            row -> {
                                String text = text(field.of().apply(row));
                                return text != null && text.contains(word);
                            });
            case 7 -> {
                Set<String> levels = Set.of("warn", "warning");
                yield new Condition(
                        "level = \"Warn\"",
                        row ->
                                row.get("level") instanceof String level
                                        && levels.contains(level.toLowerCase(Locale.ROOT)));
            }
            default -> {
                String source = one(List.of("api", "web", "none"));
                yield new Condition(
                        "source in [\"" + source + "\", \"db\"]",
                        row -> source.equals(row.get("source")) || "db".equals(row.get("source")));
            }
        };
    }

    private static Condition compared(Value field, String how, int n, Predicate<Double> test) {
        return new Condition(
                field.text() + " " + how + " " + n,
                row -> {
                    double number = number(field.of().apply(row));
                    return !Double.isNaN(number) && test.test(number);
                });
    }

    /* ---- stats ---- */

    private record Measure(String text, Function<List<Row>, @Nullable Object> of) {}

    private Query stats(StringBuilder text, List<Row> rows, List<Value> known) {
        List<Value> keys = new ArrayList<>();
        List<Value> possible = new ArrayList<>(fields().subList(0, 5));
        possible.add(
                new Value("bin(1m)", row -> (double) Math.floorDiv(row.time(), MINUTE) * MINUTE));
        for (int i = random.nextInt(3); i > 0; i--) {
            Value key = possible.remove(random.nextInt(possible.size()));
            keys.add(key);
        }
        List<Measure> measures = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            measures.add(measure(known));
        }
        text.append("stats ");
        for (int i = 0; i < measures.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(measures.get(i).text())
                    .append(" as m")
                    .append(i);
        }
        for (int i = 0; i < keys.size(); i++) {
            text.append(i == 0 ? " by " : ", ").append(keys.get(i).text());
        }
        Map<List<@Nullable Object>, List<Row>> groups = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            groups.put(list(), new ArrayList<>());
        }
        for (Row row : rows) {
            List<@Nullable Object> key = new ArrayList<>();
            keys.forEach(value -> key.add(value.of().apply(row)));
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
        }
        List<List<@Nullable Object>> answer = new ArrayList<>();
        groups.forEach((key, group) -> {
            List<@Nullable Object> line = new ArrayList<>(key);
            measures.forEach(measure -> line.add(measure.of().apply(group)));
            answer.add(line);
        });
        return new Query(text.toString(), answer, false);
    }

    private static final long MINUTE = 60_000_000_000L;

    private Measure measure(List<Value> known) {
        Value value = value(known, 1);
        String f = "(" + value.text() + ")";
        int percent = random.nextInt(101);
        return switch (random.nextInt(10)) {
            case 0 -> new Measure("count()", group -> (double) group.size());
            case 1 -> new Measure("count" + f, group -> (double) present(group, value).size());
            case 2 ->
                    new Measure(
                            "count_distinct" + f,
                            group -> (double) new HashSet<>(present(group, value)).size());
            case 3 -> ofNumbers("sum" + f, value, numbers -> sum(numbers));
            case 4 -> ofNumbers("avg" + f, value, numbers -> sum(numbers) / numbers.size());
            case 5 ->
                    ofNumbers(
                            "pct(" + value.text() + ", " + percent + ")",
                            value,
                            numbers -> quantile(numbers, percent / 100.0));
            case 6 -> ofNumbers("median" + f, value, numbers -> quantile(numbers, 0.5));
            case 7 ->
                    ofNumbers(
                            "stddev" + f,
                            value,
                            numbers -> {
                                double mean = sum(numbers) / numbers.size();
                                double squares = 0;
                                for (double number : numbers) {
                                    squares += (number - mean) * (number - mean);
                                }
                                return Math.sqrt(squares / (numbers.size() - 1));
                            });
            case 8 -> new Measure("last" + f, group -> edge(group, value, true));
            default -> new Measure("first" + f, group -> edge(group, value, false));
        };
    }

    private static List<Object> present(List<Row> group, Value value) {
        List<Object> found = new ArrayList<>();
        for (Row row : group) {
            Object one = value.of().apply(row);
            if (one != null) {
                found.add(one);
            }
        }
        return found;
    }

    private static @Nullable Object edge(List<Row> group, Value value, boolean last) {
        return group.stream()
                .sorted(
                        last
                                ? Comparator.comparingLong(Row::time).reversed()
                                : Comparator.comparingLong(Row::time))
                .map(row -> value.of().apply(row))
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    private static Measure ofNumbers(
            String text, Value value, Function<List<Double>, Double> function) {
        return new Measure(
                text,
                group -> {
                    List<Double> numbers = new ArrayList<>();
                    for (Object one : present(group, value)) {
                        if (!Double.isNaN(number(one))) {
                            numbers.add(number(one));
                        }
                    }
                    return numbers.isEmpty() ? null : finite(function.apply(numbers));
                });
    }

    private static double sum(List<Double> numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum;
    }

    private static double quantile(List<Double> numbers, double at) {
        List<Double> sorted = numbers.stream().sorted().toList();
        double place = at * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }
}
