package dev.belfry.store.metrics;

import dev.belfry.model.series.LabelMatcher;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Which series pass matchers; to be used while the index is held still. */
final class Matching {
    /*
     * A matcher that the empty value does not pass needs the label: the series of the values that pass. One that it
     * passes is met by series without the label: all but the series of the values that do not pass. Matchers are
     * tried on a name's distinct values, never on series.
     */
    private final SeriesIndex index;

    Matching(SeriesIndex index) {
        this.index = index;
    }

    /** The series that pass all {@code matchers}. */
    RoaringBitmap all(List<LabelMatcher> matchers) {
        RoaringBitmap passing = null;
        List<RoaringBitmap> without = new ArrayList<>();
        for (LabelMatcher matcher : matchers) {
            if (matcher.matches("")) {
                without.add(valued(matcher, false));
            } else {
                RoaringBitmap valued = valued(matcher, true);
                if (passing == null) {
                    passing = valued;
                } else {
                    passing.and(valued);
                }
                if (passing.isEmpty()) {
                    return passing;
                }
            }
        }
        RoaringBitmap result = passing == null ? index.all().clone() : passing;
        without.forEach(result::andNot);
        return result;
    }

    /** The series that pass one of {@code selectors}; all of them when there are none. */
    RoaringBitmap any(List<List<LabelMatcher>> selectors) {
        if (selectors.isEmpty()) {
            return index.all().clone();
        }
        RoaringBitmap result = all(selectors.getFirst());
        for (List<LabelMatcher> selector : selectors.subList(1, selectors.size())) {
            result.or(all(selector));
        }
        return result;
    }

    /* The series whose label has a value that passes, or does not. */
    private RoaringBitmap valued(LabelMatcher matcher, boolean passes) {
        RoaringBitmap found = new RoaringBitmap();
        Pairs pairs = index.pairs();
        Pairs.Name name = pairs.name(matcher.name());
        if (name == null) {
            return found;
        }
        boolean positive =
                matcher.operator() == LabelMatcher.Operator.EQUAL
                        || matcher.operator() == LabelMatcher.Operator.MATCH;
        if (positive == passes && !matcher.candidates().isEmpty()) {
            for (String candidate : matcher.candidates()) {
                int pair = candidate.isEmpty() ? -1 : pairs.find(matcher.name(), candidate);
                if (pair >= 0) {
                    index.collect(pair, found);
                }
            }
            return found;
        }
        if (!matcher.candidates().isEmpty() || matchesAll(matcher)) {
            return allBut(matcher, name, found);
        }
        for (int i = 0; i < name.pairs.size(); i++) {
            int pair = name.pairs.get(i);
            if (matcher.matches(pairs.value(pair)) == passes) {
                index.collect(pair, found);
            }
        }
        return found;
    }

    /* Here the values that count are all but the candidates. */
    private RoaringBitmap allBut(LabelMatcher matcher, Pairs.Name name, RoaringBitmap but) {
        for (String candidate : matcher.candidates()) {
            int pair = candidate.isEmpty() ? -1 : index.pairs().find(name.text, candidate);
            if (pair >= 0) {
                index.collect(pair, but);
            }
        }
        RoaringBitmap found = index.having(name).clone();
        found.andNot(but);
        return found;
    }

    /* `.+` and what else is asked of each value is answered by the name alone. */
    private static boolean matchesAll(LabelMatcher matcher) {
        return matcher.operator() == LabelMatcher.Operator.MATCH && matcher.value().equals(".+");
    }
}
