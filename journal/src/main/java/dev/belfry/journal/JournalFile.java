package dev.belfry.journal;

import java.nio.file.Path;

/**
 * A file of the journal as readers see it.
 *
 * @param path where it is
 * @param baseOffset its first offset
 * @param endOffset the offset after its last acknowledged record; for the file that is written, as
 *     far as it is durable
 * @param readableBytes how many of its bytes may be read
 * @param ceiling no offset from here on is in it
 */
record JournalFile(Path path, long baseOffset, long endOffset, long readableBytes, long ceiling) {

    JournalFile upTo(long newEndOffset, long newReadableBytes) {
        return new JournalFile(path, baseOffset, newEndOffset, newReadableBytes, ceiling);
    }
}
