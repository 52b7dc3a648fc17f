package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the wanted columns of rows that have been chosen. */
final class RowOutput {
    private RowOutput() {}

    /* Rows whose size is looked at before more of a page are read. */
    private static final int FIRST_ROWS = 64;

    /**
     * The values of {@code columns} for each position, in the order of the positions; only the
     * first ones, at least one, when all are more than a page may have.
     */
    static List<@Nullable Object[]> readPage(
            List<Plan.Named> columns,
            List<Position> positions,
            List<RowGroup> groups,
            Map<Integer, GroupReader> readers,
            QueryContext context) {
        List<@Nullable Object[]> rows = new ArrayList<>(positions.size());
        long room = context.pageMaxBytes();
        int next = Math.min(FIRST_ROWS, positions.size());
        while (rows.size() < positions.size()) {
            List<Position> some = positions.subList(rows.size(), rows.size() + next);
            for (@Nullable Object[] row : read(columns, some, groups, readers, context)) {
                long bytes = Limits.ROW_BYTES;
                for (Object value : row) {
                    bytes += sizeBytes(value);
                }
                if (bytes > room && !rows.isEmpty()) {
                    return rows;
                }
                room -= bytes;
                rows.add(row);
            }
            long mean = Math.max(1, (context.pageMaxBytes() - room) / rows.size());
            int left = positions.size() - rows.size();
            next = (int) Math.min(left, Math.max(1, room / (2 * mean)));
        }
        return rows;
    }

    /** The values of {@code columns} for each position, in the order of the positions. */
    private static List<@Nullable Object[]> read(
            List<Plan.Named> columns,
            List<Position> positions,
            List<RowGroup> groups,
            Map<Integer, GroupReader> readers,
            QueryContext context) {
        @Nullable Object[][] table = new @Nullable Object[positions.size()][];
        Map<Integer, List<Integer>> byGroup = new HashMap<>();
        for (int i = 0; i < table.length; i++) {
            byGroup.computeIfAbsent(positions.get(i).group(), _ -> new ArrayList<>()).add(i);
        }
        for (Map.Entry<Integer, List<Integer>> entry : byGroup.entrySet()) {
            context.check();
            List<Integer> wanted = entry.getValue();
            wanted.sort(Comparator.comparingInt(i -> positions.get(i).row()));
            int[] indexes = wanted.stream().mapToInt(i -> positions.get(i).row()).toArray();
            GroupReader known = readers.get(entry.getKey());
            GroupReader reader =
                    known != null ? known : new GroupReader(groups.get(entry.getKey()), context);
            reader.readPagesOnly();
            fill(columns, reader, Rows.of(indexes, indexes.length), wanted, table);
        }
        return new ArrayList<>(Arrays.asList(table));
    }

    private static void fill(
            List<Plan.Named> columns,
            GroupReader reader,
            Rows rows,
            List<Integer> targets,
            @Nullable Object[][] table) {
        for (int target : targets) {
            table[target] = new @Nullable Object[columns.size()];
        }
        long bytes = 0;
        for (int c = 0; c < columns.size(); c++) {
            @Nullable Object[] values = ValueReader.objects(columns.get(c).expr(), reader, rows);
            for (int i = 0; i < values.length; i++) {
                bytes += sizeBytes(values[i]);
                table[targets.get(i)][c] = Scalars.isAbsent(values[i]) ? null : values[i];
            }
        }
        reader.context().reserve(bytes + (long) Limits.ROW_BYTES * rows.count());
    }

    /** About what a value holds of the heap. */
    static long sizeBytes(@Nullable Object value) {
        return switch (value) {
            case null -> 8;
            case String text -> 48 + text.length();
            case Json json -> 64 + json.text().length();
            default -> 24;
        };
    }
}
