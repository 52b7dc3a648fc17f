package dev.belfry.query.promql;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the series of a result by their labels. */
final class Rows {
    static final String DUPLICATE = "vector cannot contain metrics with the same labelset";

    private record Key(Labels labels, boolean dropName) {}

    private final Map<Key, Row> rows = new LinkedHashMap<>();
    private final int steps;

    Rows(int steps) {
        this.steps = steps;
    }

    Row row(Labels labels, boolean dropName) {
        return rows.computeIfAbsent(
                new Key(labels, dropName), key -> new Row(labels, dropName, steps));
    }

    /** Adds {@code row}; two with the same labels may not meet at a step. */
    void add(Row row) {
        Key key = new Key(row.labels, row.dropName);
        Row there = rows.putIfAbsent(key, row);
        if (there != null) {
            rows.put(key, merged(there, row));
        }
    }

    private static Row merged(Row there, Row row) {
        Row target =
                new Row(
                        there.labels,
                        there.dropName,
                        there.values.clone(),
                        there.histograms == null ? null : there.histograms.clone());
        for (int i = 0; i < row.values.length; i++) {
            if (row.has(i)) {
                if (target.has(i)) {
                    throw PromqlException.execution(DUPLICATE);
                }
                target.copyStep(i, row);
            }
        }
        return target;
    }

    List<Row> nonEmpty() {
        List<Row> result = new ArrayList<>(rows.size());
        for (Row row : rows.values()) {
            if (!row.isEmpty()) {
                result.add(row);
            }
        }
        return result;
    }

    /** {@code input} merged by labels; throws when two samples of one step have the same. */
    static List<Row> unique(Collection<Row> input, int steps) {
        Rows rows = new Rows(steps);
        for (Row row : input) {
            rows.add(row);
        }
        return rows.nonEmpty();
    }

    /** The end of a query: names are dropped where they must, series with equal labels joined. */
    static List<Row> finished(Collection<Row> input, int steps) {
        Rows rows = new Rows(steps);
        for (Row row : input) {
            rows.add(row.dropName ? row.relabelled(row.labels.dropMetadata(), false) : row);
        }
        return rows.nonEmpty();
    }
}
