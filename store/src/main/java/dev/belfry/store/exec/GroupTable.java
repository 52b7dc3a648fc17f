package dev.belfry.store.exec;

import dev.belfry.model.BelfryException;
import dev.belfry.model.BytesColumn;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups of an aggregation, numbered in the order of their coming; one thread. */
final class GroupTable {
    private final QueryContext context;
    private final Map<List<@Nullable Object>, Integer> known = new HashMap<>();
    private final List<List<@Nullable Object>> keys = new ArrayList<>();
    private final TextIds textIds = new TextIds();
    private final long groupBytes;

    /**
     * An empty table.
     *
     * @param groupBytes what a group costs besides its key
     */
    GroupTable(QueryContext context, long groupBytes) {
        this.context = context;
        this.groupBytes = groupBytes;
    }

    int count() {
        return keys.size();
    }

    /** The key of a group: a value for each key expression. */
    List<@Nullable Object> key(int id) {
        return keys.get(id);
    }

    /** The id of a key, a new one when it is not known. */
    int id(List<@Nullable Object> key) {
        Integer id = known.get(key);
        if (id != null) {
            return id;
        }
        int next = keys.size();
        if (next == Limits.GROUPS_MAX) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "groups: over "
                            + Limits.GROUPS_MAX
                            + " (expected: fewer distinct keys, or a narrower filter)");
        }
        long bytes = groupBytes + 2L * Limits.ROW_BYTES;
        for (Object value : key) {
            bytes += RowOutput.sizeBytes(value);
        }
        context.reserve(bytes);
        known.put(key, next);
        keys.add(key);
        return next;
    }

    /** The groups of {@code count} rows, given the codes of each key. */
    GroupIds ids(List<KeyCodes> columns, int count) {
        List<KeyCodes> varying = columns.stream().filter(column -> column.codes() != null).toList();
        if (varying.isEmpty()) {
            return new GroupIds(null, id(keyAt(columns, 0)), count, keys.size());
        }
        if (varying.size() == 1) {
            return ofOne(varying.getFirst(), columns, count);
        }
        int[] combined = first(varying.getFirst(), count);
        int size = varying.getFirst().size() + 1;
        for (KeyCodes next : varying.subList(1, varying.size())) {
            long product = (long) size * (next.size() + 1);
            if (product <= Math.max(Limits.KEY_TABLE_MAX, 2L * count)) {
                size = (int) product;
                for (int i = 0; i < count; i++) {
                    combined[i] = combined[i] * (next.size() + 1) + next.code(i) + 1;
                }
            } else {
                LongTable table = new LongTable(1024);
                for (int i = 0; i < count; i++) {
                    long pair = (long) combined[i] * (next.size() + 1) + next.code(i) + 1;
                    combined[i] = table.add(pair);
                }
                size = table.count();
            }
        }
        int[] idByCode = new int[size];
        Arrays.fill(idByCode, -1);
        for (int i = 0; i < count; i++) {
            int id = idByCode[combined[i]];
            if (id < 0) {
                id = id(keyAt(columns, i));
                idByCode[combined[i]] = id;
            }
            combined[i] = id;
        }
        return new GroupIds(combined, 0, count, keys.size());
    }

    private GroupIds ofOne(KeyCodes varying, List<KeyCodes> columns, int count) {
        int[] idByCode = new int[varying.size() + 1];
        Arrays.fill(idByCode, -1);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            int code = varying.code(i) + 1;
            int id = idByCode[code];
            if (id < 0) {
                id = columns.size() == 1 ? idOfText(varying, i) : id(keyAt(columns, i));
                idByCode[code] = id;
            }
            ids[i] = id;
        }
        return new GroupIds(ids, 0, count, keys.size());
    }

    private int idOfText(KeyCodes column, int position) {
        int code = column.code(position);
        return code < 0 ? id(Collections.singletonList(null)) : id(column, code);
    }

    /** The id of the key that a code of a single column stands for. */
    int id(KeyCodes column, int code) {
        BytesColumn texts = column.texts();
        if (texts == null) {
            return id(Collections.singletonList(column.values().of(code)));
        }
        int id = textIds.get(texts, code);
        if (id < 0) {
            id = id(Collections.singletonList(column.values().of(code)));
            context.reserve(texts.length(code) + 2L * Limits.ROW_BYTES);
            textIds.put(texts, code, id);
        }
        return id;
    }

    /**
     * The id of the key that {@code codes} stand for, one of each of {@code columns}; -1 for no
     * value.
     */
    int id(List<KeyCodes> columns, int[] codes) {
        if (columns.size() == 1) {
            return codes[0] < 0
                    ? id(Collections.singletonList(null))
                    : id(columns.getFirst(), codes[0]);
        }
        @Nullable Object[] key = new @Nullable Object[codes.length];
        for (int k = 0; k < key.length; k++) {
            key[k] = codes[k] < 0 ? null : columns.get(k).values().of(codes[k]);
        }
        return id(Arrays.asList(key));
    }

    private static int[] first(KeyCodes column, int count) {
        int[] combined = new int[count];
        for (int i = 0; i < count; i++) {
            combined[i] = column.code(i) + 1;
        }
        return combined;
    }

    private static List<@Nullable Object> keyAt(List<KeyCodes> columns, int position) {
        @Nullable Object[] key = new @Nullable Object[columns.size()];
        for (int k = 0; k < key.length; k++) {
            key[k] = columns.get(k).value(position);
        }
        return Arrays.asList(key);
    }
}
