package dev.belfry.server.events;

import dev.belfry.metadata.SavedQuery;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.time.TimeExpression;
import dev.belfry.query.Insights;
import dev.belfry.server.http.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people say of a query to be kept, checked. */
final class SavedQueryInput {
    private static final int NAME_MAX = 255;
    private static final int COLUMNS_MAX = 100;
    private static final Duration SCHEDULE_MIN = Duration.ofMinutes(1);
    private static final Duration SCHEDULE_MAX = Duration.ofDays(7);
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    private SavedQueryInput() {}

    static SavedQuery create(JsonObject body, UUID owner, long nowMillis) {
        SavedQuery empty =
                new SavedQuery(
                        UUID.randomUUID(),
                        owner,
                        body.text("name"),
                        body.text("query"),
                        "insight",
                        null,
                        null,
                        false,
                        List.of(),
                        null,
                        nowMillis,
                        nowMillis);
        return change(body, empty, nowMillis);
    }

    /** {@code before} with the fields that are given. */
    static SavedQuery change(JsonObject body, SavedQuery before, long nowMillis) {
        SavedQuery after =
                new SavedQuery(
                        before.id(),
                        before.ownerId(),
                        body.optionalText("name").orElse(before.name()),
                        body.optionalText("query").orElse(before.query()),
                        body.optionalText("kind").orElse(before.kind()),
                        given(body, "start_time", before.startTime()),
                        given(body, "end_time", before.endTime()),
                        body.optionalTruth("shared").orElse(before.shared()),
                        body.has("columns")
                                ? body.optionalTexts("columns").orElse(List.of())
                                : before.columns(),
                        body.has("schedule")
                                ? body.optionalText("schedule")
                                        .map(SavedQueryInput::millis)
                                        .orElse(null)
                                : before.scheduleMillis(),
                        before.createdMillis(),
                        Math.max(nowMillis, before.updatedMillis()));
        check(after, nowMillis);
        return after;
    }

    private static @Nullable String given(JsonObject body, String name, @Nullable String before) {
        return body.has(name) ? body.optionalText(name).orElse(null) : before;
    }

    private static void check(SavedQuery query, long nowMillis) {
        int length = query.name().length();
        if (query.name().isBlank() || length > NAME_MAX || hasControl(query.name())) {
            throw invalid(
                    "name: " + length + " characters (expected: 1-" + NAME_MAX + " in one line)");
        }
        long now = nowMillis * 1_000_000;
        switch (query.kind()) {
            case "insight" -> Insights.check(query.query(), now);
            case "search" -> Insights.condition(query.query(), now);
            default -> throw invalid("kind: " + query.kind() + " (expected: insight or search)");
        }
        time("start_time", query.startTime(), now);
        time("end_time", query.endTime(), now);
        List<String> columns = query.columns();
        boolean named =
                columns.stream()
                        .allMatch(column ->
                                !column.isBlank()
                                        && column.length() <= NAME_MAX
                                        && !hasControl(column));
        if (columns.size() > COLUMNS_MAX || !named) {
            throw invalid(
                    "columns: "
                            + columns.size()
                            + " (expected: at most "
                            + COLUMNS_MAX
                            + " names of 1-"
                            + NAME_MAX
                            + " characters)");
        }
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private static void time(String name, @Nullable String text, long nowNanos) {
        if (text != null) {
            try {
                TimeExpression.parse(text, nowNanos);
            } catch (BelfryException e) {
                throw new BelfryException(e.code(), name + ": " + e.getMessage(), e);
            }
        }
    }

    private static long millis(String text) {
        Matcher matcher = SPAN.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration span =
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
            if (span.compareTo(SCHEDULE_MIN) >= 0 && span.compareTo(SCHEDULE_MAX) <= 0) {
                return span.toMillis();
            }
        }
        throw invalid("schedule: " + text + " (expected: a time from 1m to 7d, such as 5m or 1h)");
    }

    /** A length of time as it is written; null for none. */
    static @Nullable String span(@Nullable Long millis) {
        if (millis == null) {
            return null;
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static BelfryException invalid(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}
