package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.List;

/** What a predicate lets a group's bounds and filter rule out; safe for many threads. */
sealed interface Pruning {
    /** Whether the group may have a row that the predicate is true for; false is certain. */
    boolean mayHold(RowGroup group);

    /** Nothing can be ruled out. */
    Pruning OPEN = new Open();

    /** See {@link #OPEN}. */
    record Open() implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            return true;
        }
    }

    /** Every one must hold. */
    record AllOf(List<Pruning> parts) implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            for (int i = 0; i < parts.size(); i++) {
                if (!parts.get(i).mayHold(group)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One at least must hold. */
    record AnyOf(List<Pruning> parts) implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            for (int i = 0; i < parts.size(); i++) {
                if (parts.get(i).mayHold(group)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The group's filter must have all hashes. */
    record Hashes(long[] hashes) implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            for (long hash : hashes) {
                if (!group.mayContain(hash)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The group must have the offset between its bounds. */
    record Offset(long offset) implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            return group.minOffset() <= offset && offset <= group.maxOffset();
        }
    }

    /** What {@code predicate} lets be ruled out. */
    static Pruning of(Predicate predicate) {
        return switch (predicate) {
            case Predicate.All(List<Predicate> parts) -> {
                List<Pruning> useful = new ArrayList<>();
                for (Predicate part : parts) {
                    Pruning pruning = of(part);
                    if (!pruning.equals(OPEN)) {
                        useful.add(pruning);
                    }
                }
                yield useful.isEmpty() ? OPEN : new AllOf(useful);
            }
            case Predicate.Any(List<Predicate> parts) -> any(parts.stream().map(Pruning::of).toList());
            case Predicate.Fixed(boolean value) -> value ? OPEN : new AnyOf(List.of());
            case Predicate.Ids(List<EventId> ids) ->
                    any(ids.stream().map(id -> (Pruning) new Offset(id.offset())).toList());
            case Predicate.Anywhere(WordMatcher matcher) -> ofPhrase(matcher);
            case Predicate.Single(Expr operand, ValueTest test) -> ofTest(operand, test);
            case Predicate.None _, Predicate.Pair _, Predicate.Present _, Predicate.Truth _ -> OPEN;
        };
    }

    private static Pruning any(List<Pruning> parts) {
        return parts.contains(OPEN) ? OPEN : new AnyOf(parts);
    }

    private static Pruning ofPhrase(WordMatcher matcher) {
        return matcher.words().isEmpty() ? OPEN : OPEN;
    }

    private static Pruning ofTest(Expr operand, ValueTest test) {
        List<String> candidates = test.candidates();
        if (candidates == null || !isInFilter(operand)) {
            return OPEN;
        }
        return OPEN;
    }

    private static boolean isInFilter(Expr operand) {
        return switch (operand) {
            case Expr.Column column ->
                    switch (column.name()) {
                        case "message", "trace_id", "span_id" -> true;
                        default -> false;
                    };
            case Expr.Field field -> field.space() != FieldSpace.EVENT;
            default -> false;
        };
    }
}
