package dev.belfry.receive.importer;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/**
 * How far a file was taken by one Belfry; kept in a file of its own, so that an interrupted import
 * goes on.
 *
 * @param blockLength how many bytes of the file's beginning {@code blockHash} is of
 * @param blockHash their SHA-256 in hex: another file under the same path begins differently
 * @param salt part of every batch's idempotency key; a new one makes the server take the file again
 * @param referenceSeconds the year of times without one is found from this; epoch seconds
 * @param offset everything before it is acknowledged
 * @param lines lines (rows) before the offset
 * @param events events acknowledged
 * @param refused events refused
 * @param firstId the first event's id, or the first sample's {@link SampleProbe}, by which is seen
 *     whether the server still has the import; empty before there is one
 * @param rawSize the file's size when it was taken to its end, else -1
 */
record ImportState(
        int blockLength,
        String blockHash,
        String salt,
        long referenceSeconds,
        long offset,
        long lines,
        long events,
        long refused,
        String firstId,
        long rawSize) {

    /** What {@link #events} are. */
    String noun() {
        return SampleProbe.is(firstId) ? "samples" : "events";
    }

    /** Writes the state in place of {@code file}. */
    void save(Path file) throws IOException {
        Properties values = new Properties();
        values.setProperty("version", "1");
        values.setProperty("block.length", Integer.toString(blockLength));
        values.setProperty("block.hash", blockHash);
        values.setProperty("salt", salt);
        values.setProperty("reference.seconds", Long.toString(referenceSeconds));
        values.setProperty("offset", Long.toString(offset));
        values.setProperty("lines", Long.toString(lines));
        values.setProperty("events", Long.toString(events));
        values.setProperty("refused", Long.toString(refused));
        values.setProperty("first.id", firstId);
        values.setProperty("raw.size", Long.toString(rawSize));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try (Writer writer = Files.newBufferedWriter(temporary)) {
            values.store(writer, "Belfry import: how far a file was sent");
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * The state in {@code file}.
     *
     * @throws IOException when it cannot be read or is no state of version 1
     */
    static ImportState load(Path file) throws IOException {
        Properties values = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            values.load(reader);
            if (!"1".equals(values.getProperty("version"))) {
                throw new IOException(file + ": version (expected: 1)");
            }
            return new ImportState(
                    (int) number(values, "block.length"),
                    values.getProperty("block.hash", ""),
                    values.getProperty("salt", ""),
                    number(values, "reference.seconds"),
                    number(values, "offset"),
                    number(values, "lines"),
                    number(values, "events"),
                    number(values, "refused"),
                    values.getProperty("first.id", ""),
                    number(values, "raw.size"));
        } catch (IllegalArgumentException failure) {
            throw new IOException(file + ": " + failure.getMessage(), failure);
        }
    }

    private static long number(Properties values, String name) {
        return Long.parseLong(values.getProperty(name, ""));
    }
}
