package dev.belfry.store.block;

import java.util.ArrayList;
import java.util.List;

/** Steps of one series in several blocks, made one. For one thread. */
public final class StepMerge {
    /*
     * A step that two blocks have is that of all their samples: a late sample came into a block of
     * its own. Which of two samples at one time has won is no longer to be told.
     */
    private final List<TierSteps> parts = new ArrayList<>();

    /** Adds those that no deletion concerns, by their ends. */
    public void add(TierSteps steps, List<Tombstone> deletions) {
        if (deletions.isEmpty()) {
            parts.add(steps);
            return;
        }
        TierSteps kept = new TierSteps();
        for (int i = 0; i < steps.size; i++) {
            long end = steps.times[i];
            boolean deleted =
                    deletions.stream()
                            .anyMatch(each -> end >= each.startMillis() && end <= each.endMillis());
            if (!deleted) {
                kept.append(steps.times, steps.widths[i], steps.columns, i, i + 1);
            }
        }
        parts.add(kept);
    }

    /** All of them, ascending. */
    public TierSteps merged() {
        TierSteps merged = new TierSteps();
        int[] at = new int[parts.size()];
        for (; ; ) {
            int next = -1;
            for (int i = 0; i < at.length; i++) {
                boolean earlier =
                        at[i] < parts.get(i).size
                                && (next < 0 || parts.get(i).times[at[i]] < time(next, at));
                next = earlier ? i : next;
            }
            if (next < 0) {
                return merged;
            }
            TierSteps of = parts.get(next);
            merged.add(of.times[at[next]], of.widths[at[next]], of, at[next]++);
        }
    }

    private long time(int part, int[] at) {
        return parts.get(part).times[at[part]];
    }
}
