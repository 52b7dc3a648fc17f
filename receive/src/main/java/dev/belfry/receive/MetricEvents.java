package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonMembers.Member;
import dev.belfry.receive.json.JsonType;
import dev.belfry.receive.push.Observations;
import dev.belfry.receive.series.NumberText;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Events of type metric that are samples too: those with a name and a number in their payload. */
public final class MetricEvents {
    /*
     *   {"event_type": "metric", "source": …, "tags": {…}, "payload": {"name": …, "value": …, "metric_type": …,
     *    "labels": {…}}}
     *
     * A gauge unless metric_type says otherwise; counters and observations are added up as those of POST …/metrics
     * are. Labels are what in tags is no object or array, the payload's labels, and the source.
     */
    private static final int NAME_CHARACTERS_MAX = 255;
    private static final long MILLI_NANOS = 1_000_000;

    private final EventBatch events;
    private final SampleSink sink;
    private final Observations observations;
    private final NumberText numbers = new NumberText();
    private final @Nullable FieldColumn names;
    private final @Nullable FieldColumn values;
    private final @Nullable FieldColumn types;
    private final @Nullable FieldColumn labels;

    private MetricEvents(
            EventBatch events, KnownFamilies families, SeriesIntake series, long nowMillis) {
        this.events = events;
        this.sink =
                new SampleSink(
                        series,
                        families.begin(nowMillis),
                        Protocols.EVENTS,
                        "",
                        16,
                        DecodedSamples.ERRORS_MAX);
        this.observations = new Observations(sink);
        this.names = events.field(FieldSpace.PAYLOAD, "name");
        this.values = events.field(FieldSpace.PAYLOAD, "value");
        this.types = events.field(FieldSpace.PAYLOAD, "metric_type");
        this.labels = events.field(FieldSpace.PAYLOAD, "labels");
    }

    /** Whether there may be samples in {@code events}. */
    public static boolean any(EventBatch events) {
        byte metric = (byte) EventType.METRIC.ordinal();
        for (int row = 0; row < events.count(); row++) {
            if (events.types()[row] == metric) {
                return events.field(FieldSpace.PAYLOAD, "name") != null
                        && events.field(FieldSpace.PAYLOAD, "value") != null;
            }
        }
        return false;
    }

    /**
     * The samples in {@code events}; what cannot be one is only an event.
     *
     * @param families what was told before
     * @param series finds the sender's series
     * @param nowMillis about the time, epoch milliseconds
     */
    public static DecodedSamples decode(
            EventBatch events, KnownFamilies families, SeriesIntake series, long nowMillis) {
        return new MetricEvents(events, families, series, nowMillis).all();
    }

    private DecodedSamples all() {
        byte metric = (byte) EventType.METRIC.ordinal();
        for (int row = 0; row < events.count(); row++) {
            if (events.types()[row] == metric) {
                take(row);
            }
        }
        return sink.decoded();
    }

    private void take(int row) {
        String name = text(names, row, ValueKind.STRING);
        String number = text(values, row, ValueKind.NUMBER);
        if (name == null || name.isEmpty() || number == null) {
            return;
        }
        byte[] digits = number.getBytes(StandardCharsets.UTF_8);
        double value = numbers.read(digits, 0, digits.length);
        if (!numbers.valid || !Double.isFinite(value)) {
            return;
        }
        sink.item();
        String named = text(types, row, ValueKind.STRING);
        MetricType type = named == null ? MetricType.GAUGE : type(named);
        if (type == null || type == MetricType.COUNTER && value < 0) {
            sink.refuse(
                    ErrorCode.VALIDATION_ERROR,
                    "metric event "
                            + name
                            + ": "
                            + (type == null ? named : number)
                            + " (expected: counter with a value of at least 0, gauge, histogram or"
                            + " summary)");
            return;
        }
        Labels all;
        try {
            all = labels(row, name);
        } catch (BelfryException wrong) {
            sink.refuse(wrong.code(), String.valueOf(wrong.getMessage()));
            return;
        }
        byte[] key = all.with(Labels.NAME, name).toString().getBytes(StandardCharsets.UTF_8);
        sink.begin().add(type.ordinal()).add(key, 0, key.length);
        observations.key();
        long millis = Math.floorDiv(events.timestampsNanos()[row], MILLI_NANOS);
        observations.add(name, type, value, 1, millis, () -> all);
        byte[] family = name.getBytes(StandardCharsets.UTF_8);
        sink.begin().add(-1 - type.ordinal()).add(family, 0, family.length);
        if (!sink.isRefused() && sink.isNewFamily()) {
            sink.family(name, type, "", "");
        }
    }

    private Labels labels(int row, String name) {
        if (name.length() > NAME_CHARACTERS_MAX) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "payload.name: " + name.length() + " characters (expected: at most 255)");
        }
        Labels.Builder all = new Labels.Builder(Labels.EMPTY);
        for (FieldColumn field : events.fields()) {
            if (field.space() == FieldSpace.TAG && !field.key().equals(FieldColumn.REST)) {
                String value = scalar(field, row);
                if (value != null) {
                    set(all, field.key(), value);
                }
            }
        }
        String own = text(labels, row, ValueKind.JSON);
        List<Member> members = own == null ? null : JsonMembers.read(own);
        for (Member member : members == null ? List.<Member>of() : members) {
            if (member.isScalar() && member.type() != JsonType.NULL) {
                set(all, member.name(), member.text());
            }
        }
        String source = events.sources().text(row);
        return all.set("source", source == null ? "" : source).build();
    }

    /* Belfry's own labels and the name stay what they are. */
    private static void set(Labels.Builder all, String label, String value) {
        if (!label.isEmpty()
                && !label.equals(Labels.NAME)
                && !label.equals("le")
                && !label.equals("quantile")) {
            all.set(label, value);
        }
    }

    private static @Nullable MetricType type(String named) {
        return switch (named.toLowerCase(Locale.ROOT)) {
            case "counter" -> MetricType.COUNTER;
            case "gauge" -> MetricType.GAUGE;
            case "histogram" -> MetricType.HISTOGRAM;
            case "summary" -> MetricType.SUMMARY;
            default -> null;
        };
    }

    private static @Nullable String scalar(FieldColumn field, int row) {
        int at = Arrays.binarySearch(field.rows(), row);
        if (at < 0) {
            return null;
        }
        return switch (field.kind(at)) {
            case STRING, NUMBER -> field.values().text(at);
            case TRUE -> "true";
            case FALSE -> "false";
            case NULL, JSON -> null;
        };
    }

    private static @Nullable String text(@Nullable FieldColumn field, int row, ValueKind wanted) {
        int at = field == null ? -1 : Arrays.binarySearch(field.rows(), row);
        return field == null || at < 0 || field.kind(at) != wanted ? null : field.values().text(at);
    }
}
