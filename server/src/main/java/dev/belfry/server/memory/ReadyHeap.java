package dev.belfry.server.memory;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Has memory found for where the heap's next objects will stand: else a collection, which stops
 * everything, waits for it.
 */
public final class ReadyHeap {
    /*
     *   young    [low ···· new objects ····│·· survivors ··)···│              all of it is used by the first collections
     *   old      [low + youngMax ···· used │ AHEAD │···· committed)····│ = low + youngMax + oldMax
     *
     * So it is with the serial collector; with others nothing is done. Where the heap stands is told by no bean but one
     * whose server takes a second to start; in proc_pid_maps(5) it is a row of mappings without a name that begins where
     * one may be written and is as long as all pools at most are.
     *
     * A machine's kernel may have to get fresh memory from its host: 2 MiB in 9 ms, where it took 0.3 ms the second time.
     */
    private static final String EDEN = "Eden Space";
    private static final String SURVIVOR = "Survivor Space";
    private static final String OLD = "Tenured Gen";

    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What one collection moves to the old objects was 43 MiB at most, under a flood. */
    private static final long AHEAD = 48L << 20;

    /** What is asked for at once: others who want a mapping wait for it. */
    private static final long PIECE = 2L << 20;

    private final MemoryPoolMXBean eden;
    private final MemoryPoolMXBean survivor;
    private final MemoryPoolMXBean old;
    private final long youngLow;
    private final long oldLow;
    private long youngReady;
    private long oldReady;

    private ReadyHeap(
            MemoryPoolMXBean eden,
            MemoryPoolMXBean survivor,
            MemoryPoolMXBean old,
            long youngLow,
            long oldLow) {
        this.eden = eden;
        this.survivor = survivor;
        this.old = old;
        this.youngLow = youngLow;
        this.oldLow = oldLow;
        this.youngReady = youngLow;
        this.oldReady = oldLow;
    }

    /** Begins, in a thread of its own, for as long as the process lives. */
    public static void keep() {
        Thread.ofPlatform().daemon().name("belfry-memory").start(ReadyHeap::run);
    }

    private static void run() {
        try {
            Optional<ReadyHeap> found = find();
            Thread.sleep(PAUSE); // What waits for the start comes first.
            if (found.isEmpty() || !found.get().look()) {
                return;
            }
            while (true) {
                Thread.sleep(PAUSE);
                boolean _ = found.get().look(); // What was given back meanwhile is not there.
            }
        } catch (IOException _) {
            /* Without /proc memory is found when it is written to. */
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The heap of this process; empty when it is of another kind. */
    static Optional<ReadyHeap> find() throws IOException {
        MemoryPoolMXBean eden = null;
        MemoryPoolMXBean survivor = null;
        MemoryPoolMXBean old = null;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            switch (pool.getName()) {
                case EDEN -> eden = pool;
                case SURVIVOR -> survivor = pool;
                case OLD -> old = pool;
                default -> {}
            }
        }
        if (eden == null || survivor == null || old == null || !Files.isReadable(MAPS)) {
            return Optional.empty();
        }
        long youngMax = eden.getUsage().getMax() + 2 * survivor.getUsage().getMax();
        OptionalLong low = low(Files.readAllLines(MAPS), youngMax + old.getUsage().getMax());
        return low.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new ReadyHeap(
                                eden, survivor, old, low.getAsLong(), low.getAsLong() + youngMax));
    }

    /**
     * Where a row of mappings without a name of {@code bytes} in all begins that may be written at
     * its beginning.
     *
     * @param maps lines as proc_pid_maps(5) has them, ascending
     */
    static OptionalLong low(List<String> maps, long bytes) {
        long low = 0;
        long end = -1;
        for (String line : maps) {
            String[] fields = line.strip().split(" +");
            int dash = fields[0].indexOf('-');
            long from = Long.parseUnsignedLong(fields[0], 0, dash, 16);
            boolean unnamed = fields.length == 5 && fields[1].endsWith("p");
            if (!unnamed) {
                end = -1;
                continue;
            }
            if (from != end) {
                if (!fields[1].startsWith("rw")) {
                    end = -1;
                    continue;
                }
                low = from;
            }
            end = Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16);
            if (end - low == bytes) {
                return OptionalLong.of(low);
            }
        }
        return OptionalLong.empty();
    }

    /** Has found what is missing now; says whether it can. */
    boolean look() {
        long edenEnd = youngLow + eden.getUsage().getCommitted();
        long youngEnd = edenEnd + 2 * survivor.getUsage().getCommitted();
        MemoryUsage usage = old.getUsage();
        long ahead = (usage.getUsed() + AHEAD + PIECE - 1) / PIECE * PIECE;
        long oldEnd = oldLow + Math.min(usage.getCommitted(), ahead);
        /* What was given back must be found again. */
        youngReady = Math.min(youngReady, youngEnd);
        oldReady = Math.min(oldReady, oldLow + usage.getCommitted());
        boolean done =
                ready(Math.max(edenEnd, youngReady), youngEnd)
                        && ready(oldReady, oldEnd)
                        && ready(youngReady, edenEnd);
        youngReady = Math.max(youngReady, youngEnd);
        oldReady = Math.max(oldReady, oldEnd);
        return done;
    }

    /* From the end: of the space for new objects the first part is in use. */
    private static boolean ready(long from, long to) {
        for (long end = to; end > from; end -= PIECE) {
            long start = Math.max(from, end - PIECE);
            if (!Pages.find(start, end - start)) {
                return false;
            }
        }
        return true;
    }
}
