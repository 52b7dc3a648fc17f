package dev.belfry.query.promql;

import dev.belfry.model.series.Labels;
import java.util.Arrays;

/**
 * What an aggregation knows of one group: series are added one after the other and need not be
 * kept. Those of the parts of a query are merged in order. Not safe for several threads.
 */
abstract class Accumulator {
    /* Where the aggregation stands. */
    final Expr.Aggregation aggregation;
    final Labels labels;
    final int steps;
    boolean dropName;

    Accumulator(Expr.Aggregation aggregation, Labels labels, int steps) {
        this.aggregation = aggregation;
        this.labels = labels;
        this.steps = steps;
    }

    static Accumulator of(Expr.Aggregation aggregation, Labels labels, int steps) {
        return switch (aggregation.operator()) {
            case "sum" -> new Sums.Total(aggregation, labels, steps);
            case "avg" -> new Sums.Average(aggregation, labels, steps);
            case "count", "group" -> new Count(aggregation, labels, steps);
            case "min", "max" -> new Extreme(aggregation, labels, steps);
            case "stddev", "stdvar" -> new Deviation(aggregation, labels, steps);
            default -> throw new IllegalStateException("BUG: " + aggregation.operator());
        };
    }

    abstract void add(Row row, Annotations annotations);

    /** Adds what {@code later}, of the same kind, was given. */
    abstract void merge(Accumulator later, Annotations annotations);

    /** Puts the results into {@code row}. */
    abstract void finish(Row row, Annotations annotations);

    /** Columns of numbers that it holds. */
    int columns() {
        return 1;
    }

    final void noteHistograms(Row row, Annotations annotations) {
        for (int i = 0; i < steps && row.histograms != null; i++) {
            if (row.histogram(i) != null) {
                annotations.histogramIgnored(aggregation.operator(), aggregation.expr().span());
                return;
            }
        }
    }

    static double[] absentColumn(int steps) {
        double[] column = new double[steps];
        Arrays.fill(column, Row.ABSENT);
        return column;
    }

    /* How many there are, or that there is one. */
    private static final class Count extends Accumulator {
        private final int[] counts;
        private final boolean one;

        Count(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
            counts = new int[steps];
            one = aggregation.operator().equals("group");
        }

        @Override
        void add(Row row, Annotations annotations) {
            if (row.runTo > row.runFrom) {
                for (int i = row.runFrom; i < row.runTo; i++) {
                    counts[i]++;
                }
                return;
            }
            for (int i = 0; i < counts.length; i++) {
                counts[i] += row.has(i) ? 1 : 0;
            }
        }

        @Override
        void merge(Accumulator later, Annotations annotations) {
            int[] more = ((Count) later).counts;
            for (int i = 0; i < counts.length; i++) {
                counts[i] += more[i];
            }
        }

        @Override
        void finish(Row row, Annotations annotations) {
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    row.values[i] = one ? 1 : counts[i];
                }
            }
        }
    }

    /* The least or the greatest number. */
    private static final class Extreme extends Accumulator {
        private final double[] best;
        private final boolean max;

        Extreme(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
            best = absentColumn(steps);
            max = aggregation.operator().equals("max");
        }

        @Override
        void add(Row row, Annotations annotations) {
            noteHistograms(row, annotations);
            add(row.values);
        }

        private void add(double[] values) {
            for (int i = 0; i < best.length; i++) {
                double value = values[i];
                double so = best[i];
                // NaN is replaced by any number, absence included: it is a NaN too.
                if (max ? value > so : value < so) {
                    best[i] = value;
                } else if (Double.isNaN(so) && !Row.absent(value)) {
                    best[i] = value;
                }
            }
        }

        @Override
        void merge(Accumulator later, Annotations annotations) {
            add(((Extreme) later).best);
        }

        @Override
        void finish(Row row, Annotations annotations) {
            System.arraycopy(best, 0, row.values, 0, steps);
        }
    }

    /* Welford's method; parts are joined as Chan, Golub and LeVeque do (1979). */
    private static final class Deviation extends Accumulator {
        private final double[] mean;
        private final double[] squares;
        private final int[] count;
        private final boolean root;

        Deviation(Expr.Aggregation aggregation, Labels labels, int steps) {
            super(aggregation, labels, steps);
            mean = new double[steps];
            squares = new double[steps];
            count = new int[steps];
            root = aggregation.operator().equals("stddev");
        }

        @Override
        int columns() {
            return 3;
        }

        @Override
        void add(Row row, Annotations annotations) {
            noteHistograms(row, annotations);
            for (int i = 0; i < steps; i++) {
                double value = row.values[i];
                if (Row.absent(value)) {
                    continue;
                }
                if (++count[i] == 1) {
                    mean[i] = value;
                    squares[i] = Double.isNaN(value) || Double.isInfinite(value) ? Double.NaN : 0;
                } else {
                    double delta = value - mean[i];
                    mean[i] += delta / count[i];
                    squares[i] += delta * (value - mean[i]);
                }
            }
        }

        @Override
        void merge(Accumulator later, Annotations annotations) {
            Deviation more = (Deviation) later;
            for (int i = 0; i < steps; i++) {
                if (count[i] == 0) {
                    mean[i] = more.mean[i];
                    squares[i] = more.squares[i];
                } else if (more.count[i] > 0) {
                    double all = (double) count[i] + more.count[i];
                    double delta = more.mean[i] - mean[i];
                    mean[i] += delta * (more.count[i] / all);
                    squares[i] +=
                            more.squares[i] + delta * delta * (count[i] * (more.count[i] / all));
                }
                count[i] += more.count[i];
            }
        }

        @Override
        void finish(Row row, Annotations annotations) {
            for (int i = 0; i < steps; i++) {
                if (count[i] > 0) {
                    double variance = squares[i] / count[i];
                    row.set(i, root ? Math.sqrt(variance) : variance);
                }
            }
        }
    }
}
