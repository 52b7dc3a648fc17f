package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.Phrase;
import java.util.ArrayList;
import java.util.List;

/** What a predicate lets a group's bounds and filters rule out; safe for many threads. */
sealed interface Pruning {
    /*
     * A group's filter has the words of its messages, trace and span ids, and of the texts and
     * numbers (not of true, false and keys) in tags and payload. What is searched for is ruled out
     * by its words only where nothing else could match: the text 42 also equals the number 42.0,
     * for example. Pairs of neighbouring words say the same of each part of a group; they cost a
     * read each, so that they are asked when a group is about to be read.
     */
    /** Whether the group may have a row that the predicate is true for; false is certain. */
    boolean mayHold(RowGroup group);

    /**
     * The parts of a group, a bit each ({@link PairFilter}), that may have a row that the predicate
     * is true for; a bit that is not set is certain.
     */
    default int parts(RowGroup group, ReadCost cost) {
        return mayHold(group) ? PairFilter.ALL_PARTS : 0;
    }

    /** Nothing can be ruled out. */
    Pruning OPEN = new Open();

    /** Of a text that has no pairs in filters. */
    long[] NO_PAIRS = {};

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

        @Override
        public int parts(RowGroup group, ReadCost cost) {
            int found = PairFilter.ALL_PARTS;
            for (int i = 0; i < parts.size() && found != 0; i++) {
                found &= parts.get(i).parts(group, cost);
            }
            return found;
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

        @Override
        public int parts(RowGroup group, ReadCost cost) {
            int found = 0;
            for (int i = 0; i < parts.size() && found != PairFilter.ALL_PARTS; i++) {
                found |= parts.get(i).parts(group, cost);
            }
            return found;
        }
    }

    /** The group's filter must have all hashes, and a part of it all pairs. */
    record Words(long[] hashes, long[] pairs) implements Pruning {
        @Override
        public boolean mayHold(RowGroup group) {
            for (long hash : hashes) {
                if (!group.mayContain(hash)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int parts(RowGroup group, ReadCost cost) {
            return mayHold(group) ? group.partsWith(pairs, cost) : 0;
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
        return phrase.isEmpty()
                ? OPEN
                : new Words(phrase.hashes(), phrase.mayBeDigits() ? NO_PAIRS : phrase.pairs());
    }

    private static Pruning ofField(Phrase text) {
        return text.isEmpty()
                ? OPEN
                : new Words(text.hashes(), text.mayBeDigits() ? NO_PAIRS : text.pairsOfField());
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
                : any(candidates.stream().map(text -> ofText(text, test, isField)).toList());
    }

    private static Pruning ofText(String text, Condition test, boolean isField) {
        boolean isBeyondWords =
                text.equals("true")
                        || text.equals("false")
                        || text.startsWith("{")
                        || text.startsWith("[")
                        || !test.byText() && !Double.isNaN(NumberText.parse(text));
        if (isBeyondWords) {
            return OPEN;
        }
        Phrase phrase = Phrase.of(text);
        return isField ? ofField(phrase) : ofPhrase(phrase);
    }

    private static boolean isSearchedColumn(Expr operand) {
        return operand instanceof Expr.Column(String name)
                && (name.equals("message") || name.equals("trace_id") || name.equals("span_id"));
    }
}
