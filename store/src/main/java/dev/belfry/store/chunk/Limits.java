package dev.belfry.store.chunk;

/** The bounds of this package; what goes over one is refused, when it is read as damage. */
public final class Limits {
    /** Samples of a chunk: 11 days at 15 s. A reader's arrays have room for them. */
    public static final int CHUNK_SAMPLES_MAX = 1 << 16;

    /** Buckets times rows of a chunk of histograms: 64 MiB while one is read. */
    public static final int HISTOGRAM_CELLS_MAX = 1 << 23;

    /** Bytes of a chunk: no chunk of ours comes near it, so a longer one is damage. */
    public static final int CHUNK_BYTES_MAX = 64 << 20;

    private Limits() {}
}
