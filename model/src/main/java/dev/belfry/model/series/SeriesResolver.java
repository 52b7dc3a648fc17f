package dev.belfry.model.series;

/**
 * Finds the store's number of a series on the path of a request, before its samples are journalled;
 * here limits are checked and refusals are answered. Safe for many threads.
 *
 * <p>A receiver hashes what a request says of a series as it stands ({@link KeyHash}, salted with
 * the protocol and with whatever else the labels depend on, such as what the sender may write), and
 * asks {@link #find}; only when that is not known it reads the labels and asks {@link #resolve}.
 */
public interface SeriesResolver {
    /** What {@link #find} answers when a key is not known. */
    int NONE = -1;

    /** The seed of {@link KeyHash}; another one in each process. */
    long seed();

    /** The series that was last resolved under this key; {@link #NONE} when there is none. */
    int find(long keyHigh, long keyLow);

    /**
     * As above, faster when series come in the order in which they came before.
     *
     * @param previous the one that was found before this in the same request; {@link #NONE} for
     *     none
     */
    default int find(long keyHigh, long keyLow, int previous) {
        return find(keyHigh, keyLow);
    }

    /**
     * The series of {@code labels}, a new one when there is none, to be found under the key from
     * now on.
     *
     * @param labels with {@code __name__}; checked by the receiver
     * @return its number, at least 0, never used for another series
     * @throws dev.belfry.model.BelfryException VALIDATION_ERROR when there are too many series: the
     *     message names the metric, the label that has the most values, and the limit
     */
    int resolve(long keyHigh, long keyLow, Labels labels);

    /**
     * As above.
     *
     * @param labels read before this returns
     */
    default int resolve(long keyHigh, long keyLow, LabelBytes labels) {
        return resolve(keyHigh, keyLow, labels.labels());
    }

    /** The labels of a series that {@link #find} or {@link #resolve} gave. */
    Labels labels(int series);
}
