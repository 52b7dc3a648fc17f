package dev.belfry.store.metrics;

/** Notices that little comes any more, measured by what came before. For one thread. */
final class Lull {
    /*
     * Somebody who brings a day of samples within a minute would leave most of them in the journal, where one takes
     * 10 bytes and more, until the open ones are two hours old; in blocks it takes half a byte. At a steady rate half a minute is
     * a 240th of what came in two hours, so that nothing happens earlier than it would by age.
     */
    private static final long LOOK_MILLIS = 30_000;
    private static final int WINDOWS = 240;

    /* Less is not worth files of its own; blocks of fewer samples of a series are mostly overhead. */
    private static final long SAMPLES_MIN = 100_000;
    private static final int SERIES_SAMPLES_MIN = 32;

    private long beginMillis;
    private long beginSamples;
    private long settledSamples;

    /** Begins to look at {@code nowMillis}. */
    Lull(long nowMillis) {
        beginMillis = nowMillis;
    }

    /** Whether half a minute has passed since {@link #isOn} was asked; only then does it matter. */
    boolean isToLook(long nowMillis) {
        return nowMillis - beginMillis >= LOOK_MILLIS;
    }

    /**
     * Whether so little came since it was asked last that blocks are to be made and merged now;
     * what was there then counts no more afterwards.
     *
     * @param samples how many came ever
     */
    boolean isOn(long nowMillis, long samples) {
        long came = samples - beginSamples;
        long unsettled = samples - settledSamples;
        beginMillis = nowMillis;
        beginSamples = samples;
        boolean isOn = unsettled >= SAMPLES_MIN && came * WINDOWS <= unsettled;
        if (isOn) {
            settledSamples = samples;
        }
        return isOn;
    }

    /** Whether so many samples of so many series are worth a block. */
    static boolean isWorthABlock(long samples, long series) {
        return samples >= SAMPLES_MIN && samples >= SERIES_SAMPLES_MIN * series;
    }
}
