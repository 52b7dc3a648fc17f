package dev.belfry.journal;

import dev.belfry.model.disk.Disk;
import dev.belfry.model.disk.DiskFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reports what was damaged, once each, and copies the bytes to {@code quarantine/} first. */
final class DamageLog {
    private static final System.Logger LOGGER = System.getLogger(DamageLog.class.getName());
    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final Path quarantine;
    private final List<Damage> damages = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private long damageCount;
    private long lostRecords;

    DamageLog(Disk disk, Path quarantine) {
        this.disk = disk;
        this.quarantine = quarantine;
    }

    /** Copies {@code [position, end)} of {@code file} away and reports it. */
    synchronized void report(
            Damage.Kind kind,
            Path file,
            long position,
            long end,
            long fromOffset,
            long toOffset,
            String reason) {
        if (!known.add(file.getFileName() + "@" + position)) {
            return;
        }
        Path copy = end > position ? copy(file, position, end) : null;
        Damage damage =
                new Damage(
                        kind,
                        file,
                        position,
                        Math.max(0, end - position),
                        fromOffset,
                        Math.max(fromOffset, toOffset),
                        reason,
                        copy);
        damageCount++;
        if (kind == Damage.Kind.LOST) {
            lostRecords += Math.max(0, toOffset - fromOffset);
        }
        if (damages.size() < Limits.DAMAGES_MAX) {
            damages.add(damage);
        }
        Level level = kind == Damage.Kind.TORN_TAIL ? Level.WARNING : Level.ERROR;
        LOGGER.log(
                level,
                "journal damage {0} in {1}: bytes {2} to {3}, offsets {4} to {5}: {6}; copy: {7}",
                kind,
                file,
                String.valueOf(position),
                String.valueOf(end),
                String.valueOf(fromOffset),
                String.valueOf(damage.toOffset()),
                reason,
                copy == null ? "none" : copy);
    }

    synchronized List<Damage> damages() {
        return List.copyOf(damages);
    }

    synchronized long count() {
        return damageCount;
    }

    synchronized long lostRecords() {
        return lostRecords;
    }

    /** The copy, durable; null when it could not be made, which is no reason not to go on. */
    private @Nullable Path copy(Path file, long position, long end) {
        Path copy = quarantine.resolve(file.getFileName() + "." + position + "-" + end);
        try {
            Folders.make(disk, quarantine);
            if (disk.exists(copy)) {
                return copy;
            }
            if (quarantinedBytes() + end - position > Limits.QUARANTINE_BYTES_MAX) {
                LOGGER.log(Level.WARNING, "{0} is full: delete what is not needed", quarantine);
                return null;
            }
            Path incomplete = quarantine.resolve(copy.getFileName() + ".part");
            disk.delete(incomplete);
            copyBytes(file, position, end, incomplete);
            disk.rename(incomplete, copy);
            disk.forceFolder(quarantine);
            return copy;
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "cannot copy damaged bytes to " + copy, failure);
            return null;
        }
    }

    private void copyBytes(Path file, long position, long end, Path target) throws IOException {
        try (DiskFile source = disk.open(file, Disk.Mode.READ);
                DiskFile sink = disk.open(target, Disk.Mode.CREATE)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            for (long at = position; at < end; at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(COPY_BYTES, end - at));
                int read = source.read(buffer, at);
                if (read == 0) {
                    break;
                }
                sink.write(buffer.flip(), at - position);
            }
            sink.force();
        }
    }

    private long quarantinedBytes() throws IOException {
        long total = 0;
        for (Path path : disk.list(quarantine)) {
            try (DiskFile file = disk.open(path, Disk.Mode.READ)) {
                total += file.size();
            }
        }
        return total;
    }
}
