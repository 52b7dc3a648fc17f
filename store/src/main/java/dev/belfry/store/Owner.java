package dev.belfry.store;

import java.util.Set;

/**
 * Whose eyes a query looks with: the store shows a row when its source or its sender is in here.
 *
 * @param all whether everything is shown
 * @param sources sources whose events are shown
 * @param principals senders ({@code created_by}) whose events are shown
 */
public record Owner(boolean all, Set<String> sources, Set<String> principals) {
    /** Sees everything. */
    public static final Owner ALL = new Owner(true, Set.of(), Set.of());

    public Owner {
        sources = Set.copyOf(sources);
        principals = Set.copyOf(principals);
    }

    /** Sees the events of {@code sources} and those that {@code principals} sent. */
    public static Owner of(Set<String> sources, Set<String> principals) {
        return new Owner(false, sources, principals);
    }
}
