package dev.belfry.receive.columns;

import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a resource, a scope or a stream adds to each of its records; for one thread. */
public final class Context {
    /*
     * Keys are looked up once, when the resource is read; a record then costs one copy of each value. Where a
     * record has the key itself, its own counts, and the context's goes under a second name, which is looked up
     * when it first happens.
     */
    private static final int TWICE_LOOKED_FOR = 64;

    private final String prefix;
    private final boolean always;
    private final FieldTable tags;
    private final FieldTable payload;
    private final JsonBytes values = new JsonBytes();
    private final List<Item> items = new ArrayList<>();
    private final int maxBytes;
    private int count;
    private int size;

    private static final class Item {
        FieldTable table;
        FieldTable.@Nullable Field field;
        byte[] key = new byte[0];
        FieldTable.@Nullable Field second;
        byte[] secondKey = new byte[0];
        ValueKind kind = ValueKind.NULL;
        int from;
        int length;
        boolean replaced;

        Item(FieldTable table) {
            this.table = table;
        }
    }

    /**
     * A context whose keys get {@code prefix}: always, or only where a record has the same key.
     *
     * @param maxBytes what is beyond is only counted
     */
    public Context(
            String prefix, boolean always, int maxBytes, FieldTable tags, FieldTable payload) {
        this.prefix = prefix;
        this.always = always;
        this.maxBytes = maxBytes;
        this.tags = tags;
        this.payload = payload;
    }

    /** Forgets all. */
    public void clear() {
        count = 0;
        size = 0;
        values.clear();
    }

    /** How many bytes a record gets from here, about. */
    public int sizeBytes() {
        return size;
    }

    /** Adds a value under {@code key[keyFrom .. keyTo)}; the bytes are copied. */
    public void add(
            byte[] key,
            int keyFrom,
            int keyTo,
            ValueKind kind,
            byte[] bytes,
            int from,
            int length) {
        size = (int) Math.min(Integer.MAX_VALUE / 4, (long) size + keyTo - keyFrom + length + 1);
        if (size > maxBytes) {
            return;
        }
        if (count == items.size()) {
            items.add(new Item(tags));
        }
        Item item = items.get(count++);
        item.table = kind == ValueKind.JSON ? payload : tags;
        item.key = named(always ? prefix : "", key, keyFrom, keyTo);
        item.field = item.table.find(item.key, 0, item.key.length);
        item.second = null;
        item.replaced = false;
        replaceEarlier(item);
        item.kind = kind;
        item.from = values.length;
        item.length = length;
        values.put(bytes, from, length);
    }

    /* Of two of one key the last counts. Senders that give a key twice have few. */
    private void replaceEarlier(Item item) {
        for (int index = 0; index < Math.min(count - 1, TWICE_LOOKED_FOR); index++) {
            Item earlier = items.get(index);
            if (item.field != null && earlier.field == item.field) {
                earlier.replaced = true;
            }
        }
    }

    /** Gives all to the current event, behind its own fields. */
    public void apply() {
        for (int index = count - 1; index >= 0; index--) {
            Item item = items.get(index);
            FieldTable.Field field = item.field;
            if (item.replaced) {
                continue;
            }
            if (field == null) {
                applyRest(item);
            } else if (!item.table.has(field)) {
                item.table.set(field, item.kind, values.bytes, item.from, item.length);
            } else {
                applySecond(item);
            }
        }
    }

    private void applySecond(Item item) {
        if (item.second == null) {
            item.secondKey = named(prefix, item.key, 0, item.key.length);
            item.second = item.table.find(item.secondKey, 0, item.secondKey.length);
        }
        FieldTable.Field second = item.second;
        if (second == null) {
            String name = FieldTable.clean(item.secondKey, 0, item.secondKey.length);
            item.table.setRest(name, item.kind, values.bytes, item.from, item.length);
        } else if (!item.table.has(second)) {
            item.table.set(second, item.kind, values.bytes, item.from, item.length);
        }
    }

    private void applyRest(Item item) {
        String name = FieldTable.clean(item.key, 0, item.key.length);
        String free = item.table.hasRest(name) ? prefix + name : name;
        item.table.setRest(free, item.kind, values.bytes, item.from, item.length);
    }

    private static byte[] named(String prefix, byte[] key, int from, int to) {
        byte[] name = new byte[prefix.length() + to - from];
        byte[] before = prefix.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(before, 0, name, 0, before.length);
        System.arraycopy(key, from, name, before.length, to - from);
        return name;
    }
}
