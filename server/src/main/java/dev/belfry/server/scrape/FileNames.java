package dev.belfry.server.scrape;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Files by names that may have stars. */
final class FileNames {
    private FileNames() {}

    /**
     * The files that are there for {@code pattern}, relative to {@code base}; only its last name
     * may have stars. In order.
     *
     * @throws IOException when it is no pattern, or its folder cannot be read
     */
    static List<Path> of(Path base, String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            Path path = base.resolve(pattern);
            Path folder = path.getParent();
            Path name = path.getFileName();
            if (folder == null || name == null || !Files.isDirectory(folder)) {
                return files;
            }
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, name.toString())) {
                found.forEach(files::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            throw new IOException(pattern + ": " + e.getMessage(), e);
        }
        Collections.sort(files);
        return files;
    }
}
