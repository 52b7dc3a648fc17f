package dev.belfry.identity;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items the part asked for
 * @param total how many there are in all
 */
public record Page<T>(List<T> items, long total) {
    public Page {
        items = List.copyOf(items);
    }
}
