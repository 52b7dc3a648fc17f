package dev.belfry.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import dev.belfry.model.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CrashDiskTest {
    private static final Path FOLDER = Path.of("/data");
    private static final Path FILE = FOLDER.resolve("file");

    private final CrashDisk disk = new CrashDisk();

    @Test
    void forced_survivesEveryCrash() throws Exception {
        create("hello", true);
        for (long seed = 0; seed < 200; seed++) {
            assertThat(text(disk.crash(seed))).isEqualTo("hello");
        }
    }

    @Test
    void unforcedBytes_areLostKeptAndTorn() throws Exception {
        DiskFile file = create("", true);
        file.write(ByteBuffer.wrap("x".repeat(2000).getBytes(UTF_8)), 0);
        Set<Integer> sizes = new HashSet<>();
        boolean hole = false;
        for (long seed = 0; seed < 500; seed++) {
            byte[] bytes = disk.crash(seed).bytes(FILE);
            sizes.add(bytes.length);
            hole |= new String(bytes, UTF_8).contains("\0");
        }
        assertThat(sizes).contains(0, 2000).hasSizeGreaterThan(10);
        assertThat(hole).isTrue();
    }

    @Test
    void creation_withoutForcedFolder_isLostOrKept() throws Exception {
        create("hello", false);
        Set<Boolean> there = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            there.add(disk.crash(seed).exists(FILE));
        }
        assertThat(there).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void rename_withoutForcedFolder_leavesOneOrTheOther() throws Exception {
        create("old", true);
        Path other = FOLDER.resolve("other");
        try (DiskFile file = disk.open(other, Disk.Mode.CREATE)) {
            file.write(ByteBuffer.wrap("new".getBytes(UTF_8)), 0);
            file.force();
        }
        disk.forceFolder(FOLDER);
        disk.rename(other, FILE);
        Set<String> found = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            found.add(text(disk.crash(seed)));
        }
        assertThat(found).containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void failedForce_isNotMadeGoodByALaterOne() throws Exception {
        DiskFile file = create("", true);
        file.write(ByteBuffer.wrap("lost".getBytes(UTF_8)), 0);
        disk.failForces(0, 1);
        assertThatThrownBy(file::force).isInstanceOf(IOException.class);
        file.force();
        boolean lost = false;
        for (long seed = 0; seed < 50; seed++) {
            lost |= !text(disk.crash(seed)).equals("lost");
        }
        assertThat(lost).isTrue();
    }

    @Test
    void droppedForce_doesNothing() throws Exception {
        DiskFile file = create("", true);
        disk.dropForce(disk.forces());
        file.write(ByteBuffer.wrap("lost".getBytes(UTF_8)), 0);
        file.force();
        boolean lost = false;
        for (long seed = 0; seed < 50; seed++) {
            lost |= !text(disk.crash(seed)).equals("lost");
        }
        assertThat(lost).isTrue();
    }

    @Test
    void fullDisk_takesAPartAndThrows() throws Exception {
        DiskFile file = create("", true);
        disk.capacity(10);
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(20), 0))
                .isInstanceOf(DiskFullException.class);
        assertThat(disk.usedBytes()).isEqualTo(10);
        assertThat(disk.usableBytes(FOLDER)).isZero();
        disk.capacity(100);
        file.write(ByteBuffer.allocate(20), 0);
        assertThat(disk.usableBytes(FOLDER)).isEqualTo(80);
    }

    @Test
    void crash_isRepeatable_andLeavesTheDiskAsItIs() throws Exception {
        DiskFile file = create("", true);
        file.write(ByteBuffer.wrap(new byte[5000]), 0);
        byte[] once = disk.crash(7).bytes(FILE);
        assertThat(disk.crash(7).bytes(FILE)).isEqualTo(once);
        assertThat(disk.bytes(FILE)).isEqualTo(new byte[5000]);
    }

    @Test
    void sameSeed_givesTheSameEvents() {
        byte[] once = new EventGenerator(3).nextOdd(200).messages().data();
        byte[] again = new EventGenerator(3).nextOdd(200).messages().data();
        assertThat(Arrays.equals(once, again)).isTrue();
        assertThat(new EventGenerator(3).next(50).count()).isEqualTo(50);
    }

    private DiskFile create(String text, boolean forceFolder) throws IOException {
        disk.createFolders(FOLDER);
        disk.forceFolder(Path.of("/"));
        DiskFile file = disk.open(FILE, Disk.Mode.CREATE);
        if (!text.isEmpty()) {
            file.write(ByteBuffer.wrap(text.getBytes(UTF_8)), 0);
        }
        file.force();
        if (forceFolder) {
            disk.forceFolder(FOLDER);
        }
        return file;
    }

    private static String text(CrashDisk disk) throws IOException {
        return new String(disk.bytes(FILE), UTF_8);
    }
}
