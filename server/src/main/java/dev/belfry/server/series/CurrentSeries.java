package dev.belfry.server.series;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the series of some metrics are now, some at a time; for one thread at a time, used once. */
final class CurrentSeries implements AutoCloseable {
    /*
     * A series with job or instance was scraped, or comes by OTLP: it is what it was within the last five minutes. Any
     * other was pushed: its total holds however long nobody pushed. Those that were not pushed within the hour are
     * looked for further and further back, each time between the last look and the next, until all are found: what
     * was read is not read again. Of very many, only those of the hour are shown.
     *
     *   job=~.+    instance=~.+    pushed: an hour │ a day │ a week │ a month │ before
     *    5 min         5 min               ◄─────── │ ◄──── │ ◄───── │ ◄────── │ ◄─────
     */
    private static final long FRESH_MILLIS = 300_000;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;
    private static final long[] BACK_MILLIS = {
        HOUR_MILLIS, DAY_MILLIS, 7 * DAY_MILLIS, 31 * DAY_MILLIS, Long.MAX_VALUE / 8
    };

    /** Pushed series that are remembered, 25 MiB of them, to find which are missing. */
    private static final int REMEMBERED_MAX = 200_000;

    /* Which of the selections is of pushed series. */
    private static final int PUSHED = 2;

    private final MetricReader reader;
    private final List<LabelMatcher> pushed;
    private final long nowMillis;
    private final List<SeriesSource.Selection> fresh = new ArrayList<>();
    private final Set<Labels> found = new HashSet<>();
    private final int size;
    private final int pushedSize;
    private int selection;
    private SeriesSource.@Nullable Cursor cursor;
    private int at;
    private int looks = 1;
    private SeriesSource.@Nullable Selection older;

    /** The series of {@code group} called {@code names} in {@code reader}. */
    CurrentSeries(
            MetricReader reader, Collection<String> names, MetricGroup group, long nowMillis) {
        this.reader = reader;
        this.nowMillis = nowMillis;
        LabelMatcher named = LabelMatcher.oneOf(Labels.NAME, names);
        LabelMatcher noJob = LabelMatcher.equal("job", "");
        this.pushed = List.of(named, noJob, LabelMatcher.equal("instance", ""));
        try {
            long from = nowMillis - FRESH_MILLIS;
            LabelMatcher anyJob = LabelMatcher.notEqual("job", "");
            fresh.add(select(List.of(named, anyJob, group.job()), from, true));
            if (group.isOwn()) {
                this.pushedSize = 0;
            } else {
                LabelMatcher instance = LabelMatcher.notEqual("instance", "");
                fresh.add(select(List.of(named, noJob, instance), from, true));
                fresh.add(select(pushed, nowMillis - BACK_MILLIS[0], true));
                try (SeriesSource.Selection all =
                        select(pushed, nowMillis - BACK_MILLIS[BACK_MILLIS.length - 1], true)) {
                    this.pushedSize = all.size();
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.size =
                fresh.stream().limit(PUSHED).mapToInt(SeriesSource.Selection::size).sum()
                        + pushedSize;
    }

    /**
     * What a series is.
     *
     * @param labels with the name
     * @param value of it
     */
    record Current(Labels labels, double value) {}

    private SeriesSource.Selection select(
            List<LabelMatcher> matchers, long fromMillis, boolean toTheEnd) {
        long end = toTheEnd ? nowMillis + HOUR_MILLIS : nowMillis - BACK_MILLIS[looks - 1] - 1;
        return reader.select(matchers, Math.max(0, fromMillis), end, SeriesSource.Hints.NONE);
    }

    /** How many series there are at most. */
    int size() {
        return size;
    }

    /** Gives some {@code max} that are numbers to {@code use}; false when there are no more. */
    boolean next(int max, Consumer<Current> use) {
        for (int left = max; left > 0; left--) {
            if (!isNext(use)) {
                return false;
            }
        }
        return true;
    }

    private boolean isNext(Consumer<Current> use) {
        while (selection < fresh.size()) {
            if (cursor == null) {
                cursor = fresh.get(selection).cursor(0, fresh.get(selection).size());
            }
            SeriesSamples samples = cursor.next();
            if (samples != null) {
                take(samples, selection == PUSHED, use);
                return true;
            }
            cursor.close();
            cursor = null;
            selection++;
        }
        return isOlder(use);
    }

    private boolean isOlder(Consumer<Current> use) {
        while (found.size() < pushedSize && pushedSize <= REMEMBERED_MAX) {
            if (older == null) {
                if (looks == BACK_MILLIS.length) {
                    return false;
                }
                older = select(pushed, nowMillis - BACK_MILLIS[looks], false);
                at = 0;
            }
            while (at < older.size()) {
                int index = at++;
                if (!found.contains(older.labels(index))) {
                    try (SeriesSource.Cursor one = older.cursor(index, at)) {
                        SeriesSamples samples = one.next();
                        if (samples != null) {
                            take(samples, true, use);
                        }
                    }
                    return true;
                }
            }
            older.close();
            older = null;
            looks++;
        }
        return false;
    }

    private void take(SeriesSamples samples, boolean isPushed, Consumer<Current> use) {
        int last = samples.size() - 1;
        if (last < 0) {
            return;
        }
        if (isPushed && pushedSize <= REMEMBERED_MAX) {
            found.add(samples.labels());
        }
        double value = samples.values()[last];
        if (samples.histogram(last) == null && !StaleNaN.is(value)) {
            use.accept(new Current(samples.labels(), value));
        }
    }

    @Override
    public void close() {
        if (cursor != null) {
            cursor.close();
        }
        fresh.forEach(SeriesSource.Selection::close);
        if (older != null) {
            older.close();
        }
    }
}
