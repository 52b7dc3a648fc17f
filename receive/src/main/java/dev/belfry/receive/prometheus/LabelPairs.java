package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Gathers the labels of one series, in whatever order they come. For one thread. */
final class LabelPairs {
    private final CharsetDecoder utf8 =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
    private String[] pairs = new String[64];
    private int size;

    void clear() {
        size = 0;
    }

    /**
     * Adds a label.
     *
     * @throws BelfryException VALIDATION_ERROR when there is no name
     */
    void add(String name, String value) {
        if (name.isEmpty()) {
            throw wrong("label: no name, of value " + shown(value) + " (expected: a name)");
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

    /* By insertion: they mostly are sorted, and as many as SeriesIntake allows are few. */
    private void sort() {
        for (int index = 2; index < size; index += 2) {
            String name = pairs[index];
            String value = pairs[index + 1];
            int to = index;
            while (to > 0 && pairs[to - 2].compareTo(name) > 0) {
                pairs[to] = pairs[to - 2];
                pairs[to + 1] = pairs[to - 1];
                to -= 2;
            }
            pairs[to] = name;
            pairs[to + 1] = value;
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
