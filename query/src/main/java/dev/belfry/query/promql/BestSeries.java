package dev.belfry.query.promql;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The series of {@code topk} and {@code bottomk}: of those that came so far, the ones that are
 * among the best of their group at a step. Others are not kept. Not safe for several threads.
 */
final class BestSeries {
    private final Expr.Aggregation aggregation;
    private final Evaluation evaluation;
    private final int[] wanted;
    private final boolean top;
    private final Map<Labels, Group> groups = new LinkedHashMap<>();

    /**
     * Begins without series.
     *
     * @param wanted how many of each group, a number a step
     */
    BestSeries(Expr.Aggregation aggregation, Evaluation evaluation, double[] wanted) {
        this.aggregation = aggregation;
        this.evaluation = evaluation;
        this.wanted = new int[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            this.wanted[i] = (int) Math.clamp((long) wanted[i], 0, Integer.MAX_VALUE);
        }
        this.top = aggregation.operator().equals("topk");
    }

    private final class Group {
        /* By the order in which they came; null when no step has it. */
        final List<@Nullable Row> rows = new ArrayList<>();
        int[] uses = new int[8];
        final BestRows best = new BestRows(rows, top, wanted);
        long bytes;

        // The worst of those that a step has, NaN while there is room: most rows are no better, and
        // not offered.
        final double[] worst = new double[wanted.length];

        Group() {
            Arrays.fill(worst, Double.NaN);
            evaluation.budget().row(wanted.length);
        }

        void add(Row row) {
            int index = rows.size();
            rows.add(row);
            if (uses.length == index) {
                uses = Arrays.copyOf(uses, 2 * index);
            }
            evaluation.budget().row(wanted.length);
            uses[index] = 1;
            double[] values = row.values;
            for (int i = 0; i < wanted.length; i++) {
                if (top ? values[i] <= worst[i] : values[i] >= worst[i]) {
                    continue;
                }
                if (row.hasNumber(i)) {
                    uses[index]++;
                    int out = best.offer(i, index, values[i]);
                    if (out >= 0) {
                        drop(out);
                    }
                    worst[i] = best.worst(i);
                } else if (row.histograms != null && wanted[i] >= 1) {
                    Aggregations.noteHistogram(evaluation.annotations(), aggregation, row, i);
                }
            }
            drop(index);
            evaluation.budget().take(best.bytes() - bytes);
            bytes = best.bytes();
        }

        private void drop(int index) {
            uses[index]--;
            if (uses[index] > 0) {
                return;
            }
            evaluation.budget().releaseRow(wanted.length);
            if (index == rows.size() - 1) {
                rows.removeLast();
            } else {
                rows.set(index, null);
            }
        }

        /* Each with what the steps have of it. */
        void to(Map<Integer, Row> picked) {
            for (int i = 0; i < wanted.length; i++) {
                for (int index : best.inOrder(i)) {
                    Row source = rows.get(index);
                    if (source == null) {
                        throw new IllegalStateException("BUG: a series that a step has is gone");
                    }
                    picked.computeIfAbsent(index, key -> newRow(source.labels, source.dropName))
                            .copyStep(i, source);
                }
            }
        }
    }

    private Row newRow(Labels labels, boolean dropName) {
        evaluation.budget().row(wanted.length);
        return new Row(labels, dropName, wanted.length);
    }

    void add(List<Row> rows) {
        for (Row row : rows) {
            groups.computeIfAbsent(Aggregations.labels(aggregation, row.labels), key -> new Group())
                    .add(row);
        }
        evaluation.budget().check();
    }

    /** Those of each group, the best of the first step first. */
    List<Row> bestFirst() {
        return picked(LinkedHashMap::new);
    }

    /** Those of each group, in the order in which they came. */
    List<Row> inOrder() {
        return picked(TreeMap::new);
    }

    private List<Row> picked(Supplier<Map<Integer, Row>> byIndex) {
        List<Row> result = new ArrayList<>();
        for (Group group : groups.values()) {
            Map<Integer, Row> picked = byIndex.get();
            group.to(picked);
            result.addAll(picked.values());
        }
        return result;
    }
}
