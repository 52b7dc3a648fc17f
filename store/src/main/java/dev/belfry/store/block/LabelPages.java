package dev.belfry.store.block;

import com.github.luben.zstd.Zstd;
import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import java.nio.charset.StandardCharsets;

/** The labels of some series as compressed bytes. */
final class LabelPages {
    /*
     *   size before compression varint │ zstd of: for each series
     *     its number, varint │ labels varint │ name, value …
     *   a string: length in bytes varint │ UTF-8
     */
    private static final int LEVEL = 6;

    private LabelPages() {}

    static void write(int[] series, Labels[] labels, int count, WireWriter out) {
        WireWriter plain = new WireWriter(count * 128);
        for (int i = 0; i < count; i++) {
            plain.varint(series[i]);
            plain.varint(labels[i].size());
            for (int label = 0; label < labels[i].size(); label++) {
                write(labels[i].name(label), plain);
                write(labels[i].value(label), plain);
            }
        }
        byte[] packed = new byte[(int) Zstd.compressBound(plain.size())];
        long size =
                Zstd.compressByteArray(
                        packed, 0, packed.length, plain.array(), 0, plain.size(), LEVEL);
        if (Zstd.isError(size)) {
            throw new IllegalStateException("BUG: zstd: " + Zstd.getErrorName(size));
        }
        out.varint(plain.size());
        out.bytes(packed, 0, (int) size);
    }

    private static void write(String text, WireWriter out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.varint(bytes.length);
        out.bytes(bytes, 0, bytes.length);
    }

    static void read(byte[] bytes, int length, Block.LabelSink sink) {
        WireReader in = new WireReader(bytes, 0, length);
        byte[] plain = new byte[in.count("bytes", Limits.LABEL_PAGE_BYTES_MAX)];
        int from = in.position();
        long size = Zstd.decompressByteArray(plain, 0, plain.length, bytes, from, length - from);
        if (size != plain.length) {
            throw in.wrong(Zstd.isError(size) ? "no zstd" : size + " bytes", "" + plain.length);
        }
        WireReader labels = new WireReader(plain, 0, plain.length);
        while (labels.remaining() > 0) {
            int series = labels.count("series", Integer.MAX_VALUE);
            String[] pairs = new String[2 * labels.count("labels", labels.remaining() / 2)];
            for (int i = 0; i < pairs.length; i++) {
                int bytesOf = labels.count("string", labels.remaining());
                pairs[i] = new String(plain, labels.skip(bytesOf), bytesOf, StandardCharsets.UTF_8);
            }
            sink.take(series, Labels.ofSorted(pairs));
        }
    }
}
