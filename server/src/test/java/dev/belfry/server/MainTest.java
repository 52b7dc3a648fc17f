package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {
    @TempDir private Path folder;

    @Test
    void unpackedLibraries_areFoundBesideTheFirstJar() throws IOException {
        String classPath = folder.resolve("a.jar") + File.pathSeparator + "/elsewhere/b.jar";
        assertThat(Main.unpacked("zstd-jni", classPath)).isEmpty();
        assertThat(Main.unpacked("zstd-jni", "")).isEmpty();

        Path natives = Files.createDirectory(folder.resolve("native"));
        assertThat(Main.unpacked("zstd-jni", classPath)).isEmpty();

        Path library = Files.createFile(natives.resolve(System.mapLibraryName("zstd-jni")));
        assertThat(Main.unpacked("zstd-jni", classPath)).contains(library);
        assertThat(Main.unpacked("sqlitejdbc", classPath)).isEmpty();
    }
}
