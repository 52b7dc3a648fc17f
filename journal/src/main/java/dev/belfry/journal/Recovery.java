package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at the start what is in the folder: files, where the durable records end, where new
 * ones begin, which idempotency keys are known.
 */
final class Recovery {
    /* Nothing is cut from a file. The next file's header says where the records of the file before
     * end (precedingEnd); what stands beyond is ignored from then on. So a file is written only by
     * the process that made it, and never after a failed force.
     *
     * In the last file a hole is a torn tail when nothing behind it is known to have been durable:
     * frames carry the durable end of their time, and so do headers and the files of keys.
     * Otherwise it is damage: reading goes on at the next sound frame. Where durable records are
     * lost at the very end, or appends were answered before they were forced, new offsets begin at
     * the file's ceiling, because stores may have seen the lost ones. */

    /**
     * What was found.
     *
     * @param files the files with records, ascending
     * @param end the offset after the last record that is there
     * @param nextOffset where new records begin, at or after {@code end}
     * @param ceiling no offset from here on was ever given
     * @param leftovers files without records, to be deleted before a new one is made
     */
    record Found(
            List<JournalFile> files,
            long end,
            long nextOffset,
            long ceiling,
            List<Path> leftovers) {}

    private record Candidate(Path path, long baseOffset, @Nullable FileHeader header, long size) {
        long precedingEnd() {
            return header == null ? baseOffset : header.precedingEnd();
        }

        long ceiling() {
            return header == null ? baseOffset + Limits.CEILING_RECORDS : header.ceiling();
        }
    }

    /** A run over the last file: where its records end, and where its readable bytes do. */
    private record LastFile(long endOffset, long endPosition, boolean lost) {}

    private final Disk disk;
    private final Path folder;
    private final DamageLog damages;
    private final KeyFiles keyFiles;
    private final IdempotencyIndex index;

    Recovery(Disk disk, Path folder, DamageLog damages, KeyFiles keyFiles, IdempotencyIndex index) {
        this.disk = disk;
        this.folder = folder;
        this.damages = damages;
        this.keyFiles = keyFiles;
        this.index = index;
    }

    Found run() throws IOException {
        List<Candidate> candidates = candidates();
        keyFiles.load(index);
        deleteTrimmed(candidates);
        List<Path> leftovers = new ArrayList<>();
        long newestBase = candidates.isEmpty() ? -1 : candidates.getLast().baseOffset();
        boolean interval =
                candidates.stream()
                        .map(Candidate::header)
                        .anyMatch(header -> header != null && header.interval());
        long ceiling = keyFiles.ceiling();
        long base = 0;
        long limit = -1;
        while (!candidates.isEmpty() && isEmpty(candidates.getLast())) {
            Candidate empty = candidates.removeLast();
            leftovers.add(empty.path());
            ceiling = Math.max(ceiling, empty.ceiling());
            if (empty.header() != null) {
                base = Math.max(base, empty.baseOffset());
                limit = limit < 0 ? empty.precedingEnd() : limit;
            }
        }
        if (candidates.isEmpty()) {
            long end = Math.max(keyFiles.coveredTo(), limit);
            boolean lost =
                    (limit >= 0 && keyFiles.coveredTo() > base)
                            || (interval && mayHaveMore(newestBase, end));
            return new Found(
                    List.of(), end, lost ? ceiling : Math.max(end, base), ceiling, leftovers);
        }
        List<JournalFile> files = earlierFiles(candidates);
        Candidate last = candidates.getLast();
        ceiling = Math.max(ceiling, last.ceiling());
        LastFile tail = lastFile(last, limit);
        files.add(
                new JournalFile(
                        last.path(),
                        last.baseOffset(),
                        tail.endOffset(),
                        tail.endPosition(),
                        last.ceiling()));
        boolean jump = tail.lost() || (interval && mayHaveMore(newestBase, tail.endOffset()));
        long next = jump ? ceiling : Math.max(base, tail.endOffset());
        return new Found(files, tail.endOffset(), next, ceiling, leftovers);
    }

