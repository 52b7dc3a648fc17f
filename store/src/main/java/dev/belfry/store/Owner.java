package dev.belfry.store;

import java.util.Set;

/**
 * Whose eyes a query looks with: the store shows a row when its source is within what may be looked
 * at, and its source or its sender is in here.
 *
 * @param all whether every row within is shown
 * @param sources sources whose events are shown
 * @param principals senders ({@code created_by}) whose events are shown
 * @param within sources of which nothing outside is shown; empty: of all
 */
public record Owner(boolean all, Set<String> sources, Set<String> principals, Set<String> within) {
    /** Sees everything. */
    public static final Owner ALL = new Owner(true, Set.of(), Set.of(), Set.of());

    public Owner {
        sources = Set.copyOf(sources);
        principals = Set.copyOf(principals);
        within = Set.copyOf(within);
    }

    /** Sees the events of {@code sources} and those that {@code principals} sent. */
    public static Owner of(Set<String> sources, Set<String> principals) {
        return new Owner(false, sources, principals, Set.of());
    }

    /** The same, with nothing of other sources than {@code limits}; of all when there are none. */
    public Owner within(Set<String> limits) {
        return new Owner(all, sources, principals, limits);
    }
}
