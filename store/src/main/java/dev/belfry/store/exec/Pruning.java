package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.filter.Phrase;
import java.util.ArrayList;
import java.util.List;

/** What a predicate lets a group's bounds and filter rule out; safe for many threads. */
sealed interface Pruning {
    /*
     * A group's filter has the words of its messages, trace and span ids, and of the texts and
     * numbers (not of true, false and keys) in tags and payload. What is searched for is ruled out
     * by its words only where nothing else could match: the text 42 also equals the number 42.0,
     * for example.
     */
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
            case Predicate.Any(List<Predicate> parts) ->
                    any(parts.stream().map(Pruning::of).toList());
            case Predicate.Fixed(boolean value) -> value ? OPEN : new AnyOf(List.of());
            case Predicate.Ids(List<EventId> ids) ->
                    any(ids.stream().map(id -> (Pruning) new Offset(id.offset())).toList());
            case Predicate.Anywhere(Phrase phrase) -> ofPhrase(phrase);
            case Predicate.Single(Expr operand, Condition test) -> ofTest(operand, test);
            case Predicate.None _, Predicate.Pair _, Predicate.Present _, Predicate.Truth _ -> OPEN;
        };
    }

    private static Pruning any(List<Pruning> parts) {
        return parts.contains(OPEN) ? OPEN : new AnyOf(parts);
    }

    private static Pruning ofPhrase(Phrase phrase) {
        return phrase.isEmpty() ? OPEN : new Hashes(phrase.hashes());
    }

    private static Pruning ofTest(Expr operand, Condition test) {
        boolean isField = operand instanceof Expr.Field field && field.space() != FieldSpace.EVENT;
        if (!isField && !isSearchedColumn(operand)) {
            return OPEN;
        }
        Phrase words = test.words();
        if (words != null) {
            /* The text of an array or object has its keys' words too, which no filter has. */
            return isField ? OPEN : ofPhrase(words);
        }
        List<String> candidates = test.candidates();
        return candidates == null
                ? OPEN
                : any(candidates.stream().map(text -> ofText(text, test)).toList());
    }

    private static Pruning ofText(String text, Condition test) {
        boolean isBeyondWords =
                text.equals("true")
                        || text.equals("false")
                        || text.startsWith("{")
                        || text.startsWith("[")
                        || !test.byText() && !Double.isNaN(NumberText.parse(text));
        return isBeyondWords ? OPEN : ofPhrase(Phrase.of(text));
    }

    private static boolean isSearchedColumn(Expr operand) {
        return operand instanceof Expr.Column(String name)
                && (name.equals("message") || name.equals("trace_id") || name.equals("span_id"));
    }
}
