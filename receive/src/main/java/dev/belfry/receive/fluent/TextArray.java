package dev.belfry.receive.fluent;

import dev.belfry.receive.FluentException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads an array of strings. */
public final class TextArray {
    private static final int COUNT_MAX = 16;

    private TextArray() {}

    /** The strings' bytes. */
    public static List<byte[]> read(byte[] data, int from, int to) {
        Msgpack value = new Msgpack(data, from, to);
        int count = value.array();
        if (count > COUNT_MAX) {
            throw new FluentException("an array of " + count + " (expected: at most 16)");
        }
        List<byte[]> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            int length = value.bytes();
            texts.add(Arrays.copyOfRange(data, value.at() - length, value.at()));
        }
        return texts;
    }
}
