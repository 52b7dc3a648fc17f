package dev.belfry.query.promql;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators between two vectors: which series meet, and what the result is called. */
final class VectorMatching {
    private final Evaluator evaluator;
    private final Expr.Binary binary;
    private final Expr.Matching matching;
    private final int steps;
    private final boolean swapped;
    private final @Nullable Double fillMany;
    private final @Nullable Double fillOne;
    private final BinaryOperations.Outcome outcome = new BinaryOperations.Outcome();
    private final Map<Labels, Group> groups = new LinkedHashMap<>();
    private final List<Row> results = new ArrayList<>();
    private final LastNotes notes;
    private List<Row> manyRows = List.of();

    VectorMatching(Evaluator evaluator, Expr.Binary binary, Expr.Matching matching) {
        this.evaluator = evaluator;
        this.binary = binary;
        this.matching = matching;
        this.steps = evaluator.steps.count();
        this.swapped = matching.cardinality() == Expr.Cardinality.ONE_TO_MANY;
        // As in Prometheus, with group_right too: fill_left is for the side of many.
        this.fillMany = matching.fillLeft();
        this.fillOne = matching.fillRight();
        this.notes = new LastNotes(steps);
    }

    /* As in Prometheus, of several things to say at a step only the last one is said. */
    private static final class LastNotes {
        private final int steps;
        private final Map<Row, Integer> order = new IdentityHashMap<>();
        private BinaryOperations.@Nullable Note @Nullable [] last;
        private int[] lastOrder = {};

        LastNotes(int steps) {
            this.steps = steps;
        }

        /* What is said of a row of the side of many, or of a filled in one, which comes later. */
        void add(List<Row> many, @Nullable Row row, int step, BinaryOperations.Note note) {
            if (last == null) {
                last = new BinaryOperations.Note[steps];
                lastOrder = new int[steps];
                for (Row one : many) {
                    order.put(one, order.size());
                }
            }
            int place = row == null ? order.size() : order.getOrDefault(row, 0);
            if (last[step] == null || place >= lastOrder[step]) {
                last[step] = note;
                lastOrder[step] = place;
            }
        }

        void tell(Annotations annotations) {
            for (int i = 0; last != null && i < steps; i++) {
                BinaryOperations.Note note = last[i];
                if (note != null) {
                    note.tell(annotations);
                }
            }
        }
    }

    /** Series with equal labels here may meet. */
    static Labels signature(Expr.Matching matching, Labels labels) {
        return matching.on()
                ? labels.keep(matching.labels())
                : labels.filter(
                        name -> !name.equals(Labels.NAME) && !matching.labels().contains(name));
    }

    /* Series of one signature. */
    private static final class Group {
        final List<Row> many = new ArrayList<>();
        final List<Row> one;

        Group(List<Row> one) {
            this.one = one;
        }
    }

    List<Row> match(List<Row> left, List<Row> right) {
        manyRows = swapped ? right : left;
        List<Row> many = manyRows;
        List<Row> one = swapped ? left : right;
        boolean fills = fillMany != null || fillOne != null;
        if ((many.isEmpty() || one.isEmpty()) && !fills) {
            return List.of();
        }
        for (Row row : many) {
            group(row).many.add(row);
        }
        for (Row row : one) {
            group(row).one.add(row);
        }
        if (groups.values().stream().anyMatch(group -> group.one.size() > 1)) {
            checkOne(many, one);
        }
        for (Map.Entry<Labels, Group> entry : groups.entrySet()) {
            evaluator.evaluation.budget().check();
            match(entry.getKey(), entry.getValue());
        }
        notes.tell(evaluator.annotations());
        return unique();
    }

    /**
     * The same of some series of the side of many; those of the other side are in {@code ones} by
     * signature, with one at most at a step.
     */
    List<Row> meet(List<Row> some, Map<Labels, List<Row>> ones) {
        manyRows = some;
        for (Row row : some) {
            Labels signature = signature(matching, row.labels);
            List<Row> one = ones.get(signature);
            if (one != null) {
                groups.computeIfAbsent(signature, key -> new Group(one)).many.add(row);
            }
        }
        groups.forEach(this::match);
        return results;
    }

    /** What the series that met others were matched by. */
    Set<Labels> signatures() {
        return groups.keySet();
    }

