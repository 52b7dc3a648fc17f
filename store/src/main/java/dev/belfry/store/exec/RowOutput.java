package dev.belfry.store.exec;

import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable.Json;
import dev.belfry.store.column.RowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Reads the wanted columns of rows that have been chosen; for one thread. */
final class RowOutput {
    /* Rows whose size is looked at before more of a page are read. */
    private static final int FIRST_ROWS = 64;

    private final List<Plan.Named> columns;
    private final List<RowGroup> groups;
    private final Map<Integer, GroupReader> readers;
    private final QueryContext context;
    private final int workersMax;
    private final Executor pool;

    /**
     * An output of {@code columns}.
     *
     * @param readers those that some of {@code groups} have already, by index
     * @param workersMax threads that read at most, the calling one included
     */
    RowOutput(
            List<Plan.Named> columns,
            List<RowGroup> groups,
            Map<Integer, GroupReader> readers,
            QueryContext context,
            int workersMax,
            Executor pool) {
        this.columns = columns;
        this.groups = groups;
        this.readers = readers;
        this.context = context;
        this.workersMax = workersMax;
        this.pool = pool;
    }

    /**
     * The values of {@code columns} for each position, in the order of the positions; only the
     * first ones, at least one, when all are more than a page may have.
     */
    List<@Nullable Object[]> readPage(List<Position> positions) {
        List<@Nullable Object[]> rows = new ArrayList<>(positions.size());
        long room = context.pageMaxBytes();
        int next = Math.min(FIRST_ROWS, positions.size());
        while (rows.size() < positions.size()) {
            List<Position> some = positions.subList(rows.size(), rows.size() + next);
            for (@Nullable Object[] row : read(some)) {
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

    /* The values of the columns for each position, in the order of the positions. */
    private List<@Nullable Object[]> read(List<Position> positions) {
        @Nullable Object[][] table = new @Nullable Object[positions.size()][];
        Map<Integer, List<Integer>> byGroup = new LinkedHashMap<>();
        for (int i = 0; i < table.length; i++) {
            byGroup.computeIfAbsent(positions.get(i).group(), _ -> new ArrayList<>()).add(i);
        }
        List<Map.Entry<Integer, List<Integer>>> entries = List.copyOf(byGroup.entrySet());
        GroupWalk.run(
                entries.size(),
                workersMax,
                pool,
                context,
                () ->
                        index -> {
                            Map.Entry<Integer, List<Integer>> entry = entries.get(index);
                            fill(entry.getKey(), entry.getValue(), positions, table);
                            return true;
                        });
        return new ArrayList<>(Arrays.asList(table));
    }

    /* Writes the rows of one group to their places in the table. */
    private void fill(
            int group,
            List<Integer> targets,
            List<Position> positions,
            @Nullable Object[][] table) {
        GroupReader known = readers.get(group);
        GroupReader reader = known != null ? known : new GroupReader(groups.get(group), context);
        reader.readPagesOnly();
        targets.sort(Comparator.comparingInt(i -> positions.get(i).row()));
        int[] indexes = targets.stream().mapToInt(i -> positions.get(i).row()).toArray();
        Rows rows = Rows.of(indexes, indexes.length);
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
        context.reserve(bytes + (long) Limits.ROW_BYTES * rows.count());
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
