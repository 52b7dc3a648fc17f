package dev.belfry.store.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.zip.CRC32;

/** Arrays and a decompressor for one reader at a time. */
final class Workspace {
    private final ByteSource source = new ByteSource();
    private final ByteSource values = new ByteSource();
    private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    private final CRC32 crc = new CRC32();
    private byte[] input = new byte[1 << 16];
    private byte[] plain = new byte[1 << 16];
    private byte[] texts = new byte[1 << 16];
    private int[] ints = new int[Limits.PAGE_ROWS];
    private int[] codes = new int[Limits.PAGE_ROWS];
    private long[] longs = new long[Limits.PAGE_ROWS];
    private int[] pageInts = new int[Limits.PAGE_ROWS];
    private long[] pageLongs = new long[Limits.PAGE_ROWS];

    /** What {@link ChunkBytes#load} loaded. */
    ByteSource source() {
        return source;
    }

    /** An array for bytes as they stand in the file. */
    byte[] input(int length) {
        if (input.length < length) {
            input = new byte[length];
        }
        return input;
    }

    /** An array for texts of a page, with the first {@code kept} bytes of the one given before. */
    byte[] texts(int length, int kept) {
        if (texts.length < length) {
            byte[] longer = new byte[length];
            System.arraycopy(texts, 0, longer, 0, kept);
            texts = longer;
        }
        return texts;
    }

    /** An array for levels. */
    int[] ints(int count) {
        if (ints.length < count) {
            ints = new int[count];
        }
        return ints;
    }

    /** An array for codes. */
    int[] codes(int count) {
        if (codes.length < count) {
            codes = new int[count];
        }
        return codes;
    }

    /** An array for lengths or values. */
    long[] longs(int count) {
        if (longs.length < count) {
            longs = new long[count];
        }
        return longs;
    }

    /** An array for a page's codes or ends of texts. */
    int[] pageInts(int count) {
        if (pageInts.length < count) {
            pageInts = new int[count];
        }
        return pageInts;
    }

    /** An array for a page's values. */
    long[] pageLongs(int count) {
        if (pageLongs.length < count) {
            pageLongs = new long[count];
        }
        return pageLongs;
    }

    /**
     * Checks the stored bytes of a page, which the source stands at, and moves over them; the
     * result reads its values, decompressed.
     */
    ByteSource open(PageHeader header, int codec) {
        int from = source.skip(header.storedSize());
        crc.reset();
        crc.update(source.data(), from, header.storedSize());
        int found = (int) crc.getValue();
        ByteSource.check(
                found == header.crc(), () -> "checksum " + Integer.toHexString(found), from);
        int start = from + header.levelSize();
        int stored = header.storedSize() - header.levelSize();
        int size = header.plainSize() - header.levelSize();
        if (codec == Parquet.UNCOMPRESSED || !header.compressed() || stored == 0) {
            ByteSource.check(size == stored, () -> size + " plain bytes in " + stored, from);
            values.reset(source.data(), start, start + size);
            return values;
        }
        // The frame is under the checksum, the header is not: what is allocated is what both say.
        long content = Zstd.getFrameContentSize(source.data(), start, stored);
        ByteSource.check(content == size, () -> content + " bytes for " + size, from);
        if (plain.length < size + 8) {
            plain = new byte[size + 8];
        }
        try {
            int done =
                    decompressor.decompressByteArray(plain, 0, size, source.data(), start, stored);
            ByteSource.check(done == size, () -> done + " bytes for " + size, from);
        } catch (ZstdException damage) {
            throw new ByteSource.Damage(from, String.valueOf(damage.getMessage()));
        }
        values.reset(plain, 0, size);
        return values;
    }

    /** Drops arrays that are too large to keep. */
    void trim() {
        source.reset(new byte[0], 0, 0);
        values.reset(plain, 0, 0);
        if (input.length > Limits.WORKSPACE_KEEP_BYTES) {
            input = new byte[1 << 16];
        }
        if (plain.length > Limits.WORKSPACE_KEEP_BYTES) {
            plain = new byte[1 << 16];
        }
        if (texts.length > Limits.WORKSPACE_KEEP_BYTES) {
            texts = new byte[1 << 16];
        }
        if (ints.length > Limits.WORKSPACE_KEEP_BYTES >> 2) {
            ints = new int[Limits.PAGE_ROWS];
            codes = new int[Limits.PAGE_ROWS];
        }
        if (longs.length > Limits.WORKSPACE_KEEP_BYTES >> 3) {
            longs = new long[Limits.PAGE_ROWS];
        }
        if (pageInts.length > Limits.WORKSPACE_KEEP_BYTES >> 2) {
            pageInts = new int[Limits.PAGE_ROWS];
        }
        if (pageLongs.length > Limits.WORKSPACE_KEEP_BYTES >> 3) {
            pageLongs = new long[Limits.PAGE_ROWS];
        }
    }

    void close() {
        decompressor.close();
    }
}
