package dev.belfry.server.series;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What every series is now. Safe for many threads. */
final class CurrentSeries {
    /*
     * A series with job or instance was scraped, or comes by OTLP: it is what it was within the last five minutes. Any
     * other was pushed: its total holds however long nobody pushed. Most were pushed lately; the others are looked for
     * further and further back.
     */
    private static final long FRESH_MILLIS = 300_000;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final SeriesSource.Hints HINTS =
            new SeriesSource.Hints(0, 0, "", List.of(), false);
    private static final LabelMatcher NAMED = LabelMatcher.notEqual(Labels.NAME, "");

    private final MetricReader reader;

    /** The series of {@code reader}. */
    CurrentSeries(MetricReader reader) {
        this.reader = reader;
    }

    /**
     * What a series is.
     *
     * @param labels with the name
     * @param value of it
     */
    record Current(Labels labels, double value) {}

    /** All series that are numbers, in no order; without those of {@code ownJob}. */
    List<Current> all(String ownJob, long nowMillis) {
        List<Current> all = new ArrayList<>();
        long fresh = Math.max(0, nowMillis - FRESH_MILLIS);
        read(
                List.of(
                        NAMED,
                        LabelMatcher.notEqual("job", ""),
                        LabelMatcher.notEqual("job", ownJob)),
                fresh,
                nowMillis,
                all,
                new HashSet<>());
        read(
                List.of(
                        NAMED,
                        LabelMatcher.equal("job", ""),
                        LabelMatcher.notEqual("instance", "")),
                fresh,
                nowMillis,
                all,
                new HashSet<>());
        List<LabelMatcher> pushed =
                List.of(NAMED, LabelMatcher.equal("job", ""), LabelMatcher.equal("instance", ""));
        Set<Labels> found = new HashSet<>();
        int expected = -1;
        for (long back : new long[] {HOUR_MILLIS, 24 * HOUR_MILLIS, nowMillis}) {
            read(pushed, Math.max(0, nowMillis - back), nowMillis, all, found);
            if (expected < 0) {
                expected = reader.series(List.of(pushed), 0, Long.MAX_VALUE / 4, 0).size();
            }
            if (found.size() >= expected) {
                break;
            }
        }
        return all;
    }

    private void read(
            List<LabelMatcher> matchers,
            long fromMillis,
            long nowMillis,
            List<Current> into,
            Set<Labels> found) {
        try (SeriesSource.Selection selection =
                        reader.select(matchers, fromMillis, nowMillis + HOUR_MILLIS, HINTS);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples samples = cursor.next(); samples != null; samples = cursor.next()) {
                int last = samples.size() - 1;
                if (last < 0 || found.contains(samples.labels())) {
                    continue;
                }
                found.add(samples.labels());
                double value = samples.values()[last];
                if (samples.histogram(last) == null && !StaleNaN.is(value)) {
                    into.add(new Current(samples.labels(), value));
                }
            }
        }
    }
}
