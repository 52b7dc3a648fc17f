package dev.belfry.store.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFullException;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A crash leaves a whole block or none, and a whole one when the writer had finished. */
final class BlockCrashTest {
    private static final Path FOLDER = Path.of("/data/metrics");
    private static final Path PATH = FOLDER.resolve("a.block");

    private static CrashDisk disk() throws IOException {
        CrashDisk disk = new CrashDisk();
        disk.createFolders(FOLDER);
        disk.forceFolder(Path.of("/data"));
        disk.forceFolder(Path.of("/"));
        return disk;
    }

    private static void whole(Disk disk, SeriesModel model) throws IOException {
        List<Exception> damage = new ArrayList<>();
        try (Block block = Block.open(disk, PATH, damage::add)) {
            model.check(block, Long.MIN_VALUE, Long.MAX_VALUE);
        }
        assertThat(damage).isEmpty();
    }

    @Test
    void crash_atEachOperation_leavesAWholeBlockOrNone() throws IOException {
        SplittableRandom random = Seeds.random("crash");
        SeriesModel model = SeriesModel.random(random, 300, false);
        CrashDisk disk = disk();
        List<CrashDisk> crashed = new ArrayList<>();
        disk.onOperation(_ -> {
            for (int i = 0; i < 4; i++) {
                crashed.add(disk.crash(random.nextLong()));
            }
        });
        model.write(disk, PATH, 0, 1);
        disk.onOperation(null);
        assertThat(crashed).hasSizeGreaterThan(15);
        for (CrashDisk each : crashed) {
            if (each.exists(PATH)) {
                whole(each, model);
            }
        }
        for (int i = 0; i < 20; i++) {
            whole(disk.crash(random.nextLong()), model);
        }
    }

    @Test
    void eachForce_isNeeded() throws IOException {
        SplittableRandom random = Seeds.random("forces");
        SeriesModel model = SeriesModel.random(random, 50, false);
        CrashDisk first = disk();
        int before = first.forces();
        model.write(first, PATH, 0, 1);
        int forces = first.forces();
        assertThat(forces - before).isEqualTo(2);
        for (int force = before; force < forces; force++) {
            CrashDisk disk = disk();
            disk.dropForce(force);
            model.write(disk, PATH, 0, 1);
            int lost = 0;
            for (int i = 0; i < 40; i++) {
                try {
                    whole(disk.crash(random.nextLong()), model);
                } catch (IOException | AssertionError missing) {
                    lost++;
                }
            }
            assertThat(lost).as("without force %d", force).isPositive();
        }
    }

    @Test
    void fullDisk_leavesNothing() throws IOException {
        SplittableRandom random = Seeds.random("full");
        SeriesModel model = SeriesModel.random(random, 50, false);
        CrashDisk disk = disk();
        disk.capacity(3000);
        assertThatThrownBy(() -> model.write(disk, PATH, 0, 1))
                .isInstanceOf(DiskFullException.class);
        assertThat(disk.list(FOLDER)).isEmpty();
        disk.capacity(Long.MAX_VALUE);
        model.write(disk, PATH, 0, 1);
        whole(disk, model);
    }
}
