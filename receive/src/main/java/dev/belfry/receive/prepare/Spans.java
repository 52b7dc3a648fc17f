package dev.belfry.receive.prepare;

import java.util.Arrays;

/** What is to be replaced in a column: ascending places, each with a name; for one thread. */
final class Spans {
    private int[] bounds = new int[16];
    private String[] names = new String[8];
    private boolean[] quoted = new boolean[8];
    private int count;

    /** Adds {@code [from, to)} unless it begins before the last one's end. */
    void add(int from, int to, String name, boolean inQuotes) {
        if (from >= to || count > 0 && from < bounds[2 * count - 1]) {
            return;
        }
        if (count == names.length) {
            bounds = Arrays.copyOf(bounds, count * 4);
            names = Arrays.copyOf(names, count * 2);
            quoted = Arrays.copyOf(quoted, count * 2);
        }
        bounds[2 * count] = from;
        bounds[2 * count + 1] = to;
        names[count] = name;
        quoted[count++] = inQuotes;
    }

    int count() {
        return count;
    }

    int from(int index) {
        return bounds[2 * index];
    }

    int to(int index) {
        return bounds[2 * index + 1];
    }

    String name(int index) {
        return names[index];
    }

    /** What stands there afterwards. */
    String replacement(int index) {
        String text = "[redacted:" + names[index] + "]";
        return quoted[index] ? '"' + text + '"' : text;
    }

    /** The end of the last one, or {@code otherwise}. */
    int lastEnd(int otherwise) {
        return count == 0 ? otherwise : bounds[2 * count - 1];
    }
}
