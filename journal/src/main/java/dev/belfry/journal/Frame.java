package dev.belfry.journal;

import org.jspecify.annotations.Nullable;

/**
 * One appended request as a reader gets it; shared among readers, nobody may write to its arrays.
 *
 * @param stream what the records are
 * @param kind as it was appended
 * @param schemaVersion as it was appended
 * @param baseOffset the first record's offset
 * @param count how many records
 * @param partition the journal's partition
 * @param receivedMillis epoch milliseconds
 * @param principal who sent it
 * @param body the encoded records, decompressed, in {@code body[0 .. bodyLength)}
 * @param bodyLength the body's length; the array may be longer
 * @param decoded the decoded batch that was appended with it; null when it was read from disk
 */
public record Frame(
        Stream stream,
        int kind,
        int schemaVersion,
        long baseOffset,
        int count,
        int partition,
        long receivedMillis,
        String principal,
        byte[] body,
        int bodyLength,
        @Nullable Object decoded) {

    /** The offset after the last record. */
    public long endOffset() {
        return baseOffset + count;
    }
}
