package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import java.util.Arrays;

/** Group ids of texts by their bytes, without making strings; one thread. */
final class TextIds {
    /* Open addressing with linear probing; slots hold number + 1, 0 is free; at most half full. */
    private int[] slots = new int[256];
    private int[] hashes = new int[128];
    private int[] ids = new int[128];
    private byte[][] texts = new byte[128][];
    private int count;

    /** The id of value {@code index} of {@code column}, -1 when it is not known. */
    int get(BytesColumn column, int index) {
        byte[] data = column.data();
        int start = column.start(index);
        int end = column.end(index);
        int hash = hash(data, start, end);
        int slot = hash & slots.length - 1;
        while (slots[slot] != 0) {
            int number = slots[slot] - 1;
            byte[] text = texts[number];
            if (hashes[number] == hash
                    && text.length == end - start
                    && Arrays.equals(text, 0, text.length, data, start, end)) {
                return ids[number];
            }
            slot = slot + 1 & slots.length - 1;
        }
        return -1;
    }

    /** Adds value {@code index} of {@code column}, which is not known, with its id. */
    void put(BytesColumn column, int index, int id) {
        if (count == ids.length) {
            grow();
        }
        texts[count] = column.bytes(index);
        hashes[count] = hash(texts[count], 0, texts[count].length);
        ids[count] = id;
        count++;
        link(count - 1);
    }

    private void link(int number) {
        int slot = hashes[number] & slots.length - 1;
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        slots[slot] = number + 1;
    }

    private void grow() {
        hashes = Arrays.copyOf(hashes, count * 2);
        ids = Arrays.copyOf(ids, count * 2);
        texts = Arrays.copyOf(texts, count * 2);
        slots = new int[count * 4];
        for (int number = 0; number < count; number++) {
            link(number);
        }
    }

    private static int hash(byte[] data, int start, int end) {
        long hash = end - start;
        for (int i = start; i < end; i++) {
            hash = (hash ^ data[i]) * 0x100000001B3L;
        }
        return (int) (LongTable.mix(hash) >>> 32);
    }
}
