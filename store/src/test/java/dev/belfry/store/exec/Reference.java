package dev.belfry.store.exec;

import dev.belfry.model.Event;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.TimeRange;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What plans mean, row by row on whole events. Values: String, Boolean, Long (times, integers),
 * Double, {@link JsonTree.Num}, Map, List, {@link JsonTree.Null}, null.
 */
final class Reference {
    private final List<Event> events;

    Reference(List<Event> events) {
        this.events = events;
    }

    List<@Nullable Object[]> rows(
            Plan.Scan scan, List<Plan.Named> columns, List<Plan.SortKey> keys) {
        Comparator<Event> order = byTime();
        if (!keys.isEmpty()) {
            Comparator<Event> ties = keys.getFirst().descending() ? byTime().reversed() : byTime();
            order = (_, _) -> 0;
            for (Plan.SortKey key : keys) {
                Expr expr =
                        columns.stream()
                                .filter(c -> c.name().equals(key.name()))
                                .findFirst()
                                .map(Plan.Named::expr)
                                .orElse(new Expr.Column("timestamp"));
                order =
                        order.thenComparing(
                                (a, b) -> order(value(expr, a), value(expr, b), key.descending()));
            }
            order = order.thenComparing(ties);
        } else {
            order = order.reversed();
        }
        return matching(scan).stream()
                .sorted(order)
                .map(e -> columns.stream().map(c -> value(c.expr(), e)).toArray())
                .toList();
    }

    private static Comparator<Event> byTime() {
        return Comparator.comparingLong(Event::timestampNanos)
                .thenComparingLong(FakeRowGroup::offset);
    }

    List<Event> matching(Plan.Scan scan) {
        TimeRange range = scan.range();
        Owner owner = scan.owner();
        return events.stream()
                .filter(e ->
                        e.timestampNanos() >= range.startNanos()
                                && (range.endNanos() == Long.MAX_VALUE
                                        || e.timestampNanos() < range.endNanos()))
                .filter(e ->
                        owner.all()
                                || owner.sources().contains(e.source())
                                || owner.principals().contains(e.createdBy()))
                .filter(e -> owner.within().isEmpty() || owner.within().contains(e.source()))
                .filter(e -> isTrue(scan.filter(), e))
                .toList();
    }