    /** Whether there is something to say of samples, which depends on the order of all series. */
    boolean hasNotes() {
        return notes.last != null;
    }

    private Group group(Row row) {
        return groups.computeIfAbsent(
                signature(matching, row.labels), key -> new Group(new ArrayList<>()));
    }

    /* Whether the side of many has something at a step; with fillings, it always may. */
    private boolean isAnywhere(List<Row> many, int step) {
        boolean any = fillMany != null || fillOne != null;
        for (int i = 0; i < many.size() && !any; i++) {
            any = many.get(i).has(step);
        }
        return any;
    }

    /* On the side of one, no two series of a signature may be there at a step. */
    private void checkOne(List<Row> many, List<Row> one) {
        List<Labels> signatures = one.stream().map(row -> signature(matching, row.labels)).toList();
        Map<Labels, Row> seen = new HashMap<>();
        for (int i = 0; i < steps; i++) {
            if (!isAnywhere(many, i)) {
                continue;
            }
            evaluator.evaluation.budget().check();
            seen.clear();
            for (int j = 0; j < one.size(); j++) {
                Row row = one.get(j);
                Row before = row.has(i) ? seen.put(signatures.get(j), row) : null;
                if (before != null) {
                    throw twice(signatures.get(j), row, before);
                }
            }
        }
    }

    private PromqlException twice(Labels signature, Row row, Row before) {
        return PromqlException.execution(
                "found duplicate series for the match group "
                        + signature
                        + " on the "
                        + (swapped ? "left" : "right")
                        + " hand-side of the operation: ["
                        + row.labels
                        + ", "
                        + before.labels
                        + "];many-to-many matching not allowed: matching labels must"
                        + " be unique on one side");
    }

    private void match(Labels signature, Group group) {
        boolean oneToOne = matching.cardinality() == Expr.Cardinality.ONE_TO_ONE;
        List<Row> targets = new ArrayList<>();
        if (isSimple(group)) {
            boolean[] matched = oneToOne && group.many.size() > 1 ? new boolean[steps] : null;
            for (Row manyRow : group.many) {
                targets.add(numbers(manyRow, group.one.getFirst(), matched));
            }
            collect(targets, oneToOne);
            return;
        }
        int[] owner = owners(group);
        boolean[] matched = new boolean[steps];
        boolean[] met = new boolean[steps];
        for (Row manyRow : group.many) {
            Row[] byOwner = new Row[group.one.size() + 1];
            for (int i = 0; i < steps; i++) {
                if (!manyRow.has(i) || (owner[i] < 0 && fillOne == null)) {
                    continue;
                }
                met[i] = true;
                int index = owner[i] < 0 ? group.one.size() : owner[i];
                Row oneRow = owner[i] < 0 ? null : group.one.get(owner[i]);
                Row target = byOwner[index];
                if (target == null) {
                    Labels other = oneRow == null ? signature : oneRow.labels;
                    target = evaluator.newRow(resultLabels(manyRow.labels, other), binary.bool());
                    byOwner[index] = target;
                    targets.add(target);
                }
                if (calculate(manyRow, oneRow, i, target) && oneToOne) {
                    checkFirst(matched, i);
                }
            }
        }
        fillManySide(signature, group, owner, met, targets);
        collect(targets, oneToOne);
    }

    /* Only numbers, of one series on the one side; nothing is filled in, no histogram is cut. */
    private boolean isSimple(Group group) {
        boolean trims =
                binary.operator() == Operator.TRIM_LOWER
                        || binary.operator() == Operator.TRIM_UPPER;
        if (group.one.size() != 1 || fillMany != null || fillOne != null || trims) {
            return false;
        }
        boolean numbers = group.one.getFirst().histograms == null;
        for (Row row : group.many) {
            numbers &= row.histograms == null;
        }
        return numbers;
    }

