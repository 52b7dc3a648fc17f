package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.Phrase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the rows with a phrase in the message, a value of tags or payload, or an id. */
final class PhraseSearch {
    private PhraseSearch() {}

    /** Those of {@code rows} that have the phrase. */
    static Rows filter(Phrase phrase, GroupReader reader, Rows rows) {
        if (phrase.isEmpty()) {
            return rows;
        }
        Condition test = TextConditions.contains(phrase, reader.context());
        Rows found = Rows.NONE;
        List<ColumnSpec> columns = reader.columns();
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < columns.size() && found.count() < rows.count(); i++) {
                ColumnSpec spec = columns.get(i);
                boolean isMessage = spec.equals(ColumnSpec.MESSAGE);
                if (isMessage == (pass == 0) && isSearched(spec) && mayHold(spec, phrase)) {
                    /* A range is searched faster than a list of nearly all of its rows. */
                    Rows asked = found.count() * 2L < rows.count() ? rows : rows.minus(found);
                    found = found.union(search(spec, phrase, test, reader, asked));
                }
            }
        }
        return found;
    }

    private static boolean isSearched(ColumnSpec spec) {
        return spec.space() != FieldSpace.EVENT
                ? spec.form() != Form.BOOLEAN
                : switch (spec.key()) {
                    case "message", "trace_id", "span_id" -> true;
                    default -> false;
                };
    }

    /* Whether values of the form can have these words at all. */
    private static boolean mayHold(ColumnSpec spec, Phrase phrase) {
        return switch (spec.form()) {
            case HEX8, HEX16 ->
                    phrase.wordCount() == 1 && phrase.word(0).length() == spec.form().width() * 2;
            case UUID -> phrase.wordCount() <= 5 && areAll(phrase, PhraseSearch::isUuidPart);
            case DECIMAL -> phrase.wordCount() <= 2 && areAll(phrase, PhraseSearch::isDigits);
            case TEXT, JSON, NUMBER, BOOLEAN, INTEGER, TIMESTAMP_NANOS, TIMESTAMP_MILLIS -> true;
        };
    }

    private static boolean areAll(Phrase phrase, java.util.function.Predicate<String> test) {
        for (int i = 0; i < phrase.wordCount(); i++) {
            if (!test.test(phrase.word(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUuidPart(String word) {
        return word.length() == 4 || word.length() == 8 || word.length() == 12;
    }

    private static boolean isDigits(String word) {
        return word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Rows search(
            ColumnSpec spec, Phrase phrase, Condition test, GroupReader reader, Rows rows) {
        if (reader.rulesOut(spec, test)) {
            return Rows.NONE;
        }
        Rows found = reader.find(spec, rows, phrase);
        if (found != null) {
            return found;
        }
        boolean held = reader.holds(spec);
        Rows matching = matching(spec, test, reader.lane(spec, rows), rows);
        if (!held) {
            reader.forget(spec); // All columns at once would be too much.
        }
        return matching;
    }

    private static Rows matching(ColumnSpec spec, Condition test, Lane lane, Rows rows) {
        if (spec.form() != Form.JSON) {
            ColumnFilter tests = new ColumnFilter(test, false, rows.count());
            tests.run(spec, lane);
            return tests.matching(rows);
        }
        BytesColumn dictionary =
                lane.vector() instanceof Vector.Codes codes ? codes.dictionary() : null;
        @Nullable Boolean[] byCode =
                new @Nullable Boolean[dictionary == null ? 0 : dictionary.count()];
        int[] positions = new int[rows.count()];
        int n = 0;
        for (int i = 0; i < positions.length; i++) {
            if (lane.isNull(i)) {
                continue;
            }
            int code = lane.vector() instanceof Vector.Codes codes ? codes.codes()[lane.at(i)] : -1;
            Boolean known = code < 0 ? null : byCode[code];
            boolean matches = known != null ? known : hasLeaf(ValueReader.slice(lane, i), test);
            if (code >= 0) {
                byCode[code] = matches;
            }
            if (matches) {
                positions[n++] = i;
            }
        }
        return rows.pick(positions, n);
    }

    private static boolean hasLeaf(JsonSlice json, Condition test) {
        return !json.leaves((data, start, end) -> !test.text(data, start, end));
    }
}
