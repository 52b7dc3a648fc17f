package dev.belfry.receive.push;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonMembers.Member;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.json.JsonType;
import dev.belfry.receive.series.NumberText;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads metrics as JSON, one object or an array; for one thread, used once. */
public final class JsonPush {
    /*
     *   {"name": …, "metric_type": …, "value": …, "labels": {…}, "timestamp": …}
     *
     * The bytes of name, type and labels are hashed as they stand; only those of a new metric are looked into.
     * 002's names are taken too: metricType and type, tags.
     */
    private static final String MEMBERS =
            " (expected: name, metric_type, value, labels, timestamp, description, unit)";
    private static final String TYPES = " (expected: counter, gauge, histogram or summary)";
    private static final int NAME_CHARACTERS_MAX = 255;
    private static final int OBJECT_BYTES = 150;
    private static final long MILLI_NANOS = 1_000_000;

    private final byte[] body;
    private final JsonScanner scanner;
    private final SampleSink sink;
    private final Observations observations;
    private final NumberText numbers = new NumberText();
    private final int itemsMax;
    private final long nowMillis;

    /* Bounds of the members of the object being read; from 0 where there is none. */
    private final Value name = new Value();
    private final Value type = new Value();
    private final Value value = new Value();
    private final Value labels = new Value();
    private final Value time = new Value();
    private final Value description = new Value();
    private final Value unit = new Value();

    private static final class Value {
        int from;
        int to;
        boolean escaped;
        @Nullable JsonType type;
    }

    /** A reader of {@code body[0 .. length)}. */
    public JsonPush(
            byte[] body,
            int length,
            int itemsMax,
            KnownFamilies families,
            SeriesIntake series,
            long nowMillis) {
        this.body = body;
        this.scanner = new JsonScanner(body, length);
        this.sink =
                new SampleSink(
                        series,
                        families.begin(nowMillis),
                        Protocols.JSON,
                        "",
                        length / OBJECT_BYTES,
                        itemsMax);
        this.observations = new Observations(sink);
        this.itemsMax = itemsMax;
        this.nowMillis = nowMillis;
    }

    /**
     * The metrics of the body.
     *
     * @throws BelfryException VALIDATION_ERROR when it is no JSON of that form; TOO_LARGE when it
     *     has too many items
     */
    public DecodedSamples read() {
        try {
            if (scanner.token("a metric as an object, or an array of them") == '[') {
                array();
            } else {
                object();
            }
            if (!scanner.atEnd()) {
                throw scanner.wrong("the end of the body");
            }
        } catch (JsonSyntaxException failure) {
            throw failure.refusal("body: no JSON");
        }
        return sink.decoded();
    }

    private void array() {
        scanner.at++;
        if (!scanner.ends(']', "a metric or ']'")) {
            do {
                object();
            } while (scanner.another(']'));
        }
    }

