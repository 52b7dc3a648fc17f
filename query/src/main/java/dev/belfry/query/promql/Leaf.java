package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;

/**
 * Some series of a selector: from inclusive, to exclusive.
 *
 * @param selector the selector, known by where it stands
 */
record Leaf(Expr.Selector selector, SeriesSource.Selection selection, int from, int to) {}
