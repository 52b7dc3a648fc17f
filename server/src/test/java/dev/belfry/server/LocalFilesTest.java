package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {
    @TempDir private Path data;

    @Test
    void scratch_losesWhatIsOlderThanTheProcess() throws IOException {
        Path old = Files.writeString(data.resolve("old.so"), "x");
        Path fresh = Files.writeString(data.resolve("fresh.so"), "x");
        Files.setLastModifiedTime(old, FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(fresh, FileTime.fromMillis(3_000));
        Scratch.deleteBefore(data, 2_000);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
        Scratch.deleteBefore(data.resolve("none"), 2_000);
    }

    @Test
    void dataFolder_thatIsNew_isForItsOwnerAlone() throws IOException {
        Path fresh = data.resolve("new/data");
        PrivateFolder.make(fresh);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rwx------");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-x---"));
        PrivateFolder.make(fresh);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void localKey_thatWorks_isKept_andOneThatDoesNot_isMadeAnew() throws IOException {
        Path file = data.resolve("local.key");
        String first;
        try (TestServer _ = TestServer.start(data)) {
            first = Files.readString(file);
        }
        try (TestServer _ = TestServer.start(data)) {
            assertThat(Files.readString(file)).isEqualTo(first);
        }
        Files.writeString(file, "blf_broken");
        try (TestServer server = TestServer.start(data)) {
            assertThat(Files.readString(file)).isNotEqualTo("blf_broken");
            server.get(TestServer.EVENTS, Files.readString(file).strip()).expect(200);
        }
    }
}
