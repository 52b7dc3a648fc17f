package dev.belfry.store.block;

import dev.belfry.model.series.Labels;

/**
 * The order in which series stand in a block: those of one metric together, and of them those of
 * one histogram, by their bounds.
 *
 * @param group what a histogram's series have in common, hashed; the metric in its upper half
 * @param rank where among them
 * @param id the store's number of the series
 */
public record SeriesOrder(long group, int rank, int id) implements Comparable<SeriesOrder> {
    /*
     * Buckets beside each other are nearly equal, and a query of one mostly reads all. The order is
     * no part of the format: a block in another order is larger, not wrong.
     */
    private static final String BUCKET = "_bucket";
    private static final String COUNT = "_count";
    private static final String SUM = "_sum";
    private static final String BOUND = "le";
    private static final int RANK_COUNT = Integer.MAX_VALUE - 1;
    private static final int RANK_SUM = Integer.MAX_VALUE;

    /** Where the series {@code id} with {@code labels} stands. */
    public static SeriesOrder of(int id, Labels labels) {
        String name = labels.metricName();
        int rank = 0;
        if (name.endsWith(BUCKET)) {
            rank = rank(labels.get(BOUND));
            name = name.substring(0, name.length() - BUCKET.length());
        } else if (name.endsWith(COUNT)) {
            rank = RANK_COUNT;
            name = name.substring(0, name.length() - COUNT.length());
        } else if (name.endsWith(SUM)) {
            rank = RANK_SUM;
            name = name.substring(0, name.length() - SUM.length());
        }
        long others = 0;
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.name(i);
            if (!label.equals(Labels.NAME) && !label.equals(BOUND)) {
                others = others * 31 + label.hashCode();
                others = others * 31 + labels.value(i).hashCode();
            }
        }
        others *= 0x9E3779B97F4A7C15L;
        return new SeriesOrder((long) name.hashCode() << 32 | others >>> 32, rank, id);
    }

    private static int rank(String bound) {
        try {
            int bits = Float.floatToIntBits(Float.parseFloat(bound.replace("Inf", "Infinity")));
            return Math.min(RANK_COUNT - 1, bits ^ bits >> 31 & Integer.MAX_VALUE);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    @Override
    public int compareTo(SeriesOrder other) {
        int byGroup = Long.compare(group, other.group);
        int byRank = byGroup != 0 ? byGroup : Integer.compare(rank, other.rank);
        return byRank != 0 ? byRank : Integer.compare(id, other.id);
    }
}
