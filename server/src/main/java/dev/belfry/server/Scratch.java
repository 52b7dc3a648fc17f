package dev.belfry.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder of temporary files: what earlier processes left there goes away. */
final class Scratch {
    private Scratch() {}

    /**
     * Deletes the files in {@code folder} that are older than this process, in the background.
     * Native libraries are unpacked there by their loaders, and a process that was killed leaves
     * them.
     */
    static void empty(Path folder) {
        long startMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
        Thread.ofVirtual().name("scratch").start(() -> deleteBefore(folder, startMillis));
    }

    static void deleteBefore(Path folder, long epochMillis) {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.toList();
        } catch (IOException _) {
            return;
        }
        for (Path file : files) {
            try {
                boolean old = Files.getLastModifiedTime(file).toMillis() < epochMillis;
                if (old && Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            } catch (IOException _) {
                // Somebody else has it, or had it: the next start tries again.
            }
        }
    }
}