    List<@Nullable Object[]> aggregate(
            Plan.Scan scan, List<Plan.Named> keys, List<Plan.Measure> measures) {
        Map<List<@Nullable Object>, List<Event>> groups = new LinkedHashMap<>();
        if (keys.isEmpty()) {
            groups.put(List.of(), new ArrayList<>());
        }
        for (Event event : matching(scan)) {
            List<@Nullable Object> key =
                    new ArrayList<>(keys.stream().map(k -> key(value(k.expr(), event))).toList());
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(event);
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        groups.forEach((key, members) -> {
            members.sort(byTime());
            List<@Nullable Object> row = new ArrayList<>(key);
            measures.forEach(m -> row.add(measure(m, members)));
            rows.add(row.toArray());
        });
        rows.sort((a, b) -> {
            for (int i = 0; i < keys.size(); i++) {
                int sign = order(a[i], b[i], false);
                if (sign != 0) {
                    return sign;
                }
            }
            return 0;
        });
        return rows;
    }

    static @Nullable Object key(@Nullable Object value) {
        return switch (value) {
            case JsonTree.Num num -> Double.parseDouble(num.text()) + 0.0;
            case Double number -> number + 0.0;
            case JsonTree.Null _ -> null;
            case null, default -> value;
        };
    }

    private @Nullable Object measure(Plan.Measure measure, List<Event> members) {
        Object result = anyMeasure(measure, members);
        return result instanceof Double number && !Double.isFinite(number) ? null : result;
    }

    private @Nullable Object anyMeasure(Plan.Measure measure, List<Event> members) {
        Expr operand = measure.operand();
        if (operand == null) {
            return (long) members.size();
        }
        List<Object> values =
                members.stream()
                        .map(e -> value(operand, e))
                        .filter(v -> v != null && !(v instanceof JsonTree.Null))
                        .map(Object.class::cast)
                        .toList();
        double[] numbers =
                values.stream()
                        .mapToDouble(this::number)
                        .filter(n -> !Double.isNaN(n))
                        .sorted()
                        .toArray();
        double mean = Arrays.stream(numbers).average().orElse(Double.NaN);
        return switch (measure.function()) {
            case COUNT -> (long) values.size();
            case COUNT_DISTINCT -> values.stream().map(Reference::key).distinct().count();
            case SUM -> numbers.length == 0 ? null : (Double) Arrays.stream(numbers).sum();
            case AVERAGE -> numbers.length == 0 ? null : (Double) mean;
            case STANDARD_DEVIATION -> deviation(numbers);
            case QUANTILE -> {
                if (numbers.length == 0) {
                    yield null;
                }
                double rank = measure.argument() * (numbers.length - 1);
                int low = (int) rank;
                int high = Math.min(low + 1, numbers.length - 1);
                yield (Object) (numbers[low] + (numbers[high] - numbers[low]) * (rank - low));
            }
            case MIN -> values.stream().min((a, b) -> order(a, b, false)).orElse(null);
            case MAX -> values.stream().max((a, b) -> order(a, b, false)).orElse(null);
            case FIRST -> values.isEmpty() ? null : values.getFirst();
            case LAST -> values.isEmpty() ? null : values.getLast();
        };
    }

    /* Exact until the root: times squared have more digits than a double. */
    private static @Nullable Object deviation(double[] numbers) {
        if (numbers.length < 2) {
            return null;
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (double number : numbers) {
            sum = sum.add(new BigDecimal(number));
        }
        BigDecimal mean = sum.divide(BigDecimal.valueOf(numbers.length), new MathContext(400));
        BigDecimal squares = BigDecimal.ZERO;
        for (double number : numbers) {
            squares = squares.add(new BigDecimal(number).subtract(mean).pow(2));
        }
        return Math.sqrt(squares.doubleValue() / (numbers.length - 1));
    }

    boolean isTrue(Expr expr, Event event) {
        return switch (expr) {
            case Expr.And and -> and.operands().stream().allMatch(o -> isTrue(o, event));
            case Expr.Or or -> or.operands().stream().anyMatch(o -> isTrue(o, event));
            case Expr.Not not -> !isTrue(not.operand(), event);
            case Expr.Bool bool -> bool.value();
            case Expr.Compare c ->
                    compare(c.how(), value(c.left(), event), value(c.right(), event));
            case Expr.In in -> {
                String text = text(value(in.operand(), event));
                yield text != null
                        && in.values().stream()
                                .anyMatch(v ->
                                        in.foldCase()
                                                ? lower(v).equals(lower(text))
                                                : v.equals(text));
            }
            case Expr.Exists exists -> value(exists.operand(), event) != null;
            case Expr.Phrase phrase ->
                    ReferenceWords.of(phrase.phrase()).isEmpty()
                            || ReferenceWords.texts(event).stream()
                                    .anyMatch(t -> ReferenceWords.contains(t, phrase.phrase()));
            case Expr.Contains contains -> {
                String text = text(value(contains.operand(), event));
                yield text != null && ReferenceWords.contains(text, contains.phrase());
            }
            case Expr.Matches matches -> {
                String text = text(value(matches.operand(), event));
                yield text != null && matches.pattern().matcher(text).find();
            }
            case Expr.Like like -> {
                String text = text(value(like.operand(), event));
                yield text != null
                        && like(
                                like.foldCase() ? lower(text) : text,
                                like.foldCase() ? lower(like.pattern()) : like.pattern());
            }
            default -> Boolean.TRUE.equals(value(expr, event));
        };
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean like(String text, String pattern) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        char first = pattern.charAt(0);
        String rest = pattern.substring(1);
        if (first == '%') {
            return like(text, rest) || !text.isEmpty() && like(text.substring(1), pattern);
        }
        if (first == '\\' && !rest.isEmpty()) {
            return !text.isEmpty()
                    && text.charAt(0) == rest.charAt(0)
                    && like(text.substring(1), rest.substring(1));
        }
        return !text.isEmpty()
                && (first == '_' || first == text.charAt(0))
                && like(text.substring(1), rest);
    }

    @Nullable Object value(Expr expr, Event event) {
        return switch (expr) {
            case Expr.Column column -> column(column.name(), event);
            case Expr.Field field -> {
                Object tag =
                        field.space() == FieldSpace.PAYLOAD
                                ? null
                                : path(JsonTree.parse(event.tagsJson()), field.path());
                yield tag != null || field.space() == FieldSpace.TAG
                        ? tag
                        : path(JsonTree.parse(event.payloadJson()), field.path());
            }
            case Expr.Text text -> text.value();
            case Expr.Number number -> number.value();
            case Expr.Bool bool -> bool.value();
            case Expr.Lower lower -> {
                String text = text(value(lower.operand(), event));
                yield text == null ? null : lower(text);
            }
            case Expr.Bin bin -> {
                Object value = value(bin.operand(), event);
                if (value instanceof Long time && bin.width() >= 1) {
                    long width = (long) bin.width();
                    long origin = (long) bin.origin();
                    yield Math.floorDiv(time - origin, width) * width + origin;
                }
                double number = number(value);
                yield Double.isNaN(number)
                        ? null
                        : Math.floor((number - bin.origin()) / bin.width()) * bin.width()
                                + bin.origin();
            }
            case Expr.Arithmetic a -> {
                double left = number(value(a.left(), event));
                double right = number(value(a.right(), event));
                double result =
                        switch (a.operator()) {
                            case ADD -> left + right;
                            case SUBTRACT -> left - right;
                            case MULTIPLY -> left * right;
                            case DIVIDE -> left / right;
                            case REMAINDER -> left % right;
                        };
                yield Double.isFinite(result) ? result : null;
            }
            default -> isTrue(expr, event);
        };
    }

    private static @Nullable Object path(Object value, String path) {
        if (value instanceof List<?> list) {
            int dot = path.indexOf('.');
            String head = dot < 0 ? path : path.substring(0, dot);
            if (!head.matches("[0-9]{1,6}") || Integer.parseInt(head) >= list.size()) {
                return null;
            }
            Object element = list.get(Integer.parseInt(head));
            return dot < 0 ? element : path(element, path.substring(dot + 1));
        }
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        if (map.containsKey(path)) {
            return map.get(path);
        }
        for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
            Object member = map.get(path.substring(0, dot));
            Object found = member == null ? null : path(member, path.substring(dot + 1));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable Object column(String name, Event e) {
        return switch (name) {
            case "id" -> e.id();
            case "event_type" -> e.type().text();
            case "source" -> e.source();
            case "message" -> e.message();
            case "level" -> e.level();
            case "tags" -> new TreeMap<>(JsonTree.object(e.tagsJson()));
            case "payload" -> new TreeMap<>(JsonTree.object(e.payloadJson()));
            case "timestamp" -> e.timestampNanos();
            case "created_at" -> e.receivedMillis() * 1_000_000;
            case "created_by" -> e.createdBy();
            case "trace_id" -> e.traceId();
            case "span_id" -> e.spanId();
            case "severity_number" ->
                    e.severityNumber() == 0 ? null : (Object) (long) e.severityNumber();
            case "observed" -> e.observedNanos() == 0 ? null : (Object) e.observedNanos();
            case "flags" -> e.flags() == 0 ? null : (Object) (long) e.flags();
            default -> e.eventName();
        };
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case JsonTree.Null _ -> null;
            case JsonTree.Num num -> num.text();
            case Double number when Math.abs(number) >= 1e21 ->
                    number.toString().replace(".0E", "E");
            case Double number when number != 0 && Math.abs(number) < 1e-10 ->
                    number.toString().replace(".0E", "E");
            case Double number ->
                    new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
            case Map<?, ?> _, List<?> _ -> JsonTree.write(value);
            default -> value.toString();
        };
    }

    private double number(@Nullable Object value) {
        return switch (value) {
            case JsonTree.Num num -> Double.parseDouble(num.text());
            case Double number -> number;
            case Long number -> (double) number;
            case String text when text.matches("-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?") ->
                    Double.parseDouble(text);
            case null, default -> Double.NaN;
        };
    }

    private static boolean isNumber(Object value) {
        return value instanceof JsonTree.Num || value instanceof Double || value instanceof Long;
    }

    private boolean compare(Expr.Comparison how, @Nullable Object left, @Nullable Object right) {
        String a = text(left);
        String b = text(right);
        if (left == null || right == null || a == null || b == null) {
            return false;
        }
        int sign;
        if (left instanceof Long x && right instanceof Long y) {
            sign = Long.compare(x, y);
        } else if (isNumber(left) || isNumber(right)) {
            if (Double.isNaN(number(left)) || Double.isNaN(number(right))) {
                return false;
            }
            sign = Double.compare(number(left) + 0.0, number(right) + 0.0);
        } else {
            sign = bytes(a, b);
        }
        return switch (how) {
            case EQUAL -> sign == 0;
            case NOT_EQUAL -> sign != 0;
            case LESS -> sign < 0;
            case LESS_OR_EQUAL -> sign <= 0;
            case GREATER -> sign > 0;
            case GREATER_OR_EQUAL -> sign >= 0;
        };
    }

    private static int bytes(String a, String b) {
        return Arrays.compareUnsigned(
                a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private int order(@Nullable Object left, @Nullable Object right, boolean descending) {
        int a = rank(left);
        int b = rank(right);
        if (a == 9 || b == 9) {
            return Integer.compare(a, b);
        }
        int sign =
                a != b
                        ? Integer.compare(a, b)
                        : switch (a) {
                            case 0 -> Boolean.compare((Boolean) left, (Boolean) right);
                            case 1 ->
                                    left instanceof Long x && right instanceof Long y
                                            ? Long.compare(x, y)
                                            : Double.compare(
                                                    number(left) + 0.0, number(right) + 0.0);
                            default ->
                                    bytes(
                                            Objects.requireNonNull(text(left)),
                                            Objects.requireNonNull(text(right)));
                        };
        return descending ? -sign : sign;
    }

    private static int rank(@Nullable Object value) {
        return switch (value) {
            case null -> 9;
            case JsonTree.Null _ -> 9;
            case Boolean _ -> 0;
            case Map<?, ?> _, List<?> _ -> 3;
            default -> isNumber(value) ? 1 : 2;
        };
    }
}