    /* A clean end writes a file of keys that covers all records, and a file is made for at least
     * one. */
    private boolean mayHaveMore(long newestBase, long end) {
        if (keyFiles.coveredTo() >= Math.max(end, newestBase + 1)) {
            return false;
        }
        damages.report(
                Damage.Kind.LOST,
                folder.resolve(FileHeader.name(newestBase)),
                0,
                0,
                end,
                end,
                "appends were answered before they were forced: those of the last interval before "
                        + "the crash may be lost");
        return true;
    }

    private List<Candidate> candidates() throws IOException {
        List<Candidate> found = new ArrayList<>();
        for (Path path : disk.list(folder)) {
            long base = FileHeader.baseOf(path);
            if (base < 0) {
                continue;
            }
            try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(FileHeader.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
                file.read(bytes, 0);
                FileHeader header = FileHeader.decode(path, bytes.flip());
                found.add(new Candidate(path, base, header, file.size()));
            }
        }
        return found;
    }

    private void deleteTrimmed(List<Candidate> candidates) throws IOException {
        while (!candidates.isEmpty() && candidates.getFirst().baseOffset() < keyFiles.trimmedTo()) {
            disk.delete(candidates.removeFirst().path());
        }
    }

    private boolean isEmpty(Candidate candidate) throws IOException {
        try (DiskFile file = disk.open(candidate.path(), Disk.Mode.READ)) {
            FrameScanner scanner = new FrameScanner(file, FileHeader.SIZE_BYTES, true);
            FrameScanner.Item item;
            while ((item = scanner.next(candidate.size(), candidate.baseOffset())) != null) {
                if (item instanceof FrameScanner.Item.Sound) {
                    return false;
                }
            }
        }
        long written = writtenEnd(candidate, FileHeader.SIZE_BYTES);
        if (written > FileHeader.SIZE_BYTES || candidate.header() == null) {
            damages.report(
                    Damage.Kind.TORN_TAIL,
                    candidate.path(),
                    0,
                    Math.min(written, candidate.size()),
                    candidate.baseOffset(),
                    candidate.baseOffset(),
                    "the file holds no whole frame");
        }
        return true;
    }

    private List<JournalFile> earlierFiles(List<Candidate> candidates) throws IOException {
        List<JournalFile> files = new ArrayList<>();
        for (int index = 0; index + 1 < candidates.size(); index++) {
            Candidate candidate = candidates.get(index);
            if (candidate.header() == null) {
                reportHeader(candidate);
            }
            JournalFile file =
                    new JournalFile(
                            candidate.path(),
                            candidate.baseOffset(),
                            candidates.get(index + 1).precedingEnd(),
                            candidate.size(),
                            candidate.ceiling());
            if (file.endOffset() > keyFiles.missingFrom()) {
                collectKeys(file);
            }
            files.add(file);
        }
        return files;
    }

    /* A header is forced with the file's first group: damage is a torn write if nothing came
     * after. */
    private void reportHeader(Candidate candidate) throws IOException {
        long known = candidate.baseOffset();
        try (DiskFile file = disk.open(candidate.path(), Disk.Mode.READ)) {
            FrameScanner scanner = new FrameScanner(file, FileHeader.SIZE_BYTES, false);
            FrameScanner.Item item;
            while ((item = scanner.next(candidate.size(), known)) != null) {
                if (item instanceof FrameScanner.Item.Sound(_, FrameHeader header)) {
                    known = Math.max(known, header.durableEnd());
                }
            }
        }
        damages.report(
                known > candidate.baseOffset() ? Damage.Kind.LOST : Damage.Kind.TORN_TAIL,
                candidate.path(),
                0,
                FileHeader.SIZE_BYTES,
                candidate.baseOffset(),
                candidate.baseOffset(),
                "the file's header does not match its checksum; its frames are read all the same");
    }

    private void collectKeys(JournalFile file) throws IOException {
        try (DiskFile bytes = disk.open(file.path(), Disk.Mode.READ)) {
            FrameScanner scanner = new FrameScanner(bytes, FileHeader.SIZE_BYTES, false);
            long expected = file.baseOffset();
            FrameScanner.Item item;
            while ((item = scanner.next(file.readableBytes(), expected)) != null
                    && expected < file.endOffset()) {
                if (item instanceof FrameScanner.Item.Sound(_, FrameHeader header)) {
                    expected = header.endOffset();
                    remember(header);
                }
            }
        }
    }

