package dev.belfry.receive.importer;

/**
 * Some events or samples of a file on their way.
 *
 * @param kind what it is sent as
 * @param fromOffset where in the file they begin
 * @param toOffset where they end
 * @param linesRead lines before {@code toOffset}
 * @param body what is sent
 * @param lineNumbers where in the file each event or sample begins; {@code long[count]}
 * @param lineShift what is added to the number of a line of the body to get that of the file
 * @param key of events, the idempotency key; of samples, what tells whether the server has the
 *     first one, see {@link SampleProbe}
 */
record Batch(
        Kind kind,
        long fromOffset,
        long toOffset,
        long linesRead,
        byte[] body,
        long[] lineNumbers,
        long lineShift,
        String key) {

    /** What a batch is sent as. */
    enum Kind {
        /** NDJSON, a line an event. */
        EVENTS,
        /** Prometheus' text. */
        PROMETHEUS,
        /** OpenMetrics. */
        OPENMETRICS,
        /** A message of remote write, not compressed. */
        REMOTE_WRITE
    }

    /** How many events or samples there are. */
    int count() {
        return lineNumbers.length;
    }
}
