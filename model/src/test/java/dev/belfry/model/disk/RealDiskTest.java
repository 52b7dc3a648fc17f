package dev.belfry.model.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest {
    @TempDir Path folder;
    private final Disk disk = Disk.real();

    @Test
    void file_givesBackWhatWasWritten() throws IOException {
        Path path = folder.resolve("f");
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.write(bytes("hello"), 0);
            file.write(bytes("J"), 0);
            file.force();
            assertThat(file.size()).isEqualTo(5);
            file.truncate(3);
        }
        disk.forceFolder(folder);
        try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(file.read(target, 1)).isEqualTo(2);
            assertThat(new String(target.array(), 0, 2, StandardCharsets.UTF_8)).isEqualTo("el");
            assertThat(file.read(target, 3)).isZero();
        }
    }

    @Test
    void open_saysWhatIsMissingOrThere() throws IOException {
        Path path = folder.resolve("f");
        assertThatThrownBy(() -> disk.open(path, Disk.Mode.READ))
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.open(path, Disk.Mode.WRITE))
                .isInstanceOf(NoSuchFileException.class);
        disk.open(path, Disk.Mode.CREATE).close();
        assertThatThrownBy(() -> disk.open(path, Disk.Mode.CREATE))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void deleteGradually_freesALargeFilePieceByPiece() throws IOException {
        Path path = folder.resolve("f");
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.write(bytes("end"), 9 << 20);
            disk.deleteGradually(path);
            assertThat(disk.exists(path)).isFalse();
            assertThat(file.size()).as("what is left of it").isEqualTo((1 << 20) + 3);
        }
        disk.deleteGradually(path);
    }

    @Test
    void deleteGradually_leavesAnotherNamesFileAsItIs() throws IOException {
        Path path = folder.resolve("f");
        Path copy = folder.resolve("copy");
        try (DiskFile file = disk.open(path, Disk.Mode.CREATE)) {
            file.write(bytes("end"), 9 << 20);
        }
        Files.createLink(copy, path);
        disk.deleteGradually(path);
        assertThat(disk.exists(path)).isFalse();
        assertThat(copy).hasSize((9 << 20) + 3);
    }

    @Test
    void deleteGradually_ofWhatCannotBeOpenedAsAFile_deletesItAtOnce() throws IOException {
        Path path = folder.resolve("f");
        Files.createDirectory(path);
        disk.deleteGradually(path);
        assertThat(disk.exists(path)).isFalse();
    }

    @Test
    void folders_listRenameDelete() throws IOException {
        Path inner = folder.resolve("a/b");
        assertThat(disk.list(inner)).isEmpty();
        disk.createFolders(inner);
        disk.open(inner.resolve("2"), Disk.Mode.CREATE).close();
        disk.open(inner.resolve("1"), Disk.Mode.CREATE).close();
        assertThat(disk.list(inner)).containsExactly(inner.resolve("1"), inner.resolve("2"));
        disk.rename(inner.resolve("1"), inner.resolve("2"));
        assertThat(disk.list(inner)).containsExactly(inner.resolve("2"));
        disk.delete(inner.resolve("2"));
        disk.delete(inner.resolve("2"));
        assertThat(disk.exists(inner.resolve("2"))).isFalse();
        assertThat(disk.usableBytes(folder)).isPositive();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
