package dev.belfry.server.events;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.TimeExpression;
import dev.belfry.query.EventFilter;
import dev.belfry.query.Insights;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Shape;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filter of a query for events: what it asks for, and what its caller may see. */
final class Filters {
    private static final String TAG = "tag.";
    private static final String PAYLOAD = "payload.";
    private static final String NOT = "not.";

    /** The parameters of every question about events. */
    static final List<Parameter> PARAMETERS =
            List.of(
                    Parameter.many("event_type", EventJson.TYPE, "Any of these types.", "log"),
                    Parameter.many("source", Shape.TEXT, "Any of these sources.", "web-server"),
                    Parameter.many(
                            "level", Shape.TEXT, "Any of these, whatever the case.", "error"),
                    Parameter.of(
                            "start_time",
                            Shape.TEXT,
                            "Inclusive; the beginning of all by" + " default.",
                            "now-15m"),
                    Parameter.of("end_time", Shape.TEXT, "Exclusive.", "now"),
                    Parameter.of("trace_id", Shape.TEXT, "Of this trace.", ""),
                    Parameter.of(
                            "q",
                            Shape.TEXT,
                            "Words and \"phrases\" in message, tags and payload.",
                            "timeout"),
                    Parameter.of(
                            "query",
                            Shape.TEXT,
                            "A search of Insights, and filter stages: docs/insights.md.",
                            "duration_ms:>1000 -healthcheck"),
                    Parameter.many("tag.*", Shape.TEXT, "The tag has any of these values.", ""),
                    Parameter.many(
                            "payload.*", Shape.TEXT, "The payload has any of these values.", ""),
                    Parameter.many(
                            "not.*",
                            Shape.TEXT,
                            "None of these values: not.source, not.level, not.event_type,"
                                    + " not.trace_id, not.tag.KEY, not.payload.KEY.",
                            ""),
                    QueryDesk.TIMEOUT,
                    QueryDesk.CONSISTENCY);

    /** Of seed 002: other names for source and q. */
    static final List<Parameter> LOG_PARAMETERS =
            List.of(
                    Parameter.many("service", Shape.TEXT, "The same as source.", "web-server"),
                    Parameter.of("search", Shape.TEXT, "The same as q.", "timeout"));

    private Filters() {}

    /**
     * The filter of {@code call}; empty when nothing can meet it, since the caller may see none of
     * the sources that it asks for.
     */
    static Optional<EventFilter> of(Call call, long nowNanos) {
        return of(call.parameters(), call.principal(), nowNanos);
    }

    /** The filter of {@code parameters} for {@code principal}. */
    static Optional<EventFilter> of(
            Map<String, List<String>> parameters, Principal principal, long nowNanos) {
        List<String> sources = new ArrayList<>(parameters.getOrDefault("source", List.of()));
        sources.addAll(parameters.getOrDefault("service", List.of()));
        Set<String> only = principal.onlySources();
        if (!only.isEmpty()) {
            Set<String> allowed = new LinkedHashSet<>(sources.isEmpty() ? only : sources);
            allowed.retainAll(only);
            if (allowed.isEmpty()) {
                return Optional.empty();
            }
            sources = List.copyOf(allowed);
        }
        return Optional.of(
                new EventFilter(
                        range(parameters, nowNanos),
                        parameters.getOrDefault("event_type", List.of()),
                        sources,
                        parameters.getOrDefault("level", List.of()),
                        first(parameters, "trace_id"),
                        words(parameters),
                        withPrefix(parameters, TAG),
                        withPrefix(parameters, PAYLOAD),
                        withPrefix(parameters, NOT),
                        condition(first(parameters, "query"), nowNanos),
                        owner(principal)));
    }

    /** Whether {@code name} is a parameter that chooses events by what they are, not by time. */
    static boolean isFilter(String name) {
        return Set.of("event_type", "source", "level", "trace_id", "q").contains(name)
                || List.of(TAG, PAYLOAD, NOT).stream()
                        .anyMatch(prefix ->
                                name.startsWith(prefix) && name.length() > prefix.length());
    }

    /** What a text of searches and filters asks for; null for nothing. */
    static @Nullable Expr condition(@Nullable String text, long nowNanos) {
        return text == null || text.isBlank() ? null : Insights.condition(text, nowNanos);
    }

    /** Whose rows {@code principal} may see. */
    static Owner owner(Principal principal) {
        Owner owner =
                principal.readsAll()
                        ? Owner.ALL
                        : Owner.of(principal.sources(), principal.creators());
        return owner.within(principal.onlySources());
    }

    private static TimeRange range(Map<String, List<String>> parameters, long nowNanos) {
        return range(first(parameters, "start_time"), first(parameters, "end_time"), nowNanos);
    }

    /** From {@code start} (inclusive) to {@code end} (exclusive); null for no bound. */
    static TimeRange range(@Nullable String start, @Nullable String end, long nowNanos) {
        long from = start == null ? Long.MIN_VALUE : time("start_time", start, nowNanos);
        long to = end == null ? Long.MAX_VALUE : time("end_time", end, nowNanos);
        if (from > to) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "start_time: "
                            + start
                            + " is after end_time: "
                            + end
                            + " (expected: start before end)");
        }
        return new TimeRange(from, to);
    }

    private static long time(String name, String text, long nowNanos) {
        try {
            return TimeExpression.parse(text, nowNanos);
        } catch (BelfryException e) {
            throw new BelfryException(e.code(), name + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable String words(Map<String, List<String>> parameters) {
        String q = first(parameters, "q");
        String search = first(parameters, "search");
        return q == null ? search : search == null ? q : q + " " + search;
    }

    private static @Nullable String first(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    private static Map<String, List<String>> withPrefix(
            Map<String, List<String>> parameters, String prefix) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        parameters.forEach((name, values) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), values);
            }
        });
        return found;
    }
}
