package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.receive.SeriesIntake;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** Gathers the labels of one series, in whatever order they come. For one thread. */
final class LabelPairs {
    private final CharsetDecoder utf8 =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
    private String[] pairs = new String[64];
    private int size;

    private record Pair(String name, String value) {}

    void clear() {
        size = 0;
    }

    /**
     * Adds a label.
     *
     * @throws BelfryException VALIDATION_ERROR when there is no name, it is too long, or there are
     *     {@link SeriesIntake#LABELS_MAX} already
     */
    void add(String name, String value) {
        if (name.isEmpty()) {
            throw wrong("label: no name, of value " + shown(value) + " (expected: a name)");
        }
        if (name.length() > SeriesIntake.NAME_CHARS_MAX) {
            throw wrong(
                    "label: a name of "
                            + name.length()
                            + " characters, "
                            + shown(name)
                            + " (expected: at most "
                            + SeriesIntake.NAME_CHARS_MAX
                            + ")");
        }
        if (size == 2 * SeriesIntake.LABELS_MAX) {
            throw wrong(
                    "labels: more than "
                            + SeriesIntake.LABELS_MAX
                            + " in "
                            + shown(toString())
                            + " (expected: at most "
                            + SeriesIntake.LABELS_MAX
                            + ")");
        }
        if (size == pairs.length) {
            pairs = Arrays.copyOf(pairs, size * 2);
        }
        pairs[size++] = name;
        pairs[size++] = value;
    }

    /**
     * The text of {@code bytes[from .. from + length)}.
     *
     * @throws BelfryException VALIDATION_ERROR when they are not UTF-8
     */
    String text(byte[] bytes, int from, int length) {
        for (int index = from; index < from + length; index++) {
            if (bytes[index] < 0) {
                return decoded(bytes, from, length);
            }
        }
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private String decoded(byte[] bytes, int from, int length) {
        try {
            return utf8.decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException _) {
            String readable = new String(bytes, from, length, StandardCharsets.UTF_8);
            throw wrong("label: " + shown(readable) + " (expected: UTF-8)");
        }
    }

    /**
     * The labels that were added, sorted; those without a value are left out.
     *
     * @throws BelfryException VALIDATION_ERROR when a name came twice
     */
    Labels labels() {
        sort();
        String[] sorted = new String[size];
        int count = 0;
        for (int index = 0; index < size; index += 2) {
            if (index > 0 && pairs[index].equals(pairs[index - 2])) {
                throw wrong(
                        "label: "
                                + shown(pairs[index])
                                + " twice in "
                                + shown(toString())
                                + " (expected: once)");
            }
            if (!pairs[index + 1].isEmpty()) {
                sorted[count++] = pairs[index];
                sorted[count++] = pairs[index + 1];
            }
        }
        return Labels.ofSorted(count == size ? sorted : Arrays.copyOf(sorted, count));
    }

    /* They mostly are sorted already. */
    private void sort() {
        int index = 2;
        while (index < size && pairs[index - 2].compareTo(pairs[index]) <= 0) {
            index += 2;
        }
        if (index >= size) {
            return;
        }
        Pair[] sorted = new Pair[size / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = new Pair(pairs[2 * i], pairs[2 * i + 1]);
        }
        Arrays.sort(sorted, Comparator.comparing(Pair::name));
        for (int i = 0; i < sorted.length; i++) {
            pairs[2 * i] = sorted[i].name;
            pairs[2 * i + 1] = sorted[i].value;
        }
    }

    /** How many labels were added. */
    int count() {
        return size / 2;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int index = 0; index < Math.min(size, 16); index += 2) {
            text.append(index == 0 ? "" : ", ").append(pairs[index]).append("=\"");
            text.append(pairs[index + 1]).append('"');
        }
        return text.append('}').toString();
    }

    private static String shown(String text) {
        return text.length() <= 128 ? text : text.substring(0, 128) + "…";
    }

    private static BelfryException wrong(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }
}
