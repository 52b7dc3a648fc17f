package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.chunk.ChunkEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks whose checksums are right and whose bytes are not, and how much a reader keeps. */
final class BlockReaderTest {
    private static final int SERIES = 7;
    private static final int SOUND = 8;
    private static final long IN_PLACE = -1;
    private static final long BEYOND = 1L << 40;
    private static final long[] TIMES = {1000, 2000, 3000, 4000};
    private static final double[] VALUES = {1, 5, 6, 9};

    @TempDir Path folder;
    private final List<CorruptFileException> damage = new ArrayList<>();

    @Test
    void firstColumn_thatNeedsOneBeforeIt_isDamage() throws IOException {
        WireWriter one = new WireWriter(256);
        WireWriter both = new WireWriter(256);
        ChunkEncoder encoder = new ChunkEncoder();
        encoder.floats(VALUES, 0, VALUES.length, one);
        encoder.floats(VALUES, 0, VALUES.length, both);
        encoder.floatsBeside(VALUES, 0, VALUES.length, both);
        WireWriter chunk = new WireWriter(256);
        chunk.u8(0);
        chunk.bytes(both.array(), one.size(), both.size() - one.size());
        assertDamaged(chunk, 0, "a first column beside another");
    }

    @Test
    void columnBeyondTheLast_isDamage() throws IOException {
        WireWriter chunk = new WireWriter(256);
        chunk.u8(0);
        new ChunkEncoder().floats(VALUES, 0, VALUES.length, chunk);
        assertDamaged(chunk, 1, "1 columns");
    }

    @Test
    void lengthsOfColumns_thatOverflowTogether_areDamage() throws IOException {
        WireWriter chunk = new WireWriter(256);
        chunk.u8(3);
        chunk.varint(Integer.MAX_VALUE);
        chunk.varint(Integer.MAX_VALUE);
        chunk.varint(2);
        new ChunkEncoder().floats(VALUES, 0, VALUES.length, chunk);
        assertDamaged(chunk, 3, "bytes 2147483647");
    }

    @Test
    void lengthOfAColumn_asTheWholeChunk_isDamage() throws IOException {
        WireWriter floats = new WireWriter(256);
        new ChunkEncoder().floats(VALUES, 0, VALUES.length, floats);
        WireWriter chunk = new WireWriter(256);
        chunk.u8(1);
        chunk.varint(floats.size() + 2);
        chunk.bytes(floats.array(), 0, floats.size());
        assertDamaged(chunk, 1, "columns of " + chunk.size() + " bytes");
    }

    @Test
    void placeBeforeTheFirstColumn_orBeyondTheFile_isDamage() throws IOException {
        WireWriter chunk = new WireWriter(256);
        assertDamaged(chunk, 0L, 0, "another checksum");
        assertDamaged(chunk, BEYOND, 0, "no length");
    }

    private void assertDamaged(WireWriter chunk, int column, String found) throws IOException {
        assertDamaged(chunk, IN_PLACE, column, found);
    }

    /* Nothing of it is given, by a reader that has read others before as well, and others are. */
    private void assertDamaged(WireWriter chunk, long place, int column, String found)
            throws IOException {
        Path path = folder.resolve("block");
        damage.clear();
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            int times = writer.times(TIMES, 0, TIMES.length);
            long copied = writer.copy(chunk.array(), chunk.size());
            writer.copied(SERIES, times, place == IN_PLACE ? copied : place, column);
            writer.add(order(SOUND), TIMES, VALUES, null, 0, TIMES.length);
            writer.finish(0, 1, 0);
        }
        try (Block block = Block.open(Disk.real(), path, damage::add)) {
            BlockReader reader = new BlockReader();
            for (int round = 0; round < 2; round++) {
                assertThat(read(reader, block, SERIES)).isZero();
                assertThat(damage).hasSize(round + 1);
                assertThat(damage.get(round)).hasMessageContaining(found);
                assertThat(read(reader, block, SOUND)).isEqualTo(TIMES.length);
            }
        }
    }

    @Test
    void columnsOfTimes_areKept_butNotMoreThanABound() throws IOException {
        assertThat(damagedAfterReading(20)).isZero();
        assertThat(damagedAfterReading(40)).isPositive();
    }

    /* How many of so many columns of times, 64 KiB each, are not kept once all have been read. */
    private int damagedAfterReading(int columns) throws IOException {
        Path path = folder.resolve("block-" + columns);
        int count = Limits.CHUNK_SAMPLES;
        try (BlockWriter writer = BlockWriter.create(Disk.real(), path)) {
            for (int series = 0; series < columns; series++) {
                long[] times = new long[count];
                for (int i = 0; i < count; i++) {
                    times[i] = 15_000L * i + series;
                }
                writer.add(order(series), times, new double[count], null, 0, count);
            }
            writer.finish(0, 1, 0);
        }
        damage.clear();
        try (Block block = Block.open(Disk.real(), path, damage::add)) {
            BlockReader reader = new BlockReader();
            for (int series = 0; series < columns; series++) {
                assertThat(read(reader, block, series)).isEqualTo(count);
            }
            spoilTimes(path, block.directory());
            for (int series = 0; series < columns; series++) {
                read(reader, block, series);
            }
        }
        return damage.size();
    }

    private static void spoilTimes(Path path, BlockDirectory directory) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (int column = 0; column < directory.timesColumns(); column++) {
                long firstByte = directory.timesCell(column) + 1 + Integer.BYTES;
                file.write(ByteBuffer.allocate(2), firstByte);
            }
        }
    }

    private static SeriesOrder order(int series) {
        return SeriesOrder.of(series, Labels.of("__name__", "up", "at", "" + series));
    }

    private static int read(BlockReader reader, Block block, int series) {
        int[] given = {0};
        reader.read(
                block,
                series,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                (_, _, _, from, to) -> given[0] += to - from);
        return given[0];
    }
}
