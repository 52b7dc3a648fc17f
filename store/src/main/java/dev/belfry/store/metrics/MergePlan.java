package dev.belfry.store.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which blocks become one. */
final class MergePlan {
    /*
     * Blocks of one day are merged when four or more that follow each other in the journal are about
     * as large as those after them together, so that a sample is written anew a few times at most;
     * and all of a day that is over when nothing came for an hour, or little comes any more. Between
     * two blocks that are merged there may be none, by offset, that meets them in time: what is newer
     * would become older.
     */

    /**
     * When blocks are worth merging.
     *
     * @param countMin how many of a day that is not over
     * @param settledMillis how long ago the last samples of a day that is over came, at least
     * @param growth such a day is written anew when it grew by one of so many parts
     */
    record Pace(int countMin, long settledMillis, int growth) {
        static final Pace STEADY = new Pace(4, HOUR_MILLIS, 16);

        /* A day that grows with many pauses is written a few times only. */
        static final Pace IN_A_LULL = new Pace(2, 0, 4);

        /* Days that are over, and what deletions concern. */
        static final Pace DELETIONS = new Pace(Integer.MAX_VALUE, HOUR_MILLIS, 16);
    }

    /* Deletions that readers look through; above it, they are carried out at once. */
    static final int DELETIONS_MAX = 64;

    private static final int TIER_DAYS = 32;
    private static final long HOUR_MILLIS = 3_600_000;

    private MergePlan() {}

    /**
     * The blocks to merge next, by offset; empty when there are none.
     *
     * @param blocks by offset
     * @param unmergeable names of those that are to stay as they are, and apart those beside them
     * @param pace when they are worth it
     * @param deletionsMax with more deletions, all blocks that one concerns are written anew
     */
    static List<StoredBlock> choose(
            List<Stored> blocks,
            Set<String> unmergeable,
            List<Deletion> tombstones,
            Pace pace,
            int deletionsMax,
            long nowMillis) {
        Map<Group, List<StoredBlock>> groups = new TreeMap<>();
        Map<Group, Integer> parts = new HashMap<>();
        for (Stored one : blocks) {
            if (one instanceof StoredBlock block) {
                Group whole = Group.of(block.meta());
                if (unmergeable.contains(block.meta().name())) {
                    parts.merge(whole, 1, Integer::sum);
                    continue;
                }
                Group group = whole.part(parts.getOrDefault(whole, 0));
                groups.computeIfAbsent(group, any -> new ArrayList<>()).add(block);
            }
        }
        for (List<StoredBlock> group : groups.values()) {
            List<StoredBlock> chosen = chooseOf(group, tombstones, pace, deletionsMax, nowMillis);
            if (!chosen.isEmpty() && isFree(chosen, blocks)) {
                return chosen;
            }
        }
        return List.of();
    }

    /* What is merged with each other: samples of a day, or of a tier and 32 days, or what spans more or is to come. */
    private record Group(long tierMillis, long span, int part) implements Comparable<Group> {
        static Group of(BlockMeta block) {
            if (block.isFuture()) {
                return new Group(block.tierMillis(), Long.MAX_VALUE, 0);
            }
            long length = BlockFiles.DAY_MILLIS * (block.tierMillis() == 0 ? 1 : TIER_DAYS);
            long span = Math.floorDiv(block.minMillis() - block.tierMillis(), length);
            boolean one = span == Math.floorDiv(block.maxMillis() - block.tierMillis(), length);
            return new Group(block.tierMillis(), one ? span : Long.MIN_VALUE, 0);
        }

        Group part(int number) {
            return new Group(tierMillis, span, number);
        }

        @Override
        public int compareTo(Group other) {
            int byTier = Long.compare(tierMillis, other.tierMillis);
            int bySpan = byTier != 0 ? byTier : Long.compare(span, other.span);
            return bySpan != 0 ? bySpan : Integer.compare(part, other.part);
        }
    }

    private static List<StoredBlock> chooseOf(
            List<StoredBlock> group,
            List<Deletion> tombstones,
            Pace pace,
            int deletionsMax,
            long nowMillis) {
        long samples = 0;
        long largest = 0;
        long newest = Long.MIN_VALUE;
        long dayEnd = Long.MIN_VALUE;
        boolean deleted = false;
        for (StoredBlock block : group) {
            BlockMeta meta = block.meta();
            samples += meta.samples();
            largest = Math.max(largest, meta.samples());
            newest = Math.max(newest, meta.receivedMillis());
            dayEnd = Math.max(dayEnd, meta.maxMillis());
            deleted |= tombstones.stream().anyMatch(each -> each.concerns(meta));
        }
        dayEnd = (Math.floorDiv(dayEnd, BlockFiles.DAY_MILLIS) + 1) * BlockFiles.DAY_MILLIS;
        boolean settled =
                nowMillis > dayEnd + HOUR_MILLIS && nowMillis >= newest + pace.settledMillis();
        if (deleted && (settled || tombstones.size() > deletionsMax)) {
            return group;
        }
        if (settled && group.size() > 1 && largest < samples - samples / pace.growth()) {
            return group;
        }
        return tail(group, pace.countMin());
    }

    /* The newest ones, back to where one is larger than all after it together. */
    private static List<StoredBlock> tail(List<StoredBlock> group, int countMin) {
        int from = group.size();
        long sum = 0;
        while (from > 0
                && (from == group.size() || group.get(from - 1).meta().samples() <= 2 * sum)) {
            sum += group.get(--from).meta().samples();
        }
        return group.size() - from >= countMin
                ? List.copyOf(group.subList(from, group.size()))
                : List.of();
    }

    private static boolean isFree(List<StoredBlock> chosen, List<Stored> blocks) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        long start = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        for (StoredBlock block : chosen) {
            from = Math.min(from, block.meta().fromOffset());
            to = Math.max(to, block.meta().toOffset());
            start = Math.min(start, block.meta().minMillis());
            end = Math.max(end, block.meta().maxMillis());
        }
        for (Stored other : blocks) {
            BlockMeta meta = other.meta();
            if (!chosen.contains(other)
                    && meta.overlaps(start, end)
                    && meta.toOffset() > from
                    && meta.fromOffset() < to) {
                return false;
            }
        }
        return true;
    }
}
