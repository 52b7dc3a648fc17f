package dev.belfry.query.promql;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operator between vectors of which one side is in memory as a whole: series of the other one,
 * of which a match may have many, meet it some at a time, by several threads.
 */
final class Join {
    /* Characters that take as much memory as labels that were seen: they are kept until the end. */
    private static final int SEEN_CHARS = 100;

    private final Expr.Binary binary;
    private final Expr many;
    private final Expr.Matching matching;

    /* The series of the other side, by what they match with. */
    private final Map<Labels, List<Row>> others;

    /* Where a set operator looks: at which steps there is any of them. */
    private final Map<Labels, boolean[]> present;

    /* Of the results and, where each matches one, of what they match with: none may come twice. */
    private final Set<Labels> results = new HashSet<>();
    private final Set<Labels> signatures = new HashSet<>();
    private volatile boolean broken;

    private Join(
            Expr.Binary binary,
            Expr many,
            Expr.Matching matching,
            Map<Labels, List<Row>> others,
            Map<Labels, boolean[]> present) {
        this.binary = binary;
        this.many = many;
        this.matching = matching;
        this.others = others;
        this.present = present;
    }

    /** The side whose series may come some at a time; null when all are needed at once. */
    static @Nullable Expr many(Expr.Binary binary) {
        Expr.Matching matching = binary.matching();
        if (matching == null
                || binary.operator() == Operator.OR
                || matching.fillLeft() != null
                || matching.fillRight() != null) {
            return null;
        }
        return isSwapped(matching) ? binary.right() : binary.left();
    }

    private static boolean isSwapped(Expr.Matching matching) {
        return matching.cardinality() == Expr.Cardinality.ONE_TO_MANY;
    }

    /**
     * Evaluates the other side of {@code binary}; null when series of it stand beside each other
     * for one match, which may be an error.
     */
    static @Nullable Join of(Evaluator evaluator, Expr.Binary binary) {
        Expr.Matching matching = binary.matching();
        Expr many = many(binary);
        if (matching == null || many == null) {
            throw new IllegalStateException("BUG: no join: " + Printer.print(binary));
        }
        List<Row> rows = evaluator.vector(isSwapped(matching) ? binary.left() : binary.right());
        if (binary.operator().isSet()) {
            int steps = evaluator.steps.count();
            return new Join(
                    binary,
                    many,
                    matching,
                    Map.of(),
                    BinaryOperations.present(rows, matching, steps));
        }
        Map<Labels, List<Row>> others = new HashMap<>();
        for (Row row : rows) {
            List<Row> same =
                    others.computeIfAbsent(
                            VectorMatching.signature(matching, row.labels),
                            key -> new ArrayList<>(1));
            if (same.stream().anyMatch(before -> meets(before, row))) {
                return null;
            }
            same.add(row);
        }
        return new Join(binary, many, matching, others, Map.of());
    }

    private static boolean meets(Row one, Row other) {
        boolean both = false;
        for (int i = 0; i < one.values.length && !both; i++) {
            both = one.has(i) && other.has(i);
        }
        return both;
    }

    /** Whether it is that operator, at that place of the query. */
    boolean isOf(Expr.Binary other) {
        return binary.equals(other);
    }

    /** The side whose series come some at a time. */
    Expr many() {
        return many;
    }

    /** Whether what it gave means nothing, since it depends on all series. */
    boolean isBroken() {
        return broken;
    }

    /** What the operator makes of some series and the other side. */
    List<Row> meet(Evaluator evaluator, List<Row> rows) {
        if (broken) {
            return List.of();
        }
        if (binary.operator().isSet()) {
            return BinaryOperations.where(evaluator, binary, matching, rows, present);
        }
        VectorMatching match = new VectorMatching(evaluator, binary, matching);
        List<Row> met = match.meet(rows, others);
        boolean unique = !match.hasNotes();
        synchronized (results) {
            for (Row row : met) {
                unique &= results.add(row.labels);
            }
            if (matching.cardinality() == Expr.Cardinality.ONE_TO_ONE) {
                for (Labels signature : match.signatures()) {
                    unique &= signatures.add(signature);
                }
            }
        }
        evaluator.evaluation.budget().text(SEEN_CHARS * met.size());
        if (!unique) {
            broken = true; // Never back to false: other threads may have found it broken.
        }
        return met;
    }
}
