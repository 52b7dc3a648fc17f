package dev.belfry.journal;

import com.github.luben.zstd.Zstd;
import dev.belfry.model.CorruptFileException;
import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads frames from the files in order; for one thread. */
final class FileReader implements AutoCloseable {
    private final Disk disk;
    private final FileSet files;
    private final DamageLog damages;
    private final Set<Stream> streams;
    private @Nullable DiskFile file;
    private @Nullable Path path;
    private @Nullable FrameScanner scanner;
    private long position;
    private long lostRecords;

    /** Reads frames of {@code streams}; the bodies of others are not even looked at. */
    FileReader(Disk disk, FileSet files, DamageLog damages, Set<Stream> streams, long position) {
        this.disk = disk;
        this.files = files;
        this.damages = damages;
        this.streams = Set.copyOf(streams);
        this.position = position;
    }

    /** The offset after what was returned or skipped. */
    long position() {
        return position;
    }

    /** Goes on at {@code offset}, which another source has reached. */
    void seek(long offset) {
        if (offset != position) {
            position = offset;
            close();
        }
    }

    long lostRecords() {
        return lostRecords;
    }

    /**
     * Adds the frames up to {@code endOffset}, at least one when there is any, to {@code target}.
     */
    void read(long endOffset, int maxFrames, long maxBytes, List<Frame> target) throws IOException {
        long taken = 0;
        while (position < endOffset && target.size() < maxFrames && taken < maxBytes) {
            JournalFile current = files.holding(position);
            if (current == null) {
                position = endOffset;
                return;
            }
            if (current.baseOffset() > position) {
                skipTo(current);
            }
            Frame frame;
            try {
                frame = next(current);
            } catch (NoSuchFileException trimmed) {
                close();
                continue;
            } catch (IOException failure) {
                close();
                throw failure;
            }
            if (frame != null) {
                target.add(frame);
                taken += frame.bodyLength();
            }
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException failure) {
            System.getLogger(FileReader.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing a file that was read", failure);
        }
        file = null;
        scanner = null;
        path = null;
    }

    /** Over offsets that no file has: trimmed, or never acknowledged. */
    private void skipTo(JournalFile next) {
        List<JournalFile> all = files.all();
        if (!all.isEmpty() && all.getFirst().baseOffset() == next.baseOffset()) {
            lostRecords += next.baseOffset() - position;
        }
        position = next.baseOffset();
    }

    /** The next frame in {@code current}; null when it is of no wanted stream or damaged. */
    private @Nullable Frame next(JournalFile current) throws IOException {
        FrameScanner frames = scannerOf(current);
        long start = frames.position();
        FrameScanner.Item item = frames.next(current.readableBytes(), 0);
        return switch (item) {
            case null -> {
                lost(current, start, start, current.endOffset(), "the file ends early");
                yield null;
            }
            case FrameScanner.Item.Bad bad -> {
                bad(current, bad);
                yield null;
            }
            case FrameScanner.Item.Sound(_, FrameHeader header) -> {
                if (header.baseOffset() >= current.endOffset()) {
                    lost(current, start, start, current.endOffset(), "frames are missing");
                    yield null;
                }
                if (header.endOffset() <= position) {
                    yield null;
                }
                if (header.baseOffset() > position) {
                    lost(current, start, start, header.baseOffset(), "frames are missing");
                }
                position = header.endOffset();
                yield isWanted(header) ? frame(current, header, frames.storedBody()) : null;
            }
        };
    }

    private boolean isWanted(FrameHeader header) {
        return Stream.isKnown(header.stream()) && streams.contains(Stream.of(header.stream()));
    }

    /** A damaged range: what it held is known by the offset of the next sound frame. */
    private void bad(JournalFile current, FrameScanner.Item.Bad bad) throws IOException {
        FrameScanner frames = scannerOf(current);
        long after = current.endOffset();
        if (frames.next(current.readableBytes(), 0)
                instanceof FrameScanner.Item.Sound(_, FrameHeader header)) {
            after = Math.min(after, header.baseOffset());
        }
        frames.seek(bad.end());
        if (after > position) {
            lost(current, bad.position(), bad.end(), after, bad.reason());
        }
    }

    private void lost(JournalFile current, long from, long to, long afterOffset, String reason) {
        if (isTrimmed(current)) {
            close();
            return;
        }
        damages.report(Damage.Kind.LOST, current.path(), from, to, position, afterOffset, reason);
        lostRecords += afterOffset - position;
        position = afterOffset;
    }

    /* Then it is cut piece by piece: what is missing is not damage. */
    private boolean isTrimmed(JournalFile file) {
        List<JournalFile> all = files.all();
        return all.isEmpty() || file.baseOffset() < all.getFirst().baseOffset();
    }

    private FrameScanner scannerOf(JournalFile current) throws IOException {
        FrameScanner open = scanner;
        if (open != null && current.path().equals(path)) {
            return open;
        }
        close();
        DiskFile opened = disk.open(current.path(), Disk.Mode.READ);
        file = opened;
        path = current.path();
        FrameScanner begun =
                new FrameScanner(opened, startPosition(opened, current), this::isWanted);
        scanner = begun;
        return begun;
    }

    /** Where the frame that holds the position begins, found without reading bodies. */
    private long startPosition(DiskFile opened, JournalFile current) throws IOException {
        FrameScanner headers = new FrameScanner(opened, FileHeader.SIZE_BYTES, false);
        long at = headers.position();
        while (position > current.baseOffset()) {
            FrameScanner.Item item = headers.next(current.readableBytes(), 0);
            if (item == null
                    || (item instanceof FrameScanner.Item.Sound(_, FrameHeader header)
                            && header.endOffset() > position)) {
                break;
            }
            at = headers.position();
        }
        return at;
    }

    private static Frame frame(JournalFile file, FrameHeader header, byte[] stored)
            throws CorruptFileException {
        byte[] body = stored;
        if (Codec.of(header.codec()) == Codec.ZSTD) {
            body = new byte[header.bodyBytes()];
            long size = Zstd.decompress(body, stored);
            if (Zstd.isError(size) || size != body.length) {
                throw new CorruptFileException(
                        file.path(),
                        header.baseOffset(),
                        "a body that does not decompress",
                        body.length + " bytes");
            }
        }
        return new Frame(
                Stream.of(header.stream()),
                header.kind(),
                header.schemaVersion(),
                header.baseOffset(),
                header.count(),
                header.partition(),
                header.receivedMillis(),
                header.principal(),
                body,
                body.length,
                null);
    }
}