    /**
     * Reads the last file whole; {@code limit} is where its records end if that is known, or -1.
     */
    private LastFile lastFile(Candidate last, long limit) throws IOException {
        if (last.header() == null) {
            reportHeader(last);
        }
        List<FrameScanner.Item> items = new ArrayList<>();
        long known = Math.max(limit, Math.max(keyFiles.coveredTo(), last.precedingEnd()));
        try (DiskFile file = disk.open(last.path(), Disk.Mode.READ)) {
            FrameScanner scanner = new FrameScanner(file, FileHeader.SIZE_BYTES, true);
            long expected = last.baseOffset();
            FrameScanner.Item item;
            while ((item = scanner.next(last.size(), expected)) != null) {
                items.add(item);
                if (item instanceof FrameScanner.Item.Sound(_, FrameHeader header)) {
                    expected = header.endOffset();
                    known = Math.max(known, header.durableEnd());
                }
            }
        }
        return walk(last, items, known, limit);
    }

    private LastFile walk(Candidate last, List<FrameScanner.Item> items, long known, long limit)
            throws IOException {
        long expected = last.baseOffset();
        long position = FileHeader.SIZE_BYTES;
        FrameScanner.Item.@Nullable Bad hole = null;
        for (FrameScanner.Item item : items) {
            if (limit >= 0 && expected >= limit) {
                break;
            }
            if (item instanceof FrameScanner.Item.Bad bad) {
                hole = bad;
            } else if (item instanceof FrameScanner.Item.Sound(long start, FrameHeader header)) {
                if (hole != null || header.baseOffset() > expected) {
                    if (expected >= known) {
                        break;
                    }
                    lost(last, position, start, expected, header.baseOffset(), hole);
                    hole = null;
                }
                expected = header.endOffset();
                position = start + header.frameBytes();
                remember(header);
            }
        }
        boolean limited = limit >= 0 && expected >= limit;
        long written = limited ? position : writtenEnd(last, position);
        if (expected < known) {
            lost(last, position, written, expected, known, hole);
        } else if (position < written) {
            damages.report(
                    Damage.Kind.TORN_TAIL,
                    last.path(),
                    position,
                    written,
                    expected,
                    expected,
                    hole == null ? "offsets jump" : hole.reason());
        }
        return new LastFile(expected, position, expected < known);
    }

    /* What a file has behind this is zeros, room that was made and not used; at least `from`. */
    private long writtenEnd(Candidate candidate, long from) throws IOException {
        ByteBuffer window = ByteBuffer.allocate(Limits.ZEROS_BYTES);
        try (DiskFile file = disk.open(candidate.path(), Disk.Mode.READ)) {
            long end = candidate.size();
            while (end > from) {
                long start = Math.max(from, end - window.capacity());
                file.read(window.clear().limit((int) (end - start)), start);
                for (int at = window.position() - 1; at >= 0; at--) {
                    if (window.get(at) != 0) {
                        return start + at + 1;
                    }
                }
                end = start;
            }
        }
        return from;
    }

    private void lost(
            Candidate file,
            long from,
            long to,
            long fromOffset,
            long toOffset,
            FrameScanner.Item.@Nullable Bad hole) {
        damages.report(
                Damage.Kind.LOST,
                file.path(),
                from,
                to,
                fromOffset,
                toOffset,
                hole == null ? "frames are missing" : hole.reason());
    }

    private void remember(FrameHeader header) {
        Idempotency key = header.idempotency();
        if (key == null || header.endOffset() <= keyFiles.missingFrom()) {
            return;
        }
        IdempotencyIndex.Entry known = index.find(key, header.receivedMillis());
        if (known == null || known.baseOffset() != header.baseOffset()) {
            index.put(
                    new IdempotencyIndex.Entry(
                            key, header.baseOffset(), header.count(), header.receivedMillis()));
        }
    }
}
