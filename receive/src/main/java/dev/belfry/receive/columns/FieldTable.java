package dev.belfry.receive.columns;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tags, or the payload members, of the events of one batch; for one thread. */
public final class FieldTable {
    /*
     * Events of one program have their fields in the same order, so the key at a place is guessed to be the one
     * that stood there last; otherwise a table with linear probing, at most half full, says. Each field knows
     * the number of the last event that has it, so that a second sender of the same key is seen without a search.
     */
    private static final int PLACES_MAX = 64;

    private final EventBatchBuilder builder;
    private final FieldSpace space;
    private final @Nullable Field[] places = new @Nullable Field[PLACES_MAX];
    private @Nullable Field[] table = new @Nullable Field[32];
    private int count;
    private int event = 1;
    private int place;
    private boolean dirty;

    /* Of the current event, what has no column of its own: key to JSON text; null until there is one. */
    private @Nullable Map<String, String> rest;

    /** A field that has a column. */
    public static final class Field {
        private final byte[] key;
        private final int hash;
        private final FieldColumn.Builder column;
        private int lastEvent;

        private Field(byte[] key, int hash, FieldColumn.Builder column) {
            this.key = key;
            this.hash = hash;
            this.column = column;
        }
    }

    /** A key that most events have: it is looked for once. */
    public final class Key {
        private final byte[] text;
        private @Nullable Field field;

        private Key(byte[] text) {
            this.text = text;
        }

        /** Sets it in the current event; of two values the last counts. */
        public void set(ValueKind kind, byte[] bytes, int from, int length) {
            if (field == null) {
                field = find(text, 0, text.length);
            }
            if (field != null) {
                FieldTable.this.set(field, kind, bytes, from, length);
            } else {
                setRest(clean(text, 0, text.length), kind, bytes, from, length);
            }
        }
    }

    /** The key {@code name}. */
    public Key key(String name) {
        return new Key(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The fields of {@code space} of what {@code builder} builds. */
    public FieldTable(EventBatchBuilder builder, FieldSpace space) {
        this.builder = builder;
        this.space = space;
    }

    /** Starts the fields of the next event, which is the builder's current row. */
    public void begin() {
        event++;
        place = 0;
        if (dirty) {
            rest = null;
            dirty = false;
        }
    }

    /**
     * The field {@code text[from .. to)}, guessed by its place in the event; null when there are
     * too many keys.
     */
    public @Nullable Field next(byte[] text, int from, int to) {
        int at = place++;
        if (at >= PLACES_MAX) {
            return find(text, from, to);
        }
        Field guess = places[at];
        if (guess != null && Arrays.equals(guess.key, 0, guess.key.length, text, from, to)) {
            return guess;
        }
        Field found = find(text, from, to);
        places[at] = found;
        return found;
    }

    /** The field {@code text[from .. to)}; null when there are too many keys. */
    public @Nullable Field find(byte[] text, int from, int to) {
        int hash = hash(text, from, to);
        int slot = hash & table.length - 1;
        for (Field field = table[slot]; field != null; field = table[slot]) {
            if (field.hash == hash
                    && Arrays.equals(field.key, 0, field.key.length, text, from, to)) {
                return field;
            }
            slot = slot + 1 & table.length - 1;
        }
        FieldColumn.Builder column = builder.field(space, clean(text, from, to));
        if (column == null) {
            return null;
        }
        Field added = new Field(Arrays.copyOfRange(text, from, to), hash, column);
        table[slot] = added;
        if (++count * 2 > table.length) {
            grow();
        }
        return added;
    }

    /** A key as text: U+FFFD for NUL and what is not UTF-8. */
    public static String clean(byte[] text, int from, int to) {
        return new String(text, from, to - from, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    /** Whether the current event has {@code field} already. */
    public boolean has(Field field) {
        return field.lastEvent == event;
    }

    /** Whether the current event has {@code key} among what has no column. */
    public boolean hasRest(String key) {
        return rest != null && rest.containsKey(key);
    }

    /** Sets {@code field} of the current event; of two values the last counts. */
    public void set(Field field, ValueKind kind, byte[] bytes, int from, int length) {
        field.lastEvent = event;
        field.column.add(builder.count(), kind, bytes, from, length);
    }

    /** Sets {@code key} of the current event, by what this knows of it. */
    public void set(byte[] key, ValueKind kind, byte[] bytes, int from, int length) {
        Field field = next(key, 0, key.length);
        if (field != null) {
            set(field, kind, bytes, from, length);
        } else {
            setRest(clean(key, 0, key.length), kind, bytes, from, length);
        }
    }

    /** Sets a field that has no column of its own. */
    public void setRest(String key, ValueKind kind, byte[] bytes, int from, int length) {
        if (rest == null) {
            rest = new LinkedHashMap<>();
            dirty = true;
        }
        JsonBytes json = new JsonBytes();
        switch (kind) {
            case STRING -> json.string(bytes, from, length);
            case NUMBER, JSON -> json.put(bytes, from, length);
            case TRUE -> json.put("true");
            case FALSE -> json.put("false");
            case NULL -> json.put("null");
        }
        rest.put(key, new String(json.bytes, 0, json.length, StandardCharsets.UTF_8));
    }

    /** Ends the fields of the current event. */
    public void finish() {
        if (rest == null) {
            return;
        }
        JsonBytes json = new JsonBytes().put('{');
        for (Map.Entry<String, String> member : rest.entrySet()) {
            if (json.length > 1) {
                json.put(',');
            }
            byte[] key = member.getKey().getBytes(StandardCharsets.UTF_8);
            byte[] value = member.getValue().getBytes(StandardCharsets.UTF_8);
            json.string(key, 0, key.length).put(':').put(value, 0, value.length);
        }
        json.put('}');
        Objects.requireNonNull(builder.field(space, FieldColumn.REST))
                .add(builder.count(), ValueKind.JSON, json.bytes, 0, json.length);
    }

    private void grow() {
        @Nullable Field[] old = table;
        table = new @Nullable Field[old.length * 2];
        for (Field field : old) {
            if (field != null) {
                int slot = field.hash & table.length - 1;
                while (table[slot] != null) {
                    slot = slot + 1 & table.length - 1;
                }
                table[slot] = field;
            }
        }
    }

    private static int hash(byte[] text, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            hash = hash * 31 + text[at];
        }
        return hash ^ hash >>> 15;
    }
}
