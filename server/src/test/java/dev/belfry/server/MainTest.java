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
    void unpackedSqlite_isFoundBesideTheFirstJar() throws IOException {
        String classPath = folder.resolve("a.jar") + File.pathSeparator + "/elsewhere/b.jar";
        assertThat(Main.unpackedSqlite(classPath)).isEmpty();
        assertThat(Main.unpackedSqlite("")).isEmpty();

        Path natives = Files.createDirectory(folder.resolve("native"));
        assertThat(Main.unpackedSqlite(classPath)).isEmpty();

        Files.createFile(natives.resolve(System.mapLibraryName("sqlitejdbc")));
        assertThat(Main.unpackedSqlite(classPath)).contains(natives);
    }
}
