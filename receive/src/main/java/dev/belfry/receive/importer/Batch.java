package dev.belfry.receive.importer;

/**
 * Some events of a file on their way.
 *
 * @param fromOffset where in the file they begin
 * @param toOffset where they end
 * @param linesRead lines before {@code toOffset}
 * @param body NDJSON, one line an event
 * @param lineNumbers where in the file each event begins; {@code long[count]}
 * @param key the idempotency key
 */
record Batch(
        long fromOffset,
        long toOffset,
        long linesRead,
        byte[] body,
        long[] lineNumbers,
        String key) {

    /** How many events there are. */
    int count() {
        return lineNumbers.length;
    }
}
