package dev.belfry.journal;

import java.time.Duration;

/**
 * How the journal behaves; start from {@link #defaults()}.
 *
 * @param sync when an append is answered
 * @param syncInterval how often to force with {@link SyncPolicy#INTERVAL}
 * @param codec how bodies are compressed
 * @param fileBytesMax a file's size, after which a new one is begun
 * @param groupBytesMax how much one force covers at most; one large append in any case
 * @param waitingBytesMax how much may wait to be written; more is refused as overload
 * @param tailBytesMax how much the newest frames may take in memory
 * @param tailFramesMax how many newest frames are kept in memory
 * @param usableBytesMin room that must stay on the disk, for the files of what stores have in
 *     memory, after which the journal gets shorter; less, and appends are refused
 * @param idempotencyKeysMax how many keys are remembered
 * @param idempotencyAge how long a key is remembered
 */
public record JournalConfig(
        SyncPolicy sync,
        Duration syncInterval,
        Codec codec,
        long fileBytesMax,
        int groupBytesMax,
        long waitingBytesMax,
        long tailBytesMax,
        int tailFramesMax,
        long usableBytesMin,
        int idempotencyKeysMax,
        Duration idempotencyAge) {

    private static final long MEBIBYTE = 1 << 20;

    /** Room that a server leaves on the disk: appends are refused at less. */
    public static final long USABLE_BYTES_MIN = 128 * MEBIBYTE;

    public JournalConfig {
        atLeast("fileBytesMax", fileBytesMax, 4096);
        atLeast("groupBytesMax", groupBytesMax, 1);
        atLeast("waitingBytesMax", waitingBytesMax, 1);
        atLeast("tailBytesMax", tailBytesMax, 0);
        atLeast("tailFramesMax", tailFramesMax, 0);
        atLeast("usableBytesMin", usableBytesMin, 0);
        atLeast("idempotencyKeysMax", idempotencyKeysMax, 1);
        atLeast("idempotencyAge in ms", idempotencyAge.toMillis(), 1);
        atLeast("syncInterval in ms", syncInterval.toMillis(), 1);
    }

    /** What a server runs with. */
    public static JournalConfig defaults() {
        return new JournalConfig(
                SyncPolicy.ALWAYS,
                Duration.ofSeconds(1),
                Codec.NONE,
                64 * MEBIBYTE,
                (int) (2 * MEBIBYTE),
                64 * MEBIBYTE,
                32 * MEBIBYTE,
                8192,
                USABLE_BYTES_MIN,
                1_000_000,
                Duration.ofHours(24));
    }

    /** The same with another sync policy. */
    public JournalConfig withSync(SyncPolicy policy, Duration interval) {
        return new JournalConfig(
                policy,
                interval,
                codec,
                fileBytesMax,
                groupBytesMax,
                waitingBytesMax,
                tailBytesMax,
                tailFramesMax,
                usableBytesMin,
                idempotencyKeysMax,
                idempotencyAge);
    }

    /** The same with another codec. */
    public JournalConfig withCodec(Codec bodyCodec) {
        return new JournalConfig(
                sync,
                syncInterval,
                bodyCodec,
                fileBytesMax,
                groupBytesMax,
                waitingBytesMax,
                tailBytesMax,
                tailFramesMax,
                usableBytesMin,
                idempotencyKeysMax,
                idempotencyAge);
    }

    /** The same with other sizes of files, of the tail in memory, and of what may wait. */
    public JournalConfig withSizes(long fileBytes, long tailBytes, long waitingBytes) {
        return new JournalConfig(
                sync,
                syncInterval,
                codec,
                fileBytes,
                groupBytesMax,
                waitingBytes,
                tailBytes,
                tailFramesMax,
                usableBytesMin,
                idempotencyKeysMax,
                idempotencyAge);
    }

    /** The same with another minimum of room on the disk. */
    public JournalConfig withUsableBytesMin(long bytes) {
        return new JournalConfig(
                sync,
                syncInterval,
                codec,
                fileBytesMax,
                groupBytesMax,
                waitingBytesMax,
                tailBytesMax,
                tailFramesMax,
                bytes,
                idempotencyKeysMax,
                idempotencyAge);
    }

    /** The same with other bounds of what is remembered of idempotency keys. */
    public JournalConfig withIdempotency(int keysMax, Duration age) {
        return new JournalConfig(
                sync,
                syncInterval,
                codec,
                fileBytesMax,
                groupBytesMax,
                waitingBytesMax,
                tailBytesMax,
                tailFramesMax,
                usableBytesMin,
                keysMax,
                age);
    }

    private static void atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + min + ")");
        }
    }
}
