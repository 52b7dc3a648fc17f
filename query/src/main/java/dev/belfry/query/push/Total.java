package dev.belfry.query.push;

import dev.belfry.model.series.FloatHistogram;
import org.jspecify.annotations.Nullable;

/** What one series has added up to; for one thread. */
final class Total {
    private static final int MINUTES = 10;
    private static final long MINUTE_MILLIS = 60_000;

    /** Of a number. */
    double value;

    /** The time of the last sample, epoch milliseconds; below every time when there is none. */
    long lastMillis = -1;

    /** Of a histogram whose observations come one by one. */
    @Nullable Sketch sketch;

    /** Of a histogram whose histograms come. */
    @Nullable FloatHistogram histogram;

    private Sketch @Nullable [] window;
    private final long[] minutes = new long[MINUTES];

    /** Remembers an observation for {@link #quantile}. */
    void remember(long millis, double value, double weight) {
        if (window == null) {
            window = new Sketch[MINUTES];
            for (int i = 0; i < MINUTES; i++) {
                window[i] = new Sketch();
                minutes[i] = -1;
            }
        }
        long minute = millis / MINUTE_MILLIS;
        int slot = (int) (minute % MINUTES);
        if (minutes[slot] > minute) {
            return;
        }
        if (minutes[slot] < minute) {
            window[slot].clear();
            minutes[slot] = minute;
        }
        window[slot].observe(value, weight);
    }

    /** The quantile of the ten minutes up to {@code millis}. */
    double quantile(long millis, double quantile) {
        Sketch all = new Sketch();
        long minute = millis / MINUTE_MILLIS;
        for (int i = 0; window != null && i < MINUTES; i++) {
            if (minutes[i] > minute - MINUTES && minutes[i] <= minute) {
                all.add(window[i]);
            }
        }
        return all.quantile(quantile);
    }
}
