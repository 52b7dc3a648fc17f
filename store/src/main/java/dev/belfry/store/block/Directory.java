package dev.belfry.store.block;

import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireWriter;
import java.io.IOException;
import java.util.Arrays;

/** What stands behind the cells of a block that is written; for one thread. */
final class Directory {
    private int[] series = new int[256];
    private int[] times = new int[256];
    private long[] places = new long[256];
    private int size;
    private long samples;

    private final int[] labelSeries = new int[Limits.LABELS_PER_PAGE];
    private final Labels[] labels = new Labels[Limits.LABELS_PER_PAGE];
    private final WireWriter labelTable = new WireWriter(1 << 10);
    private final WireWriter labelPage = new WireWriter(1 << 14);
    private int labelCount;
    private int labelPages;

    void labels(int id, Labels of, CellSink out) throws IOException {
        labelSeries[labelCount] = id;
        labels[labelCount++] = of;
        if (labelCount == labels.length) {
            endLabels(out);
        }
    }

    private void endLabels(CellSink out) throws IOException {
        if (labelCount > 0) {
            labelPage.clear();
            LabelPages.write(labelSeries, labels, labelCount, labelPage);
            labelTable.i64(out.cell(labelPage.array(), 0, labelPage.size()));
            labelPages++;
            labelCount = 0;
        }
    }

    void entry(int id, int timesColumn, long place, int column, int count) {
        if (size == series.length) {
            series = Arrays.copyOf(series, size * 2);
            times = Arrays.copyOf(times, size * 2);
            places = Arrays.copyOf(places, size * 2);
        }
        series[size] = id;
        times[size] = timesColumn;
        places[size++] = place << Byte.SIZE | column;
        samples += count;
    }

    int entries() {
        return size;
    }

    BlockInfo write(CellSink out, TimesTable table, long fromOffset, long toOffset, long tierMillis)
            throws IOException {
        endLabels(out);
        WireWriter pages = new WireWriter(1 << 12);
        WireWriter page = new WireWriter(1 << 17);
        long entriesPlace = out.position();
        int distinct = writeEntries(out, table, tierMillis, page, pages);
        long timesPlace = out.position();
        writeTimes(out, table, page, pages);
        pages.bytes(labelTable.array(), 0, labelTable.size());
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        for (int i = 0; i < table.size(); i++) {
            min = Math.min(min, table.min(i));
            max = Math.max(max, table.max(i));
        }
        BlockInfo info =
                new BlockInfo(min, max, fromOffset, toOffset, tierMillis, distinct, size, samples);
        WireWriter directory = new WireWriter(128 + pages.size());
        directory.longs(
                new long[] {
                    min, max, fromOffset, toOffset, tierMillis, samples, entriesPlace, timesPlace
                },
                8);
        directory.ints(new int[] {distinct, size, table.size(), labelPages}, 4);
        directory.bytes(pages.array(), 0, pages.size());
        writeTwice(out, directory);
        return info;
    }

    private int writeEntries(
            CellSink out, TimesTable table, long tierMillis, WireWriter page, WireWriter pages)
            throws IOException {
        long[] order = new long[size];
        for (int i = 0; i < size; i++) {
            order[i] = (long) series[i] << Integer.SIZE | i;
        }
        Arrays.sort(order);
        int distinct = 0;
        int before = -1;
        for (int from = 0; from < size; from += Limits.ENTRIES_PER_PAGE) {
            page.clear();
            int to = Math.min(size, from + Limits.ENTRIES_PER_PAGE);
            for (int i = from; i < to; i++) {
                int entry = (int) order[i];
                boolean first = before < 0 || series[before] != series[entry];
                /* A series of a tier may have numbers and histograms at one time. */
                if (!first
                        && tierMillis == 0
                        && table.min(times[entry]) <= table.max(times[before])) {
                    throw new IllegalStateException(
                            "BUG: samples of series " + series[entry] + " do not ascend");
                }
                distinct += first ? 1 : 0;
                before = entry;
                page.i32(series[entry]);
                page.i32(times[entry]);
                page.i64(places[entry]);
            }
            pages.i32(series[(int) order[from]]);
            pages.i32(BlockFormat.crc(page.array(), 0, page.size()));
            out.bytes(page.array(), 0, page.size());
        }
        return distinct;
    }

    private void writeTimes(CellSink out, TimesTable table, WireWriter page, WireWriter pages)
            throws IOException {
        for (int from = 0; from < table.size(); from += Limits.TIMES_PER_PAGE) {
            page.clear();
            int to = Math.min(table.size(), from + Limits.TIMES_PER_PAGE);
            for (int i = from; i < to; i++) {
                page.i64(table.min(i));
                page.i64(table.max(i));
                page.i64(table.place(i));
                page.i32(table.count(i));
                page.i32(0);
            }
            pages.i32(BlockFormat.crc(page.array(), 0, page.size()));
            out.bytes(page.array(), 0, page.size());
        }
    }

    private static void writeTwice(CellSink out, WireWriter directory) throws IOException {
        for (int copy = 0; copy < 2; copy++) {
            WireWriter tail = new WireWriter(BlockFormat.TAIL_BYTES);
            tail.i64(out.position());
            tail.i32(directory.size());
            tail.i32(BlockFormat.crc(directory.array(), 0, directory.size()));
            tail.i32(BlockFormat.VERSION);
            tail.i32(BlockFormat.crc(tail.array(), 0, tail.size()));
            tail.i64(BlockFormat.MAGIC);
            out.bytes(directory.array(), 0, directory.size());
            out.bytes(tail.array(), 0, tail.size());
        }
    }
}
