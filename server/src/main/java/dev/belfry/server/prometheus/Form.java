package dev.belfry.server.prometheus;

import dev.belfry.query.Promql;
import dev.belfry.server.http.Call;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a call, in the query or in the body as a form. */
final class Form {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Form() {}

    /** Those of {@code call}; what stands in the body comes first, as for Prometheus. */
    static Form of(Call call) {
        Form form = new Form();
        String type = call.header("content-type");
        boolean isForm =
                type != null && type.strip().startsWith("application/x-www-form-urlencoded");
        if (isForm && call.bodyLength() > 0) {
            form.read(new String(call.bodyBytes(), 0, call.bodyLength(), StandardCharsets.UTF_8));
        }
        call.parameters().forEach((name, given) -> given.forEach(value -> form.add(name, value)));
        return form;
    }

    private void read(String body) {
        for (String pair : body.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            try {
                add(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new ApiFailure(
                        ApiFailure.Type.BAD_DATA,
                        "error parsing form values: invalid URL escape in " + Promql.quoted(pair));
            }
        }
    }

    private void add(String name, String value) {
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
    }

    /** The first value of {@code name}, empty when it was not given. */
    String get(String name) {
        List<String> given = values.get(name);
        return given == null ? "" : given.getFirst();
    }

    /** All values of {@code name}. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The time that {@code name} gives in epoch milliseconds, {@code fallback} without one. */
    long time(String name, long fallback) {
        String text = get(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            return Times.time(text);
        } catch (IllegalArgumentException e) {
            throw ApiFailure.parameter(
                    name, "invalid time value for '" + name + "': " + e.getMessage());
        }
    }

    /** The time that {@code name} must give. */
    long requiredTime(String name) {
        try {
            return Times.time(get(name));
        } catch (IllegalArgumentException e) {
            throw ApiFailure.parameter(name, String.valueOf(e.getMessage()));
        }
    }

    /** The duration that {@code name} must give, in milliseconds. */
    long requiredDuration(String name) {
        try {
            return Times.duration(get(name));
        } catch (IllegalArgumentException e) {
            throw ApiFailure.parameter(name, String.valueOf(e.getMessage()));
        }
    }

    /** How many items {@code limit} asks for; 0 for all. */
    int limit() {
        return limit("limit");
    }

    /** How many items {@code name} asks for, in metadata's own words; 0 or less for all. */
    int number(String name) {
        String text = get(name);
        try {
            return text.isEmpty() ? 0 : whole(text);
        } catch (NumberFormatException _) {
            throw ApiFailure.badData(name + " must be a number");
        }
    }

    private int limit(String name) {
        String text = get(name);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int limit = whole(text);
            if (limit < 0) {
                throw ApiFailure.parameter(name, "limit must be non-negative");
            }
            return limit;
        } catch (NumberFormatException _) {
            String why = text.matches("[+-]?[0-9]+") ? "value out of range" : "invalid syntax";
            throw ApiFailure.parameter(
                    name, "strconv.Atoi: parsing " + Promql.quoted(text) + ": " + why);
        }
    }

    /* As Go's Atoi, of 64 bits; more than there can be is as many as there can be. */
    private static int whole(String text) {
        if (!text.matches("[+-]?[0-9]+")) {
            throw new NumberFormatException(text);
        }
        return Math.clamp(Long.parseLong(text), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
}
