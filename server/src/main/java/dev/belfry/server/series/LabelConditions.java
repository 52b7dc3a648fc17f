package dev.belfry.server.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlFailure;
import dev.belfry.server.config.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions on labels as a parameter has them. */
final class LabelConditions {
    /*
     *   {"method":"GET"}      a JSON object: each label has the value
     *   {method=~"G.*"}       a selector
     *   method=GET,code=200   pairs
     */
    private static final String FORMS =
            " (expected: a JSON object, name=value with commas between, or a selector of PromQL)";

    private LabelConditions() {}

    /** The matchers that {@code text} is; none of an empty one. */
    static List<LabelMatcher> parse(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return List.of();
        }
        if (!stripped.startsWith("{")) {
            return pairs(stripped);
        }
        if (stripped.replace(" ", "").startsWith("{\"") || stripped.equals("{}")) {
            List<LabelMatcher> object = object(stripped);
            if (object != null) {
                return object;
            }
        }
        try {
            return Promql.matchers(stripped);
        } catch (PromqlFailure failure) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "labels: " + failure.getMessage() + FORMS, failure);
        }
    }

    private static @Nullable List<LabelMatcher> object(String text) {
        if (!(Documents.json(text) instanceof Map<?, ?> members)) {
            return null;
        }
        List<LabelMatcher> matchers = new ArrayList<>();
        members.forEach((name, value) -> {
            if (value instanceof Map<?, ?> || value instanceof List<?>) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR, "labels." + name + ": no single value" + FORMS);
            }
            matchers.add(
                    LabelMatcher.equal(
                            String.valueOf(name), value == null ? "" : String.valueOf(value)));
        });
        return matchers;
    }

    private static List<LabelMatcher> pairs(String text) {
        List<LabelMatcher> matchers = new ArrayList<>();
        for (String pair : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new BelfryException(ErrorCode.VALIDATION_ERROR, "labels: " + pair + FORMS);
            }
            matchers.add(
                    LabelMatcher.equal(
                            pair.substring(0, equals).strip(), pair.substring(equals + 1).strip()));
        }
        return matchers;
    }
}
