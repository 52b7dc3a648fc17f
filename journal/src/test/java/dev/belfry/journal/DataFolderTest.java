package dev.belfry.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.disk.Disk;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    private static final Path DATA = Path.of("/a/data");

    @TempDir Path temp;

    @Test
    void instanceId_staysTheSame() throws Exception {
        UUID first;
        try (DataFolder folder = open(temp.resolve("data"))) {
            first = folder.instanceId();
        }
        try (DataFolder folder = open(temp.resolve("data"))) {
            assertThat(folder.instanceId()).isEqualTo(first);
            assertThat(folder.path()).isEqualTo(temp.resolve("data"));
        }
    }

    @Test
    void secondOpening_inTheSameProcess_isRefused() throws Exception {
        try (DataFolder _ = open(temp)) {
            assertThatThrownBy(() -> open(temp))
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid() + " on ");
        }
        open(temp).close();
    }

    @Test
    void secondProcess_isToldWhoHasIt() throws Exception {
        try (DataFolder _ = open(temp)) {
            Process second =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    SecondProcess.class.getName(),
                                    temp.toString())
                            .redirectErrorStream(true)
                            .start();
            String output = new String(second.getInputStream().readAllBytes(), UTF_8);
            assertThat(second.waitFor()).as(output).isEqualTo(3);
            assertThat(output)
                    .contains("in use by process " + ProcessHandle.current().pid() + " on ");
        }
    }

    @Test
    void newerFolder_isRefusedUntouched() throws Exception {
        Files.writeString(temp.resolve("format.json"), "{\"version\": 2, \"instanceId\": \"?\"}");
        assertThatThrownBy(() -> open(temp))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format version 2 (expected: at most 1)");
        try (var files = Files.list(temp)) {
            assertThat(files).containsExactly(temp.resolve("format.json"));
        }
    }

    @Test
    void instanceId_survivesEveryCrash_andEachForceIsNeeded() throws Exception {
        CrashDisk whole = new CrashDisk();
        UUID id = id(whole);
        int forces = whole.forces();
        for (long seed = 0; seed < 50; seed++) {
            assertThat(id(whole.crash(seed))).isEqualTo(id);
        }
        List<Integer> needless = new ArrayList<>();
        for (int force = 0; force < forces; force++) {
            CrashDisk disk = new CrashDisk();
            disk.dropForce(force);
            UUID given = id(disk);
            boolean lost = false;
            for (long seed = 0; seed < 50; seed++) {
                lost |= !isStill(given, disk.crash(seed));
            }
            if (!lost) {
                needless.add(force);
            }
        }
        assertThat(forces).isEqualTo(4);
        assertThat(needless).isEmpty();
    }

    @Test
    void crash_duringTheFirstStart_isNoHindrance() throws Exception {
        CrashDisk disk = new CrashDisk();
        List<CrashDisk> images = new ArrayList<>();
        disk.onOperation(_ -> {
            for (long seed = 0; seed < 10; seed++) {
                images.add(disk.crash(seed));
            }
        });
        id(disk);
        for (CrashDisk image : images) {
            assertThat(id(image)).isNotNull();
        }
    }

    private static boolean isStill(UUID id, CrashDisk disk) {
        try {
            return id(disk).equals(id);
        } catch (Exception damaged) {
            return false;
        }
    }

    private static UUID id(CrashDisk disk) throws Exception {
        try (DataFolder folder = DataFolder.open(DATA, disk, new SimulatedClock())) {
            return folder.instanceId();
        }
    }

    private static DataFolder open(Path path) throws Exception {
        return DataFolder.open(path, Disk.real(), InstantSource.system());
    }

    /** Tries to open the folder that its argument names; ends with 3 when that is refused. */
    static final class SecondProcess {
        private SecondProcess() {}

        public static void main(String[] arguments) throws Exception {
            try (DataFolder _ = open(Path.of(arguments[0]))) {
                System.out.println("opened");
            } catch (BelfryException refused) {
                System.out.println(refused.getMessage());
                System.exit(3);
            }
        }
    }
}
