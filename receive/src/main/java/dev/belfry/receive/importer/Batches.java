package dev.belfry.receive.importer;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Cuts what is imported into batches; their bounds follow from where they begin. */
interface Batches extends Closeable {
    /** The next batch; null at the end. */
    @Nullable Batch next() throws IOException, BelfryClient.FailedException, InterruptedException;

    /** How much of the whole has been read, in the unit of its size. */
    long rawPosition();

    @Override
    void close() throws IOException;
}
