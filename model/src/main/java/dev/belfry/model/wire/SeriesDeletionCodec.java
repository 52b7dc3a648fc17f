package dev.belfry.model.wire;

import dev.belfry.model.series.SeriesDeletion;

/** {@link SeriesDeletion} as bytes; {@code docs/formats/sample-batch.md} is the layout. */
public final class SeriesDeletionCodec {
    /** The version that {@link #encode} writes. */
    public static final int VERSION = 1;

    private SeriesDeletionCodec() {}

    /** Writes the deletion to the end of {@code writer}. */
    public static void encode(SeriesDeletion deletion, WireWriter writer) {
        writer.u8(VERSION);
        writer.signed(deletion.startMillis());
        writer.signed(deletion.endMillis());
        int[] series = deletion.series();
        writer.varint(series.length);
        writer.deltas(series, series.length);
    }

    /**
     * Reads back what {@link #encode} wrote and leaves {@code reader} behind it.
     *
     * @throws WireFormatException when the bytes are damaged, cut or of another version
     */
    public static SeriesDeletion decode(WireReader reader) {
        int version = reader.u8();
        if (version != VERSION) {
            throw new WireFormatException(0, "deletion version " + version, "" + VERSION);
        }
        long start = reader.signed();
        long end = reader.signed();
        int[] series = reader.intDeltas(reader.count("series", reader.remaining()));
        for (int i = 0; i < series.length; i++) {
            if (series[i] < 0 || i > 0 && series[i] <= series[i - 1]) {
                throw reader.wrong("series " + series[i], "numbers that ascend from 0");
            }
        }
        return new SeriesDeletion(series, start, end);
    }
}
