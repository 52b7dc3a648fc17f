package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.store.Expr;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.filter.Phrase;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the rows of a group for which a predicate is true. */
final class FilterEvaluator {
    private FilterEvaluator() {}

    /** Those of {@code rows} for which {@code predicate} is true. */
    static Rows filter(Predicate predicate, GroupReader reader, Rows rows) {
        if (rows.isEmpty()) {
            return rows;
        }
        return switch (predicate) {
            case Predicate.Fixed(boolean value) -> value ? rows : Rows.NONE;
            case Predicate.All(List<Predicate> parts) -> {
                if (isRuledOut(parts, reader)) {
                    yield Rows.NONE;
                }
                Rows left = rows;
                for (Predicate part : parts) {
                    left = filter(part, reader, left);
                }
                yield left;
            }
            case Predicate.Any(List<Predicate> parts) -> {
                Rows found = Rows.NONE;
                Rows left = rows;
                for (Predicate part : parts) {
                    Rows more = filter(part, reader, left);
                    found = found.union(more);
                    left = left.minus(more);
                }
                yield found;
            }
            case Predicate.None(Predicate part) -> rows.minus(filter(part, reader, rows));
            case Predicate.Ids(List<EventId> ids) -> ids(ids, reader, rows);
            case Predicate.Single(Expr operand, Condition test) ->
                    isStored(operand)
                            ? stored(reader.sources(operand), test, reader, rows)
                            : computed(ValueReader.objects(operand, reader, rows), test, rows);
            case Predicate.Present(Expr operand) ->
                    isStored(operand)
                            ? stored(reader.sources(operand), null, reader, rows)
                            : computed(ValueReader.objects(operand, reader, rows), null, rows);
            case Predicate.Pair pair -> pair(pair, reader, rows);
            case Predicate.Anywhere(Phrase phrase) -> PhraseSearch.filter(phrase, reader, rows);
            case Predicate.Truth(Expr expr) -> truth(expr, reader, rows);
        };
    }

    private static Rows ids(List<EventId> ids, GroupReader reader, Rows rows) {
        Lane offsets = reader.lane(ColumnSpec.OFFSET, rows);
        int[] positions = new int[rows.count()];
        int n = 0;
        for (int i = 0; i < positions.length; i++) {
            long offset = ValueReader.longAt(offsets, i);
            for (int j = 0; j < ids.size(); j++) {
                if (ids.get(j).offset() == offset) {
                    positions[n++] = i;
                    break;
                }
            }
        }
        Rows candidates = rows.pick(positions, n);
        @Nullable Object[] uuids = ValueReader.objects(new Expr.Column("id"), reader, candidates);
        int[] matching = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            if (uuids[i] instanceof UUID uuid && ids.contains(EventId.of(uuid))) {
                matching[count++] = i;
            }
        }
        return candidates.pick(matching, count);
    }

    /* Looks at dictionaries and ranges of all parts before it reads rows for one. */
    private static boolean isRuledOut(List<Predicate> parts, GroupReader reader) {
        for (Predicate part : parts) {
            if (part instanceof Predicate.Single(Expr operand, Condition test)
                    && isStored(operand)) {
                List<Source> sources = reader.sources(operand);
                if (sources.isEmpty()
                        || sources.size() == 1
                                && sources.getFirst() instanceof Source.Physical(ColumnSpec spec)
                                && reader.rulesOut(spec, test)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isStored(Expr operand) {
        return operand instanceof Expr.Column || operand instanceof Expr.Field;
    }

    /* A row's value is the first source's that has one; later sources see only the rows without. */
    private static Rows stored(
            List<Source> sources, @Nullable Condition test, GroupReader reader, Rows rows) {
        Rows found = Rows.NONE;
        Rows left = rows;
        for (int i = 0; i < sources.size() && !left.isEmpty(); i++) {
            boolean isLast = i + 1 == sources.size();
            Source source = sources.get(i);
            if (isLast
                    && test != null
                    && source instanceof Source.Physical(ColumnSpec spec)
                    && reader.rulesOut(spec, test)) {
                break;
            }
            ColumnFilter tests = new ColumnFilter(test, !isLast, left.count());
            if (source instanceof Source.Physical physical) {
                tests.run(physical.spec(), reader.lane(physical.spec(), left));
            } else {
                @Nullable Object[] values = new @Nullable Object[left.count()];
                ValueReader.fill(source, reader, left, values);
                tests.run(values);
            }
            Rows absent = tests.absent(left);
            found = found.union(tests.matching(left));
            left = absent;
        }
        return found;
    }

    private static Rows computed(@Nullable Object[] values, @Nullable Condition test, Rows rows) {
        ColumnFilter tests = new ColumnFilter(test, false, rows.count());
        tests.run(values);
        return tests.matching(rows);
    }

    private static Rows pair(Predicate.Pair pair, GroupReader reader, Rows rows) {
        @Nullable Object[] left = ValueReader.objects(pair.left(), reader, rows);
        @Nullable Object[] right = ValueReader.objects(pair.right(), reader, rows);
        int[] positions = new int[rows.count()];
        int n = 0;
        for (int i = 0; i < positions.length; i++) {
            if (Scalars.compare(pair.how(), left[i], right[i])) {
                positions[n++] = i;
            }
        }
        return rows.pick(positions, n);
    }

    private static Rows truth(Expr expr, GroupReader reader, Rows rows) {
        @Nullable Object[] values = ValueReader.objects(expr, reader, rows);
        int[] positions = new int[rows.count()];
        int n = 0;
        for (int i = 0; i < positions.length; i++) {
            if (Boolean.TRUE.equals(values[i])) {
                positions[n++] = i;
            }
        }
        return rows.pick(positions, n);
    }
}
