package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SourceLabels;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The series that someone may read: those of their sources. Safe for many threads. */
public final class OwnedSeries implements MetricReader {
    /*
     * A source is the first of three labels, so a series is one's own when one of three lists of matchers holds, no two
     * of which hold for the same series:
     *
     *   source=~S        source="", service_name=~S        source="", service_name="", job=~S
     *
     * Every selector becomes three, and a selection is the three behind each other.
     */
    private final MetricReader all;
    private final List<List<LabelMatcher>> own;

    private OwnedSeries(MetricReader all, Set<String> sources) {
        this.all = all;
        this.own = matchers(sources);
    }

    /** What {@code principal} may read of {@code all}. */
    public static MetricReader of(MetricReader all, Principal principal) {
        if (principal.readsEverything()) {
            return all;
        }
        return new OwnedSeries(
                all, principal.may(Permission.EVENTS_READ) ? sources(principal) : Set.of());
    }

    /**
     * Selectors of those series of {@code selectors} that are of the sources of {@code principal}.
     */
    static List<List<LabelMatcher>> selectors(
            List<List<LabelMatcher>> selectors, Principal principal) {
        return principal.readsAll() && principal.onlySources().isEmpty()
                ? selectors
                : both(selectors, matchers(sources(principal)));
    }

    private static Set<String> sources(Principal principal) {
        if (principal.readsAll()) {
            return principal.onlySources();
        }
        Set<String> sources = new HashSet<>(principal.sources());
        if (!principal.onlySources().isEmpty()) {
            sources.retainAll(principal.onlySources());
        }
        return sources;
    }

    private static List<List<LabelMatcher>> matchers(Set<String> sources) {
        List<List<LabelMatcher>> all = new ArrayList<>();
        List<LabelMatcher> before = new ArrayList<>();
        for (String name : SourceLabels.NAMES) {
            List<LabelMatcher> matchers = new ArrayList<>(before);
            matchers.add(LabelMatcher.oneOf(name, sources));
            all.add(matchers);
            before.add(LabelMatcher.equal(name, ""));
        }
        return all;
    }

    private List<List<LabelMatcher>> owned(List<List<LabelMatcher>> selectors) {
        return both(selectors.isEmpty() ? List.of(List.of()) : selectors, own);
    }

    private static List<List<LabelMatcher>> both(
            List<List<LabelMatcher>> selectors, List<List<LabelMatcher>> own) {
        List<List<LabelMatcher>> all = new ArrayList<>();
        for (List<LabelMatcher> selector : selectors) {
            for (List<LabelMatcher> mine : own) {
                List<LabelMatcher> both = new ArrayList<>(selector);
                both.addAll(mine);
                all.add(both);
            }
        }
        return all;
    }

    @Override
    public List<String> labelNames(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        return all.labelNames(owned(selectors), startMillis, endMillis, limit);
    }

    @Override
    public List<String> labelValues(
            String name,
            List<List<LabelMatcher>> selectors,
            long startMillis,
            long endMillis,
            int limit) {
        return all.labelValues(name, owned(selectors), startMillis, endMillis, limit);
    }

    @Override
    public List<Labels> series(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis, int limit) {
        return all.series(owned(selectors), startMillis, endMillis, limit);
    }

    @Override
    public List<ExemplarSeries> exemplars(
            List<List<LabelMatcher>> selectors, long startMillis, long endMillis) {
        return all.exemplars(owned(selectors), startMillis, endMillis);
    }

    @Override
    public List<MetricMetadata> metadata(@Nullable String family) {
        Set<String> names =
                Set.copyOf(
                        labelValues(Labels.NAME, List.of(), Times.MIN_MILLIS, Times.MAX_MILLIS, 0));
        return all.metadata(family).stream()
                .filter(known -> isNamed(known.family(), names))
                .toList();
    }

    private static boolean isNamed(String family, Set<String> names) {
        return names.contains(family)
                || names.contains(family + "_bucket")
                || names.contains(family + "_sum")
                || names.contains(family + "_count")
                || names.contains(family + "_total");
    }

    @Override
    public Selection select(
            List<LabelMatcher> matchers, long startMillis, long endMillis, Hints hints) {
        List<Selection> parts = new ArrayList<>();
        try {
            for (List<LabelMatcher> both : owned(List.of(matchers))) {
                parts.add(all.select(both, startMillis, endMillis, hints));
            }
        } catch (RuntimeException e) {
            parts.forEach(Selection::close);
            throw e;
        }
        return new Joined(parts);
    }

    /** Selections behind each other. */
    private record Joined(List<Selection> parts) implements Selection {
        @Override
        public int size() {
            return parts.stream().mapToInt(Selection::size).sum();
        }

        @Override
        public Labels labels(int index) {
            int before = 0;
            for (Selection part : parts) {
                if (index < before + part.size()) {
                    return part.labels(index - before);
                }
                before += part.size();
            }
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public Cursor cursor(int from, int to) {
            List<Cursor> cursors = new ArrayList<>();
            int before = 0;
            for (Selection part : parts) {
                int first = Math.max(0, from - before);
                int last = Math.min(part.size(), to - before);
                if (first < last) {
                    cursors.add(part.cursor(first, last));
                }
                before += part.size();
            }
            return new JoinedCursor(cursors);
        }

        @Override
        public void close() {
            parts.forEach(Selection::close);
        }
    }

    private static final class JoinedCursor implements Cursor {
        private final List<Cursor> cursors;
        private int at;

        JoinedCursor(List<Cursor> cursors) {
            this.cursors = cursors;
        }

        @Override
        public @Nullable SeriesSamples next() {
            while (at < cursors.size()) {
                SeriesSamples next = cursors.get(at).next();
                if (next != null) {
                    return next;
                }
                at++;
            }
            return null;
        }

        @Override
        public void close() {
            cursors.forEach(Cursor::close);
        }
    }
}
