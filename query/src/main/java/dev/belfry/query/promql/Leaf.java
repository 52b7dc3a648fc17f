package dev.belfry.query.promql;

import dev.belfry.model.series.SeriesSource;
import java.util.List;

/**
 * Some series of a selector: from inclusive, to exclusive.
 *
 * @param selector the selector, known by where it stands
 * @param joins what stands above it and has another side
 */
record Leaf(
        Expr.Selector selector,
        SeriesSource.Selection selection,
        int from,
        int to,
        List<Join> joins) {
    /** Of these series, those from {@code newFrom} to {@code newTo}. */
    Leaf part(int newFrom, int newTo) {
        return new Leaf(selector, selection, newFrom, newTo, joins);
    }
}
