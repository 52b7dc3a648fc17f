package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelBytes;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.SourceLabels;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/**
 * The way to the number of a series for what one sender sends: labels are checked here, whatever
 * protocol they came by. Safe for many threads.
 */
public final class SeriesIntake {
    /*
     * A key is salted with what the sender may write, so that a series that one sender may write is not found by
     * another one who may not. What is refused is not remembered: it is looked at again each time.
     */
    /** Labels of a series at most; Prometheus' largest have some 60. */
    public static final int LABELS_MAX = 256;

    /** Characters of a label's name at most. */
    public static final int NAME_CHARS_MAX = 1024;

    /** Characters of a label's value at most. */
    public static final int VALUE_CHARS_MAX = 16 << 10;

    /** Characters of all names and values of a series at most. */
    public static final int CHARS_MAX = 64 << 10;

    private static final int SHOWN_CHARS = 64;

    private final SeriesResolver resolver;
    private final SourceRule sources;
    private final long senderSalt;

    private SeriesIntake(SeriesResolver resolver, SourceRule sources, long senderSalt) {
        this.resolver = resolver;
        this.sources = sources;
        this.senderSalt = senderSalt;
    }

    /**
     * The way of a sender who may write only series of {@code onlySources}; of all when it is
     * empty.
     */
    public static SeriesIntake of(SeriesResolver resolver, Set<String> onlySources) {
        if (onlySources.isEmpty()) {
            return new SeriesIntake(resolver, SourceRule.ANY, 0);
        }
        long salt = 1;
        for (String source : new TreeSet<>(onlySources)) {
            for (byte each : source.getBytes(StandardCharsets.UTF_8)) {
                salt = (salt ^ each) * 0x100000001B3L;
            }
            salt = Long.rotateLeft(salt, 23) * 0x9E3779B97F4A7C15L + 1;
        }
        return new SeriesIntake(resolver, SourceRule.only(onlySources), salt);
    }

    /** The seed of the hashes, see {@link SeriesResolver#seed}. */
    public long seed() {
        return resolver.seed();
    }

    /**
     * What the hash of a key begins with.
     *
     * @param protocol another number for each way in which the same bytes mean other labels
     */
    public long salt(long protocol) {
        return senderSalt ^ protocol << 56;
    }

    /** As {@link SeriesResolver#find(long, long)}. */
    public int find(long keyHigh, long keyLow) {
        return resolver.find(keyHigh, keyLow);
    }

    /** As {@link SeriesResolver#find(long, long, int)}. */
    public int find(long keyHigh, long keyLow, int previous) {
        return resolver.find(keyHigh, keyLow, previous);
    }

    /**
     * As {@link SeriesResolver#resolve}, with the labels checked.
     *
     * @throws BelfryException VALIDATION_ERROR when there is no metric's name, a label is too long,
     *     there are too many, or the store has too many series; FORBIDDEN when the sender may not
     *     write the series' source
     */
    public int resolve(long keyHigh, long keyLow, Labels labels) {
        check(labels);
        String refusal = sources.refusal(SourceLabels.of(labels));
        if (refusal != null) {
            throw new BelfryException(ErrorCode.FORBIDDEN, refusal);
        }
        return resolver.resolve(keyHigh, keyLow, labels);
    }

    /**
     * As {@link SeriesResolver#resolve(long, long, LabelBytes)}, of labels that are within the
     * limits and have a metric's name.
     *
     * @throws BelfryException as above
     */
    public int resolve(long keyHigh, long keyLow, LabelBytes labels) {
        return SourceRule.ANY.equals(sources)
                ? resolver.resolve(keyHigh, keyLow, labels)
                : resolve(keyHigh, keyLow, labels.labels());
    }

    /** As {@link SeriesResolver#labels}. */
    public Labels labels(int series) {
        return resolver.labels(series);
    }

    private static void check(Labels labels) {
        if (labels.metricName().isEmpty()) {
            throw wrong("labels: no __name__ in " + shown(labels.toString()), "a metric's name");
        }
        if (labels.size() > LABELS_MAX) {
            throw wrong(
                    "labels: " + labels.size() + " of " + shown(labels.metricName()),
                    "at most " + LABELS_MAX);
        }
        int all = 0;
        for (int index = 0; index < labels.size(); index++) {
            String name = labels.name(index);
            String value = labels.value(index);
            if (name.isEmpty()) {
                throw wrong("label: no name in " + shown(labels.toString()), "a name");
            }
            if (name.length() > NAME_CHARS_MAX) {
                throw wrong(
                        "label: a name of " + name.length() + " characters, " + shown(name),
                        "at most " + NAME_CHARS_MAX);
            }
            if (value.length() > VALUE_CHARS_MAX) {
                throw wrong(
                        shown(name)
                                + ": a value of "
                                + value.length()
                                + " characters, "
                                + shown(value),
                        "at most " + VALUE_CHARS_MAX);
            }
            all += name.length() + value.length();
        }
        if (all > CHARS_MAX) {
            throw wrong(
                    "labels: " + all + " characters of " + shown(labels.metricName()),
                    "at most " + CHARS_MAX);
        }
    }

    private static String shown(String text) {
        return text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
    }

    private static BelfryException wrong(String what, String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR, what + " (expected: " + expected + ")");
    }
}
