package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which events a reader asks for: those that meet every part that is given; several values of one
 * part mean any of them.
 *
 * @param range event times
 * @param eventTypes {@code log metric trace alert}; empty for any
 * @param sources exact names; empty for any
 * @param levels without case, {@code warn} and {@code warning} are one; empty for any
 * @param traceId 32 hex digits, or what was sent instead; null for any
 * @param q words and "phrases" that must all occur, {@code -} before one that must not; null for
 *     none
 * @param tags values by tag name (dotted for nested ones)
 * @param payload values by payload path
 * @param owner whose events may be seen
 */
public record EventFilter(
        TimeRange range,
        List<String> eventTypes,
        List<String> sources,
        List<String> levels,
        @Nullable String traceId,
        @Nullable String q,
        Map<String, List<String>> tags,
        Map<String, List<String>> payload,
        Owner owner) {
    /* Words, phrases and values of one request; more is a mistake or an attack. */
    private static final int TERMS_MAX = 256;

    public EventFilter {
        eventTypes = List.copyOf(eventTypes);
        sources = List.copyOf(sources);
        levels = List.copyOf(levels);
        tags = Map.copyOf(tags);
        payload = Map.copyOf(payload);
    }

    /** All events of {@code range} that {@code owner} may see. */
    public static EventFilter all(TimeRange range, Owner owner) {
        return new EventFilter(
                range, List.of(), List.of(), List.of(), null, null, Map.of(), Map.of(), owner);
    }

    /** This with another time range. */
    public EventFilter withRange(TimeRange other) {
        return new EventFilter(
                other, eventTypes, sources, levels, traceId, q, tags, payload, owner);
    }

    /** The filter as the store's expression, without range and owner. */
    Expr expression() {
        List<Expr> parts = new ArrayList<>();
        addIn(parts, "event_type", eventTypes);
        addIn(parts, "source", sources);
        if (!levels.isEmpty()) {
            parts.add(new Expr.In(new Expr.Column("level"), levelNames(levels), true));
        }
        if (traceId != null) {
            List<String> ids = List.of(traceId, traceId.toLowerCase(Locale.ROOT));
            parts.add(
                    new Expr.Or(
                            List.of(
                                    new Expr.In(new Expr.Column("trace_id"), ids, false),
                                    new Expr.In(new Expr.Field(null, "trace_id"), ids, false))));
        }
        if (q != null) {
            parts.addAll(terms(q));
        }
        tags.forEach((key, values) ->
                parts.add(new Expr.In(new Expr.Field(FieldSpace.TAG, key), values, false)));
        payload.forEach((key, values) ->
                parts.add(new Expr.In(new Expr.Field(FieldSpace.PAYLOAD, key), values, false)));
        return new Expr.And(parts);
    }

    private static void addIn(List<Expr> parts, String column, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(new Expr.In(new Expr.Column(column), values, false));
        }
    }

    private static List<String> levelNames(List<String> levels) {
        List<String> names = new ArrayList<>(levels);
        for (String level : levels) {
            if (level.equalsIgnoreCase("warn")) {
                names.add("warning");
            } else if (level.equalsIgnoreCase("warning")) {
                names.add("warn");
            }
        }
        return names;
    }

    /**
     * The words and quoted phrases of a search text.
     *
     * @throws BelfryException VALIDATION_ERROR for a quote that is not closed, or more than 256 of
     *     them
     */
    static List<Expr> terms(String text) {
        List<Expr> terms = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
                continue;
            }
            boolean negated = text.charAt(at) == '-' && at + 1 < text.length();
            int start = negated ? at + 1 : at;
            int end;
            String phrase;
            if (text.charAt(start) == '"') {
                end = text.indexOf('"', start + 1);
                if (end < 0) {
                    throw new BelfryException(
                            ErrorCode.VALIDATION_ERROR,
                            "q: the quote at character " + (start + 1) + " is not closed");
                }
                phrase = text.substring(start + 1, end);
                end++;
            } else {
                end = start;
                while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                    end++;
                }
                phrase = text.substring(start, end);
            }
            if (phrase.codePoints().anyMatch(EventFilter::isWord)) {
                Expr term = new Expr.Phrase(phrase);
                terms.add(negated ? new Expr.Not(term) : term);
            }
            at = end;
        }
        if (terms.size() > TERMS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "q: "
                            + terms.size()
                            + " words and phrases (expected: at most "
                            + TERMS_MAX
                            + ")");
        }
        return terms;
    }

    private static boolean isWord(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || codePoint == '_';
    }
}
