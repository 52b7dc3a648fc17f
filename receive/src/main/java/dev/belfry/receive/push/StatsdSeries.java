package dev.belfry.receive.push;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.push.StatsdReader.Type;
import dev.belfry.receive.series.SampleSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one metric of StatsD has added up to since the last flush; for one thread. */
public final class StatsdSeries {
    private static final int NAME_CHARACTERS_MAX = 255;
    private static final double MILLIS_SCALE = 1000;

    private final Type type;
    private final String name;
    private final String tags;
    private final @Nullable String source;
    private boolean set;
    private double total;
    private long millis;
    private int lines;
    private double[] values = {};
    private double[] weights = {};
    private int count;
    private @Nullable Set<String> different;

    /**
     * Nothing yet.
     *
     * @param name with tags of its own behind commas
     * @param tags behind {@code #}
     * @param source the label of those that name none; null for none
     */
    public StatsdSeries(Type type, String name, String tags, @Nullable String source) {
        this.type = type;
        this.name = name;
        this.tags = tags;
        this.source = source;
    }

    /**
     * Adds a number.
     *
     * @return how much more is kept for it
     */
    public int add(double value, boolean changes, double rate, long given) {
        lines++;
        millis = Math.max(millis, given);
        switch (type) {
            case COUNTER -> total += value / rate;
            case GAUGE -> {
                set |= !changes;
                total = changes ? total + value : value;
            }
            case TIMER, HISTOGRAM, SET -> {
                return observe(value, 1 / rate);
            }
        }
        return 0;
    }

    /* The same value as before is kept once. */
    private int observe(double value, double weight) {
        if (count > 0 && values[count - 1] == value) {
            weights[count - 1] += weight;
            return 0;
        }
        if (count == values.length) {
            values = Arrays.copyOf(values, Math.max(4, 2 * count));
            weights = Arrays.copyOf(weights, values.length);
        }
        values[count] = value;
        weights[count++] = weight;
        return 1;
    }

    /** Adds a text of a set, as {@link #add}. */
    public int add(String value) {
        lines++;
        Set<String> all = different == null ? new HashSet<>() : different;
        different = all;
        return all.add(value) ? 1 : 0;
    }

    /** How many numbers and texts came. */
    public int lines() {
        return lines;
    }

    /**
     * Brings what came to {@code sink}; false when it is refused.
     *
     * @param nowMillis the time of what has none of its own, epoch milliseconds
     */
    public boolean flush(SampleSink sink, Observations observations, long nowMillis) {
        sink.item();
        byte[] key = (name + '\n' + tags).getBytes(StandardCharsets.UTF_8);
        sink.begin().add(type.ordinal()).add(key, 0, key.length);
        observations.key();
        long when = millis == 0 ? nowMillis : millis;
        int comma = name.indexOf(',');
        String bare = comma < 0 ? name : name.substring(0, comma);
        switch (type) {
            case COUNTER -> observations.shift(bare, total, when, this::labels);
            case GAUGE -> {
                if (set) {
                    observations.set(bare, total, when, this::labels);
                } else {
                    observations.shift(bare, total, when, this::labels);
                }
            }
            case TIMER, HISTOGRAM ->
                    observations.histogram(
                            bare,
                            values,
                            weights,
                            count,
                            type == Type.TIMER ? MILLIS_SCALE : 1,
                            when,
                            this::labels);
            case SET ->
                    observations.set(
                            bare, different == null ? 0 : different.size(), when, this::labels);
        }
        if (sink.isRefused()) {
            return false;
        }
        sink.pushed.observed(lines);
        tell(bare, sink);
        return true;
    }

    private void tell(String bare, SampleSink sink) {
        byte[] key = bare.getBytes(StandardCharsets.UTF_8);
        sink.begin().add(-1 - type.ordinal()).add(key, 0, key.length);
        if (sink.isNewFamily()) {
            MetricType told =
                    switch (type) {
                        case COUNTER -> MetricType.COUNTER;
                        case GAUGE, SET -> MetricType.GAUGE;
                        case TIMER, HISTOGRAM -> MetricType.HISTOGRAM;
                    };
            String help =
                    switch (type) {
                        case TIMER -> "StatsD timer, in milliseconds";
                        case SET -> "StatsD set: different values between two flushes";
                        case COUNTER, GAUGE, HISTOGRAM -> "";
                    };
            sink.family(bare, told, "", help);
        }
    }

    /* Asked for when a series is new; what is wrong refuses it. */
    private Labels labels() {
        Labels.Builder all = new Labels.Builder(Labels.EMPTY);
        String[] own = name.split(",");
        if (own[0].length() > NAME_CHARACTERS_MAX) {
            throw wrong("name: " + own[0].length() + " characters (expected: at most 255)");
        }
        for (int i = 1; i < own.length; i++) {
            tag(own[i], '=', all);
        }
        for (String tag : tags.split(",")) {
            tag(tag, ':', all);
        }
        Labels labels = all.build();
        String otherwise = source;
        boolean named =
                !labels.get("source").isEmpty()
                        || !labels.get("service_name").isEmpty()
                        || !labels.get("job").isEmpty();
        return otherwise == null || named ? labels : labels.with("source", otherwise);
    }

    /* One without a value is true. */
    private static void tag(String tag, char between, Labels.Builder into) {
        if (tag.isEmpty()) {
            return;
        }
        int at = tag.indexOf(between);
        String label = at < 0 ? tag : tag.substring(0, at);
        if (label.isEmpty()
                || label.equals(Labels.NAME)
                || label.equals("le")
                || label.equals("quantile")) {
            throw wrong("tag: " + tag + " (expected: a name that is not Belfry's own)");
        }
        into.set(label, at < 0 ? "true" : tag.substring(at + 1));
    }

    private static BelfryException wrong(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}
