package dev.belfry.query.promql;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Expressions that stand in a query more than once: each is evaluated once. */
final class Repeats {
    private record Key(String text, Steps steps) {}

    /* Of repeated expressions only, as they are printed. */
    private final IdentityHashMap<Expr, String> texts = new IdentityHashMap<>();
    private final Map<Key, List<Row>> results = new HashMap<>();

    /** Finds what repeats in {@code expr}. */
    static Repeats of(Expr expr, String query) {
        Repeats repeats = new Repeats();
        if (query.length() <= Limits.REPEATS_CHARS_MAX) {
            Map<String, Expr> seen = new HashMap<>();
            repeats.collect(expr, seen);
        }
        return repeats;
    }

    private void collect(Expr expr, Map<String, Expr> seen) {
        boolean reads =
                expr instanceof Expr.Selector
                        || (expr.type() == ValueType.VECTOR && expr instanceof Expr.Call)
                        || expr instanceof Expr.Aggregation;
        if (reads) {
            String text = Printer.print(expr);
            Expr before = seen.putIfAbsent(text, expr);
            if (before != null) {
                texts.put(before, text);
                texts.put(expr, text);
            }
        }
        // A range's selector is read with the range.
        if (!(expr instanceof Expr.Range)) {
            expr.children().forEach(child -> collect(child, seen));
        }
    }

    /** Whether {@code expr} stands in the query more than once. */
    boolean repeats(Expr expr) {
        return texts.containsKey(expr);
    }

    /** Whether {@code expr} or anything in it does. */
    boolean anyRepeats(Expr expr) {
        return !texts.isEmpty()
                && (repeats(expr) || expr.children().stream().anyMatch(this::anyRepeats));
    }

    /**
     * The rows of {@code expr}: those that were found before at the same steps, or else those of
     * {@code evaluation}. Rows that came with annotations are found anew each time, for the
     * annotations name the place.
     */
    List<Row> rows(
            Expr expr, Steps steps, Annotations annotations, Supplier<List<Row>> evaluation) {
        String text = texts.get(expr);
        if (text == null) {
            return evaluation.get();
        }
        Key key = new Key(text, steps);
        List<Row> found = results.get(key);
        if (found != null) {
            return found;
        }
        int before = annotations.size();
        List<Row> rows = evaluation.get();
        if (annotations.size() == before) {
            results.put(key, rows);
        }
        return rows;
    }
}
