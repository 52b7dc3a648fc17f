package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;

/**
 * Chunks of float samples ↔ bytes ({@code docs/formats/chunk.md}). Keeps working space, so it is
 * for one thread; make one for each.
 */
public final class FloatChunkCodec {
    static final int VERSION = 1;

    private final TimeColumn times = new TimeColumn();
    private final DoubleColumn doubles = new DoubleColumn();
    private final Padding padding = new Padding();

    /** What stands in front of a chunk, and takes no decoding. */
    public record Header(int count, long minMillis, long maxMillis) {
        /**
         * Reads it from {@code bytes[from .. from + length)}.
         *
         * @throws WireFormatException when it is not a chunk of this version
         */
        public static Header of(byte[] bytes, int from, int length) {
            return read(new WireReader(bytes, from, length));
        }

        private static Header read(WireReader in) {
            int version = in.u8();
            if (version != VERSION) {
                throw in.wrong("a chunk of version " + version, "version " + VERSION);
            }
            return TimeColumn.readHeader(in);
        }
    }

    /**
     * Writes the samples {@code [from .. from + count)}, count at least 1.
     *
     * @throws IllegalArgumentException when times do not ascend or there are too many
     */
    public void encode(long[] timesMillis, double[] values, int from, int count, WireWriter out) {
        out.u8(VERSION);
        times.write(timesMillis, from, count, out);
        doubles.write(values, from, count, out);
    }

    /**
     * Reads a chunk into {@code timesMillis} and {@code values} from index {@code at} on; both have
     * room for it.
     *
     * @return how many samples it has
     * @throws WireFormatException when it is damaged
     */
    public int decode(
            byte[] bytes, int from, int length, long[] timesMillis, double[] values, int at) {
        WireReader in = padding.reader(bytes, from, length);
        Header header = Header.read(in);
        if (header.count() > Math.min(timesMillis.length, values.length) - at) {
            throw in.wrong(header.count() + " samples", "room for them");
        }
        times.read(in, header, timesMillis, at);
        doubles.read(in, values, at, header.count());
        if (in.remaining() > 0) {
            throw in.wrong(in.remaining() + " bytes more", "the end");
        }
        return header.count();
    }
}
