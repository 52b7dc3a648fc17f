package dev.belfry.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal's files, ascending; the list is replaced, never changed, so readers need no lock. */
final class FileSet {
    private volatile List<JournalFile> files;

    FileSet(List<JournalFile> files) {
        this.files = List.copyOf(files);
    }

    List<JournalFile> all() {
        return files;
    }

    /** The file that holds {@code offset} or, when none does, the first one after it. */
    @Nullable JournalFile holding(long offset) {
        for (JournalFile file : files) {
            if (offset < file.endOffset()) {
                return file;
            }
        }
        return null;
    }

    long bytes() {
        return files.stream().mapToLong(JournalFile::readableBytes).sum();
    }

    synchronized void add(JournalFile file) {
        List<JournalFile> next = new ArrayList<>(files);
        next.add(file);
        files = List.copyOf(next);
    }

    synchronized void replaceLast(JournalFile file) {
        List<JournalFile> next = new ArrayList<>(files);
        next.set(next.size() - 1, file);
        files = List.copyOf(next);
    }

    synchronized void removeFirst() {
        files = List.copyOf(files.subList(1, files.size()));
    }
}