    private Row numbers(Row many, Row one, boolean @Nullable [] matched) {
        Row target = evaluator.newRow(resultLabels(many.labels, one.labels), binary.bool());
        Operator operator = binary.operator();
        boolean comparison = operator.isComparison();
        if (!comparison && matched == null && many.runTo > 0 && one.runTo > 0) {
            target.runFrom = Math.max(many.runFrom, one.runFrom);
            target.runTo = Math.max(target.runFrom, Math.min(many.runTo, one.runTo));
            double[] left = (swapped ? one : many).values;
            double[] right = (swapped ? many : one).values;
            if (BinaryOperations.run(operator, left, right, target)) {
                return target;
            }
        }
        for (int i = 0; i < steps; i++) {
            double manyValue = many.values[i];
            double oneValue = one.values[i];
            if (Row.absent(manyValue) || Row.absent(oneValue)) {
                continue;
            }
            double left = swapped ? oneValue : manyValue;
            double right = swapped ? manyValue : oneValue;
            if (!comparison) {
                target.values[i] = Row.kept(BinaryOperations.calculate(operator, left, right));
            } else if (binary.bool()) {
                target.values[i] = BinaryOperations.compare(operator, left, right) ? 1 : 0;
            } else if (BinaryOperations.compare(operator, left, right)) {
                target.values[i] = left;
            } else {
                continue;
            }
            if (matched != null) {
                checkFirst(matched, i);
            }
        }
        return target;
    }

    private static void checkFirst(boolean[] matched, int step) {
        if (matched[step]) {
            throw PromqlException.execution(
                    "multiple matches for labels: many-to-one matching must be explicit"
                            + " (group_left/group_right)");
        }
        matched[step] = true;
    }

    /* Which series of the one side is there at each step; -1 for none. */
    private int[] owners(Group group) {
        int[] owner = new int[steps];
        Arrays.fill(owner, -1);
        for (int index = 0; index < group.one.size(); index++) {
            for (int i = 0; i < steps; i++) {
                owner[i] = group.one.get(index).has(i) ? index : owner[i];
            }
        }
        return owner;
    }

    private boolean calculate(@Nullable Row many, @Nullable Row one, int step, Row target) {
        FloatHistogram manyHistogram = many == null ? null : many.histogram(step);
        FloatHistogram oneHistogram = one == null ? null : one.histogram(step);
        double manyValue =
                many != null ? many.values[step] : fillMany == null ? 0 : fillMany.doubleValue();
        double oneValue =
                one != null ? one.values[step] : fillOne == null ? 0 : fillOne.doubleValue();
        BinaryOperations.combine(
                binary,
                swapped ? oneValue : manyValue,
                swapped ? oneHistogram : manyHistogram,
                swapped ? manyValue : oneValue,
                swapped ? manyHistogram : oneHistogram,
                outcome);
        if (outcome.note != null) {
            notes.add(manyRows, many, step, outcome.note);
        }
        return BinaryOperations.put(binary, target, step, outcome);
    }

    private void fillManySide(
            Labels signature, Group group, int[] owner, boolean[] met, List<Row> targets) {
        if (fillMany == null) {
            return;
        }
        Row[] byOwner = new Row[group.one.size()];
        for (int i = 0; i < steps; i++) {
            if (met[i] || owner[i] < 0) {
                continue;
            }
            Row oneRow = group.one.get(owner[i]);
            Row target = byOwner[owner[i]];
            if (target == null) {
                target = evaluator.newRow(resultLabels(signature, oneRow.labels), binary.bool());
                byOwner[owner[i]] = target;
                targets.add(target);
            }
            calculate(null, oneRow, i, target);
        }
    }

    private Labels resultLabels(Labels many, Labels one) {
        Labels base = binary.operator().changesMeaning() ? many.dropMetadata() : many;
        if (matching.cardinality() == Expr.Cardinality.ONE_TO_ONE) {
            base = matching.on() ? base.keep(matching.labels()) : base.drop(matching.labels());
        }
        if (matching.include().isEmpty()) {
            return base;
        }
        Labels.Builder builder = new Labels.Builder(base);
        for (String name : matching.include()) {
            builder.set(name, one.get(name));
        }
        return builder.build();
    }

    /* Series of one signature that have the same labels become one. */
    private void collect(List<Row> targets, boolean oneToOne) {
        if (oneToOne) {
            results.addAll(targets);
            return;
        }
        Rows rows = new Rows();
        for (Row target : targets) {
            try {
                rows.add(target);
            } catch (PromqlException e) {
                throw PromqlException.execution(
                        "multiple matches for labels: grouping labels must ensure unique matches");
            }
        }
        results.addAll(rows.nonEmpty());
    }

    private List<Row> unique() {
        return Rows.unique(results);
    }
}
