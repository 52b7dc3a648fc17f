package dev.belfry.model.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * What identifies a series: names with values, sorted by name, no name twice, no empty value.
 * Immutable; equal by content.
 */
public final class Labels implements Comparable<Labels> {
    /** The label that holds the metric's name. */
    public static final String NAME = "__name__";

    /** The label that holds the metric's type, where types are kept as labels. */
    public static final String TYPE = "__type__";

    /** The label that holds the metric's unit, where units are kept as labels. */
    public static final String UNIT = "__unit__";

    /** No labels. */
    public static final Labels EMPTY = new Labels(new String[0]);

    /* name, value, name, value … */
    private final String[] pairs;
    private int hash;

    private Labels(String[] pairs) {
        this.pairs = pairs;
    }

    /** Labels of names and values in turn, in any order; a pair with an empty value is left out. */
    public static Labels of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "labels: " + namesAndValues.length + " strings (expected: pairs)");
        }
        Builder builder = new Builder(EMPTY);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.set(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** Labels with the entries of {@code map}. */
    public static Labels of(Map<String, String> map) {
        Builder builder = new Builder(EMPTY);
        map.forEach(builder::set);
        return builder.build();
    }

    /**
     * Labels over {@code pairs}, which must be sorted by name without a name twice or an empty
     * value, and are not copied.
     */
    public static Labels ofSorted(String[] pairs) {
        return pairs.length == 0 ? EMPTY : new Labels(pairs);
    }

    /** How many labels there are. */
    public int size() {
        return pairs.length / 2;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return pairs.length == 0;
    }

    /** The name at {@code index}, in order. */
    public String name(int index) {
        return pairs[2 * index];
    }

    /** The value at {@code index}. */
    public String value(int index) {
        return pairs[2 * index + 1];
    }

    /** The value of {@code name}, empty when there is none. */
    public String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equals(name)) {
                return pairs[i + 1];
            }
        }
        return "";
    }

    /** The value of {@code __name__}, empty when there is none. */
    public String metricName() {
        return get(NAME);
    }

    /** Whether there is a label {@code name}. */
    public boolean has(String name) {
        return !get(name).isEmpty();
    }

    /** Calls {@code consumer} with each name and value, in order. */
    public void forEach(BiConsumer<String, String> consumer) {
        for (int i = 0; i < pairs.length; i += 2) {
            consumer.accept(pairs[i], pairs[i + 1]);
        }
    }

    /** These labels as a new map, sorted by name. */
    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        forEach(map::put);
        return map;
    }

    /** Only the labels whose name passes {@code keep}. */
    public Labels filter(Predicate<String> keep) {
        String[] kept = new String[pairs.length];
        int count = 0;
        for (int i = 0; i < pairs.length; i += 2) {
            if (keep.test(pairs[i])) {
                kept[count++] = pairs[i];
                kept[count++] = pairs[i + 1];
            }
        }
        return count == pairs.length ? this : ofSorted(Arrays.copyOf(kept, count));
    }

    /** Only the labels in {@code names}. */
    public Labels keep(Collection<String> names) {
        return filter(names::contains);
    }

    /** Without the labels in {@code names}. */
    public Labels drop(Collection<String> names) {
        return filter(name -> !names.contains(name));
    }

    /** Without name, type and unit: what an operation makes of a metric. */
    public Labels dropMetadata() {
        return filter(name -> !isMetadata(name));
    }

    /** Whether {@code name} is that of the metric's name, type or unit. */
    public static boolean isMetadata(String name) {
        return name.startsWith("__")
                && (name.equals(NAME) || name.equals(TYPE) || name.equals(UNIT));
    }

    /** With {@code name} set to {@code value}, or without it when that is empty. */
    public Labels with(String name, String value) {
        return value.isEmpty()
                ? filter(other -> !other.equals(name))
                : new Builder(this).set(name, value).build();
    }

    /**
     * The 64-bit hash that Prometheus gives these labels (xxHash64 over names and values with their
     * lengths): the same here and there, so that sampled series are the same.
     */
    public long stableHash() {
        byte[][] parts = new byte[pairs.length][];
        int size = 0;
        for (int i = 0; i < pairs.length; i++) {
            parts[i] = pairs[i].getBytes(StandardCharsets.UTF_8);
            size += parts[i].length + (parts[i].length < 255 ? 1 : 4);
        }
        byte[] bytes = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            if (part.length < 255) {
                bytes[at++] = (byte) part.length;
            } else {
                bytes[at++] = (byte) 255;
                bytes[at++] = (byte) part.length;
                bytes[at++] = (byte) (part.length >> 8);
                bytes[at++] = (byte) (part.length >> 16);
            }
            System.arraycopy(part, 0, bytes, at, part.length);
            at += part.length;
        }
        return XxHash64.hash(bytes);
    }

    /** By names and values in turn; the shorter first when one begins the other. */
    @Override
    public int compareTo(Labels other) {
        int length = Math.min(pairs.length, other.pairs.length);
        for (int i = 0; i < length; i++) {
            int order = pairs[i].compareTo(other.pairs[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(pairs.length, other.pairs.length);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Labels labels
                        && hashCode() == labels.hashCode()
                        && Arrays.equals(pairs, labels.pairs));
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Arrays.hashCode(pairs);
        }
        return hash;
    }

    /** As Prometheus prints them: {@code {a="b", c="d"}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < pairs.length; i += 2) {
            text.append(i == 0 ? "" : ", ").append(pairs[i]).append("=\"");
            text.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
        return text.append('}').toString();
    }

    /** Changes labels. Not safe for several threads. */
    public static final class Builder {
        /**
         * Labels at most. Those of a series are far fewer; more are refused before putting them in
         * order gets costly.
         */
        public static final int LABELS_MAX = 10_000;

        private final List<String> names = new ArrayList<>();
        private final List<String> values = new ArrayList<>();

        /** Begins with {@code base}. */
        public Builder(Labels base) {
            base.forEach((name, value) -> {
                names.add(name);
                values.add(value);
            });
        }

        /**
         * Sets {@code name}; an empty value removes it.
         *
         * @throws BelfryException VALIDATION_ERROR when there are {@link #LABELS_MAX} others
         */
        public Builder set(String name, String value) {
            int at = java.util.Collections.binarySearch(names, name);
            if (value.isEmpty()) {
                if (at >= 0) {
                    names.remove(at);
                    values.remove(at);
                }
            } else if (at >= 0) {
                values.set(at, value);
            } else if (names.size() == LABELS_MAX) {
                throw new BelfryException(
                        ErrorCode.VALIDATION_ERROR,
                        "labels: more than " + LABELS_MAX + " (expected: fewer)");
            } else {
                names.add(-at - 1, name);
                values.add(-at - 1, value);
            }
            return this;
        }

        /** Removes {@code name}. */
        public Builder remove(String name) {
            return set(name, "");
        }

        /** The value of {@code name}, empty when there is none. */
        public String get(String name) {
            int at = java.util.Collections.binarySearch(names, name);
            return at < 0 ? "" : values.get(at);
        }

        /** The labels as they are now. */
        public Labels build() {
            String[] pairs = new String[2 * names.size()];
            for (int i = 0; i < names.size(); i++) {
                pairs[2 * i] = names.get(i);
                pairs[2 * i + 1] = values.get(i);
            }
            return ofSorted(pairs);
        }
    }
}
