package dev.belfry.server.health;

import dev.belfry.journal.JournalConfig;
import dev.belfry.journal.JournalStatus;
import dev.belfry.metadata.MetadataHealth;
import dev.belfry.query.EngineStatus;
import dev.belfry.store.MetricStatus;
import dev.belfry.store.StoreStatus;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The parts that health looks at. */
public final class Checks {
    /** Below this much room the journal refuses writes. */
    static final long USABLE_BYTES_MIN = JournalConfig.USABLE_BYTES_MIN;

    private static final double DISK_DEGRADED = 0.05;
    private static final double MEMORY_DEGRADED = 0.95;
    private static final double MEMORY_DOWN = 0.995;
    private static final int DAMAGES_NAMED = 3;
    private static final long LAG_BYTES_MAX = 64L << 20;

    private Checks() {}

    /** The metadata database: users and keys. */
    public static Check database(MetadataHealth health) {
        return health.up() ? Check.UP : Check.down(String.valueOf(health.problem()));
    }

    /** The disk under {@code folder}. */
    public static Check disk(Path folder) {
        File file = folder.toFile();
        return file.exists()
                ? disk(file.getUsableSpace(), file.getTotalSpace(), Files.isWritable(folder))
                : Check.down("the data folder is not there");
    }

    static Check disk(long usableBytes, long totalBytes, boolean writable) {
        if (!writable) {
            return Check.down("the data folder cannot be written to");
        }
        if (usableBytes < USABLE_BYTES_MIN) {
            return Check.down(usableBytes + " bytes are left on the disk");
        }
        return usableBytes < totalBytes * DISK_DEGRADED
                ? Check.degraded(usableBytes + " bytes are left on the disk, less than 5 %")
                : Check.UP;
    }

    /** The heap after the last collection. */
    public static Check memory() {
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && after != null) {
                used += after.getUsed();
            }
        }
        return memory(used, Runtime.getRuntime().maxMemory());
    }

    static Check memory(long usedBytes, long maxBytes) {
        double share = (double) usedBytes / maxBytes;
        String problem = usedBytes + " of " + maxBytes + " bytes of the heap are in use for good";
        if (share >= MEMORY_DOWN) {
            return Check.down(problem);
        }
        return share >= MEMORY_DEGRADED ? Check.degraded(problem) : Check.UP;
    }

    /** Whether events can be taken in and become readable. */
    public static Check ingestion(EngineStatus status) {
        JournalStatus journal = status.journal();
        if (journal.state() != JournalStatus.State.WRITABLE) {
            return Check.down("the journal takes nothing: " + journal.reason());
        }
        if (status.store().lagBytes() > LAG_BYTES_MAX) {
            return Check.down(status.store().lagBytes() + " bytes are not readable yet");
        }
        if (!status.store().sealFailure().isEmpty()) {
            return Check.degraded("segments cannot be written: " + status.store().sealFailure());
        }
        if (journal.damageCount() > 0) {
            return Check.degraded(
                    "damage was found in the journal: "
                            + journal.lostRecords()
                            + " records are lost; the log says more");
        }
        if (status.store().damages() > 0) {
            return Check.degraded(damage(status.store()));
        }
        return Check.UP;
    }

    /** Whether samples become readable and get into files. */
    public static Check metrics(MetricStatus store) {
        if (store.lagBytes() > LAG_BYTES_MAX) {
            return Check.down(store.lagBytes() + " bytes of metrics are not readable yet");
        }
        if (!store.failure().isEmpty()) {
            return Check.degraded("metrics cannot be written: " + store.failure());
        }
        List<String> named = store.damage();
        return named.isEmpty()
                ? Check.UP
                : Check.degraded(
                        "damage was found in the metric store: "
                                + String.join(
                                        "; ",
                                        named.subList(0, Math.min(named.size(), DAMAGES_NAMED))));
    }

    private static String damage(StoreStatus store) {
        List<String> named = store.damage();
        int shown = Math.min(named.size(), DAMAGES_NAMED);
        long more = store.damages() - shown;
        return "damage was found in the event store, "
                + store.unreadableEvents()
                + " events cannot be read: "
                + String.join("; ", named.subList(0, shown))
                + (more > 0 ? "; and " + more + " more, which the log names" : "");
    }
}
