package dev.belfry.store.parquet;

import dev.belfry.store.column.ColumnSpec;
import java.util.HashMap;
import java.util.Map;

/** Which columns are worth a higher level of zstd; for one thread. */
final class Effort {
    /*
     * Lines of real logs become a tenth smaller at level 8 than at 3, words in random order do not:
     * so it is tried, on the first page of a chunk, and the answer holds for the column's next
     * chunks.
     */
    /** The size, as a share of the usual level's, from which on the higher level is worth it. */
    private static final double WORTH = 0.94;

    /** Pages below this are not tried: they compress badly at any level. */
    static final int TRIAL_BYTES_MIN = 32 << 10;

    private static final int CHUNKS_REMEMBERED = 32;
    private static final int COLUMNS_MAX = 1024;

    private static final class Answer {
        boolean high;
        int chunksLeft;
    }

    private final Map<ColumnSpec, Answer> answers = new HashMap<>();

    /** What measures a page at both levels. */
    interface Trial {
        /** The bytes of the page at the usual level, or the higher one. */
        int size(boolean high);
    }

    /**
     * Whether the chunk of {@code column} that begins with the page of {@code trial} is worth it.
     */
    boolean isHigh(ColumnSpec column, Trial trial) {
        if (answers.size() >= COLUMNS_MAX) {
            answers.clear();
        }
        Answer answer = answers.computeIfAbsent(column, _ -> new Answer());
        if (answer.chunksLeft == 0) {
            answer.high = trial.size(true) < WORTH * trial.size(false);
            answer.chunksLeft = CHUNKS_REMEMBERED;
        }
        answer.chunksLeft--;
        return answer.high;
    }
}
