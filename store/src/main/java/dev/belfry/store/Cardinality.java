package dev.belfry.store;

import java.util.List;

/**
 * What takes how many series; kept while writing.
 *
 * @param series how many series there are
 * @param pairs how many pairs of a label's name and value they have
 * @param seriesByMetric metrics by how many series they have, the most first
 * @param valuesByLabel label names by how many values they have
 * @param bytesByLabel label names by the bytes of their values
 * @param seriesByPair pairs as {@code name=value} by how many series have them
 * @param createdInTheLastHour series that were new since an hour ago, or since the start
 * @param forgottenInTheLastHour series that were forgotten since then, for they had no samples
 */
public record Cardinality(
        long series,
        long pairs,
        List<Count> seriesByMetric,
        List<Count> valuesByLabel,
        List<Count> bytesByLabel,
        List<Count> seriesByPair,
        long createdInTheLastHour,
        long forgottenInTheLastHour) {
    /**
     * A name with a number.
     *
     * @param name of what
     * @param count how many
     */
    public record Count(String name, long count) {}

    /** Copies the lists. */
    public Cardinality {
        seriesByMetric = List.copyOf(seriesByMetric);
        valuesByLabel = List.copyOf(valuesByLabel);
        bytesByLabel = List.copyOf(bytesByLabel);
        seriesByPair = List.copyOf(seriesByPair);
    }
}
