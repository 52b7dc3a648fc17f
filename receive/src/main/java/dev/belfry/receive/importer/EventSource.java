package dev.belfry.receive.importer;

import dev.belfry.receive.lines.LineEvent;
import java.io.Closeable;
import java.io.IOException;

/** Events of a file, one after the other, from any place at which one ended. */
interface EventSource extends Closeable {
    /** Fills {@code event} with the next one; false at the end. */
    boolean next(LineEvent event) throws IOException;

    /** Where the event read last ends: bytes of the inflated file, or rows. */
    long endOffset();

    /** The line (row) at which the event read last begins, from 1. */
    long lineNumber();

    /** Lines (rows) before {@link #endOffset()}. */
    long linesRead();

    /** How much of the file as it lies on the disk has been read, in the unit of its size. */
    long rawPosition();

    /** The file's size in the same unit; -1 when unknown. */
    long rawSize();

    @Override
    void close() throws IOException;
}
