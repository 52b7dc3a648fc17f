package dev.belfry.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A file's bytes: as a reader sees them, as they are durable, and what lies between. */
final class CrashFile {
    static final int SECTOR_BYTES = 512;

    private sealed interface Change {
        record Write(long position, byte[] bytes) implements Change {}

        record Truncate(long size) implements Change {}
    }

    private Content current = new Content();
    private Content durable = new Content();
    private List<Change> unforced = new ArrayList<>();
    /* After a failed force the system holds these for clean: no later force writes them. */
    private List<Change> doomed = new ArrayList<>();

    long size() {
        return current.size;
    }

    int read(byte[] target, int at, int length, long position) {
        if (position >= current.size) {
            return 0;
        }
        int count = (int) Math.min(length, current.size - position);
        System.arraycopy(current.bytes, (int) position, target, at, count);
        return count;
    }

    void write(byte[] bytes, long position) {
        current.write(bytes, 0, bytes.length, position);
        unforced.add(new Change.Write(position, bytes));
    }

    void truncate(long size) {
        current.truncate(size);
        unforced.add(new Change.Truncate(size));
    }

    /** Overwrites without anyone noticing, durable or not. */
    void corrupt(long position, byte[] bytes) {
        current.write(bytes, 0, bytes.length, position);
        durable.write(bytes, 0, bytes.length, position);
    }

    void cutDurably(long size) {
        current.truncate(size);
        durable.truncate(size);
    }

    void force() {
        for (Change change : unforced) {
            apply(durable, change);
        }
        unforced = new ArrayList<>();
    }

    void failForce() {
        doomed.addAll(unforced);
        unforced = new ArrayList<>();
    }

    /** What a crash leaves: of what was not forced each sector is lost, kept or torn. */
    CrashFile crash(SplittableRandom random) {
        Content left = durable.copy();
        List<Change> open = new ArrayList<>(doomed);
        open.addAll(unforced);
        int luck = random.nextInt(4);
        for (Change change : open) {
            switch (change) {
                case Change.Truncate(long size) -> {
                    if (keeps(random, luck)) {
                        left.truncate(size);
                    }
                }
                case Change.Write(long position, byte[] bytes) ->
                        keepSome(left, position, bytes, random, luck);
            }
        }
        if (left.size < current.size && luck != 0 && random.nextInt(4) == 0) {
            left.extend(left.size + random.nextLong(current.size - left.size) + 1);
        }
        CrashFile file = new CrashFile();
        file.durable = left;
        file.current = left.copy();
        return file;
    }

    private static void keepSome(
            Content left, long position, byte[] bytes, SplittableRandom random, int luck) {
        int at = 0;
        while (at < bytes.length) {
            long sectorEnd = (position + at) / SECTOR_BYTES * SECTOR_BYTES + SECTOR_BYTES;
            int length = (int) Math.min(bytes.length - at, sectorEnd - position - at);
            if (keeps(random, luck)) {
                left.write(bytes, at, length, position + at);
            } else if (luck != 0 && random.nextInt(3) == 0) {
                left.write(bytes, at, random.nextInt(length + 1), position + at);
            }
            at += length;
        }
    }

    /* Now and then nothing is kept, all, or nearly all: those are the likely crashes. */
    private static boolean keeps(SplittableRandom random, int luck) {
        return switch (luck) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> random.nextInt(8) != 0;
            default -> random.nextBoolean();
        };
    }

    private static void apply(Content content, Change change) {
        switch (change) {
            case Change.Truncate(long size) -> content.truncate(size);
            case Change.Write(long position, byte[] bytes) ->
                    content.write(bytes, 0, bytes.length, position);
        }
    }

    /** Bytes that grow. */
    private static final class Content {
        private byte[] bytes = new byte[0];
        private int size;

        void write(byte[] source, int from, int length, long position) {
            if (length > 0) {
                extend(position + length);
                System.arraycopy(source, from, bytes, (int) position, length);
            }
        }

        void extend(long newSize) {
            int needed = Math.toIntExact(newSize);
            if (needed > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
            }
            size = Math.max(size, needed);
        }

        void truncate(long newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, (int) newSize, size, (byte) 0);
                size = (int) newSize;
            }
        }

        Content copy() {
            Content copy = new Content();
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
            return copy;
        }
    }
}
