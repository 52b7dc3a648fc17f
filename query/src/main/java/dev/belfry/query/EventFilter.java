package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.Levels;
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
 * @param levels without case, in every spelling of {@link Levels}; empty for any
 * @param traceId 32 hex digits, or what was sent instead; null for any
 * @param q words and "phrases" that must all occur, {@code -} before one that must not; null for
 *     none
 * @param tags values by tag name (dotted for nested ones)
 * @param payload values by payload path
 * @param excluded values that an event must not have, by {@code event_type source level trace_id
 *     tag.KEY payload.KEY}; an event without the field is not left out
 * @param condition what must be true too, see {@link Insights#condition}; null for nothing
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
        Map<String, List<String>> excluded,
        @Nullable Expr condition,
        Owner owner) {
    private static final String TAG = "tag.";
    private static final String PAYLOAD = "payload.";

    /* Words, phrases and values of one request; more is a mistake or an attack. */
    private static final int TERMS_MAX = 256;

    public EventFilter {
        eventTypes = List.copyOf(eventTypes);
        sources = List.copyOf(sources);
        levels = List.copyOf(levels);
        tags = Map.copyOf(tags);
        payload = Map.copyOf(payload);
        excluded = Map.copyOf(excluded);
    }

    /** A filter that excludes no values. */
    public EventFilter(
            TimeRange range,
            List<String> eventTypes,
            List<String> sources,
            List<String> levels,
            @Nullable String traceId,
            @Nullable String q,
            Map<String, List<String>> tags,
            Map<String, List<String>> payload,
            Owner owner) {
        this(range, eventTypes, sources, levels, traceId, q, tags, payload, Map.of(), null, owner);
    }

    /** All events of {@code range} that {@code owner} may see. */
    public static EventFilter all(TimeRange range, Owner owner) {
        return new EventFilter(
                range, List.of(), List.of(), List.of(), null, null, Map.of(), Map.of(), owner);
    }

    /** This with another time range. */
    public EventFilter withRange(TimeRange other) {
        return new EventFilter(
                other,
                eventTypes,
                sources,
                levels,
                traceId,
                q,
                tags,
                payload,
                excluded,
                condition,
                owner);
    }

    /** The filter as the store's expression, without range and owner. */
    Expr expression() {
        List<Expr> parts = new ArrayList<>();
        addIn(parts, "event_type", eventTypes);
        addIn(parts, "source", sources);
        if (!levels.isEmpty()) {
            parts.add(new Expr.In(new Expr.Column("level"), Levels.spellings(levels), true));
        }
        if (traceId != null) {
            parts.add(trace(List.of(traceId)));
        }
        if (q != null) {
            parts.addAll(terms(q));
        }
        tags.forEach((key, values) ->
                parts.add(new Expr.In(new Expr.Field(FieldSpace.TAG, key), values, false)));
        payload.forEach((key, values) ->
                parts.add(new Expr.In(new Expr.Field(FieldSpace.PAYLOAD, key), values, false)));
        excluded.forEach((field, values) -> parts.add(new Expr.Not(any(field, values))));
        if (condition != null) {
            parts.add(condition);
        }
        return new Expr.And(parts);
    }

    /** That {@code field} has one of {@code values}. */
    private static Expr any(String field, List<String> values) {
        if (field.startsWith(TAG) && field.length() > TAG.length()) {
            String key = field.substring(TAG.length());
            return new Expr.In(new Expr.Field(FieldSpace.TAG, key), values, false);
        }
        if (field.startsWith(PAYLOAD) && field.length() > PAYLOAD.length()) {
            String key = field.substring(PAYLOAD.length());
            return new Expr.In(new Expr.Field(FieldSpace.PAYLOAD, key), values, false);
        }
        return switch (field) {
            case "event_type", "source" -> new Expr.In(new Expr.Column(field), values, false);
            case "level" -> new Expr.In(new Expr.Column(field), Levels.spellings(values), true);
            case "trace_id" -> trace(values);
            default ->
                    throw new BelfryException(
                            ErrorCode.VALIDATION_ERROR,
                            "not."
                                    + field
                                    + ": is no parameter (expected: not. and one of event_type, source,"
                                    + " level, trace_id, tag.KEY, payload.KEY)");
        };
    }

    private static Expr trace(List<String> ids) {
        List<String> both = new ArrayList<>(ids);
        ids.forEach(id -> both.add(id.toLowerCase(Locale.ROOT)));
        return new Expr.Or(
                List.of(
                        new Expr.In(new Expr.Column("trace_id"), both, false),
                        new Expr.In(new Expr.Field(null, "trace_id"), both, false)));
    }

    private static void addIn(List<Expr> parts, String column, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(new Expr.In(new Expr.Column(column), values, false));
        }
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
