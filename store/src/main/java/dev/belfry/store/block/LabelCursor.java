package dev.belfry.store.block;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.series.Labels;
import java.util.ArrayDeque;

/** The series of a block one after the other, with a page of labels in memory. For one thread. */
final class LabelCursor {
    /** A series where it stands. */
    record Series(SeriesOrder order, Labels labels) {}

    private final Block block;
    private final BlockReader reader;
    private final ArrayDeque<Series> page = new ArrayDeque<>();
    private int next;

    LabelCursor(Block block, BlockReader reader) {
        this.block = block;
        this.reader = reader;
    }

    /** Whether there is a series at which {@link #current} stands. */
    boolean has() throws CorruptFileException {
        while (page.isEmpty() && next < block.directory().labelPages()) {
            boolean sound =
                    block.labels(
                            next,
                            reader,
                            (series, labels) ->
                                    page.add(new Series(SeriesOrder.of(series, labels), labels)));
            if (!sound) {
                long place = block.directory().labelPlace(next);
                throw new CorruptFileException(block.path(), place, "damage", "labels");
            }
            next++;
        }
        return !page.isEmpty();
    }

    Series current() {
        return page.getFirst();
    }

    void advance() {
        page.removeFirst();
    }
}
