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

    /** The values of {@code columns} for each position, in the order of the positions. */
    static List<@Nullable Object[]> read(
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
