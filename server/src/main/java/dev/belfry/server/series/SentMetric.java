package dev.belfry.server.series;

import dev.belfry.server.config.Documents;
import dev.belfry.server.http.JsonText;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One good metric as it was sent, to be answered.
 *
 * @param members its members
 */
record SentMetric(Map<?, ?> members) {
    private static final long MILLI_NANOS = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+([eE][+-]?[0-9]+)?");

    /** The metric that {@code body} is, which was found good. */
    static SentMetric read(String body) {
        return new SentMetric(Documents.json(body) instanceof Map<?, ?> map ? map : Map.of());
    }

    void write(JsonText text, long nowMillis) {
        text.object().name("name").text(text(members.get("name")));
        text.name("metric_type").text(text(either("metric_type", "metricType", "type")));
        text.name("value").raw(text(members.get("value")));
        text.name("labels").object();
        if (either("labels", "tags", "tags") instanceof Map<?, ?> labels) {
            labels.forEach((name, value) -> {
                if (value != null) {
                    text.name(text(name)).text(text(value));
                }
            });
        }
        text.endObject().name("timestamp");
        Object time = members.get("timestamp");
        if (time == null) {
            text.time(nowMillis * MILLI_NANOS);
        } else if (NUMBER.matcher(text(time)).matches()) {
            text.raw(text(time));
        } else {
            text.text(text(time));
        }
        text.endObject();
    }

    private @Nullable Object either(String first, String second, String third) {
        Object found = members.get(first);
        found = found == null ? members.get(second) : found;
        return found == null ? members.get(third) : found;
    }

    private static String text(@Nullable Object value) {
        return String.valueOf(value);
    }
}
