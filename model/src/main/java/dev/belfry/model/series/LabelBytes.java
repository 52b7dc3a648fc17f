package dev.belfry.model.series;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The labels of a series as bytes of a request, for looking a series up without making texts of
 * them: all of it ASCII, names ascending, none of them and no value empty. Used again for the next
 * series; for one thread.
 */
public final class LabelBytes {
    /* By label: where the name begins, its length, where the value begins, its length. */
    private static final int PLACES = 4;

    private byte[] bytes = {};
    private int[] places = new int[PLACES * 32];
    private int size;

    /** Begins labels that stand in {@code array}. */
    public void begin(byte[] array) {
        bytes = array;
        size = 0;
    }

    /** Adds a label behind the others. */
    public void add(int nameAt, int nameLength, int valueAt, int valueLength) {
        int at = size * PLACES;
        if (at == places.length) {
            places = Arrays.copyOf(places, 2 * at);
        }
        places[at] = nameAt;
        places[at + 1] = nameLength;
        places[at + 2] = valueAt;
        places[at + 3] = valueLength;
        size++;
    }

    /** How many labels there are. */
    public int size() {
        return size;
    }

    /** The array in which they stand. */
    public byte[] array() {
        return bytes;
    }

    /** Where the name of label {@code index} begins. */
    public int nameAt(int index) {
        return places[index * PLACES];
    }

    /** The length of the name of label {@code index}. */
    public int nameLength(int index) {
        return places[index * PLACES + 1];
    }

    /** Where the value of label {@code index} begins. */
    public int valueAt(int index) {
        return places[index * PLACES + 2];
    }

    /** The length of the value of label {@code index}. */
    public int valueLength(int index) {
        return places[index * PLACES + 3];
    }

    /** Where the label with this name, in ASCII, is; -1 when there is none. */
    public int find(byte[] name) {
        for (int i = 0; i < size; i++) {
            int at = nameAt(i);
            if (nameLength(i) == name.length
                    && Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
                return i;
            }
        }
        return -1;
    }

    /** The labels as texts. */
    public Labels labels() {
        String[] texts = new String[2 * size];
        for (int i = 0; i < size; i++) {
            texts[2 * i] = text(nameAt(i), nameLength(i));
            texts[2 * i + 1] = text(valueAt(i), valueLength(i));
        }
        return Labels.ofSorted(texts);
    }

    private String text(int from, int length) {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
}
