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

    private final Map<Labels, Row> rows = new LinkedHashMap<>();

    /** The row with these labels, a new one of {@code evaluator} when there is none yet. */
    Row row(Evaluator evaluator, Labels labels, boolean dropName) {
        return rows.computeIfAbsent(labels, key -> evaluator.newRow(labels, dropName));
    }

    /** Adds {@code row}; two with the same labels may not meet at a step. */
    void add(Row row) {
        Row there = rows.putIfAbsent(row.labels, row);
        if (there != null) {
            rows.put(row.labels, merged(there, row));
        }
    }

    /* As in Prometheus, whether the name goes at the end is what the first sample says. */
    private static Row merged(Row there, Row row) {
        boolean laterFirst = there.dropName != row.dropName && first(row) < first(there);
        Row target =
                new Row(
                        there.labels,
                        laterFirst ? row.dropName : there.dropName,
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

    private static int first(Row row) {
        int step = 0;
        while (step < row.values.length && !row.has(step)) {
            step++;
        }
        return step;
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
    static List<Row> unique(Collection<Row> input) {
        Rows rows = new Rows();
        for (Row row : input) {
            rows.add(row);
        }
        return rows.nonEmpty();
    }

    /** The end of a query: names are dropped where they must, series with equal labels joined. */
    static List<Row> finished(Collection<Row> input) {
        Rows rows = new Rows();
        for (Row row : input) {
            rows.add(row.dropName ? row.relabelled(row.labels.dropMetadata(), false) : row);
        }
        return rows.nonEmpty();
    }
}