    private void object() {
        sink.item();
        if (sink.items() > itemsMax) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than " + itemsMax + " metrics (expected: fewer)");
        }
        if (scanner.token("a metric") != '{') {
            scanner.value();
            refuse("metric: no object" + MEMBERS);
            return;
        }
        clear();
        String unknown = members();
        if (unknown != null) {
            refuse(shown(unknown) + ": not a member of a metric" + MEMBERS);
        } else {
            take();
        }
    }

    private void clear() {
        for (Value each : List.of(name, type, value, labels, time, description, unit)) {
            each.type = null;
            each.from = 0;
            each.to = 0;
            each.escaped = false;
        }
    }

    /* The name of the first member that a metric does not have; null when there is none. */
    private @Nullable String members() {
        String unknown = null;
        scanner.at++;
        if (!scanner.ends('}', "a name in quotes or '}'")) {
            do {
                scanner.name();
                String member = text(scanner.from, scanner.to);
                Value target =
                        switch (member) {
                            case "name" -> name;
                            case "metric_type", "metricType", "type" -> type;
                            case "value" -> value;
                            case "labels", "tags" -> labels;
                            case "timestamp" -> time;
                            case "description", "help" -> description;
                            case "unit" -> unit;
                            default -> null;
                        };
                JsonType found = scanner.value();
                if (target == null) {
                    unknown = unknown == null ? member : unknown;
                } else {
                    target.type = found == JsonType.NULL ? null : found;
                    target.from = scanner.from;
                    target.to = scanner.to;
                    target.escaped = scanner.escaped;
                }
            } while (scanner.another('}'));
        }
        return unknown;
    }

    private void take() {
        if (name.type != JsonType.STRING || name.from == name.to) {
            refuse(
                    "name: "
                            + shown(name)
                            + " (expected: the name of the metric, 1-255 characters)");
            return;
        }
        MetricType kind = type.type == JsonType.STRING ? kind(text(type.from, type.to)) : null;
        if (kind == null) {
            refuse("metric_type: " + shown(type) + TYPES);
            return;
        }
        double number =
                value.type == JsonType.NUMBER ? numbers.read(body, value.from, value.to) : 0;
        if (value.type != JsonType.NUMBER || !numbers.valid || !Double.isFinite(number)) {
            refuse("value: " + shown(value) + " (expected: a number)");
            return;
        }
        if (kind == MetricType.COUNTER && number < 0) {
            refuse(
                    "value: "
                            + shown(value)
                            + " (expected: at least 0, the increment of a counter)");
            return;
        }
        long millis = millis();
        if (millis == Long.MIN_VALUE) {
            refuse("timestamp: " + shown(time) + " (expected: " + Timestamps.EXPECTED + ")");
            return;
        }
        if (labels.type != null && labels.type != JsonType.OBJECT) {
            refuse("labels: " + shown(labels) + " (expected: an object)");
            return;
        }
        sink.begin()
                .add(kind.ordinal())
                .add(body, name.from, name.to - name.from)
                .add(body, labels.from, labels.to - labels.from);
        observations.key();
        String named = string(name);
        observations.add(named, kind, number, 1, millis, this::labels);
        if (!sink.isRefused()) {
            tell(named, kind);
        }
    }

    private void tell(String named, MetricType kind) {
        sink.begin()
                .add(kind.ordinal())
                .add(body, name.from, name.to - name.from)
                .add(body, description.from, description.to - description.from)
                .add(body, unit.from, unit.to - unit.from);
        if (sink.isNewFamily()) {
            sink.family(
                    named,
                    kind,
                    unit.type == JsonType.STRING ? string(unit) : "",
                    description.type == JsonType.STRING ? string(description) : "");
        }
    }

    private long millis() {
        if (time.type == null) {
            return nowMillis;
        }
        long nanos =
                switch (time.type) {
                    case STRING -> Timestamps.tryParse(body, time.from, time.to);
                    case NUMBER -> Timestamps.tryParseEpoch(body, time.from, time.to);
                    case TRUE, FALSE, NULL, ARRAY, OBJECT -> Timestamps.NONE;
                };
        return nanos == Timestamps.NONE ? Long.MIN_VALUE : Math.floorDiv(nanos, MILLI_NANOS);
    }

    /* Asked for when a series is new; what is wrong refuses the item. */
    private Labels labels() {
        String named = string(name);
        if (named.length() > NAME_CHARACTERS_MAX) {
            throw wrong("name: " + named.length() + " characters (expected: at most 255)");
        }
        Labels.Builder all = new Labels.Builder(Labels.EMPTY);
        List<Member> members =
                labels.type == null ? List.of() : JsonMembers.read(text(labels.from, labels.to));
        for (Member member : members == null ? List.<Member>of() : members) {
            String label = member.name();
            if (!member.isScalar()) {
                throw wrong(
                        "labels."
                                + shown(label)
                                + ": "
                                + member.type().words()
                                + " (expected: a string, a number, true or false)");
            }
            if (label.isEmpty()
                    || label.equals(Labels.NAME)
                    || label.equals("le")
                    || label.equals("quantile")) {
                throw wrong(
                        "labels: "
                                + (label.isEmpty() ? "a label without a name" : label)
                                + " (expected: a label that is not Belfry's own)");
            }
            if (label.length() > NAME_CHARACTERS_MAX) {
                throw wrong(
                        "labels: a name of "
                                + label.length()
                                + " characters (expected: at most 255)");
            }
            all.set(label, member.type() == JsonType.NULL ? "" : member.text());
        }
        return all.build();
    }

    private static BelfryException wrong(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }

    private static @Nullable MetricType kind(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            default -> null;
        };
    }

    private void refuse(String message) {
        sink.refuse(ErrorCode.VALIDATION_ERROR, message);
    }

    private String shown(Value found) {
        if (found.type == null) {
            return "missing";
        }
        boolean text = found.type == JsonType.STRING;
        String raw = shown(text(found.from, found.to));
        return text ? "\"" + raw + "\"" : raw;
    }

    private static String shown(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }

    private String string(Value of) {
        String raw = text(of.from, of.to);
        if (!of.escaped) {
            return raw;
        }
        List<Member> read = JsonMembers.read("{\"v\":\"" + raw + "\"}");
        return read == null ? raw : read.getFirst().text();
    }

    private String text(int from, int to) {
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }
}
