package dev.belfry.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.receive.syslog.MessageReader;

/** Collects syslog messages, RFC 5424 and 3164, into a batch; for one thread, used once. */
public final class SyslogMessages {
    private final MessageReader reader;

    /**
     * An empty batch.
     *
     * @param nowNanos the time of messages that have none, epoch nanoseconds; times without a year
     *     are not after it by more than a day
     * @param sources what the sender may write
     * @param peer the sender's address, the source of messages that name neither program nor host
     */
    public SyslogMessages(SyslogSettings settings, long nowNanos, SourceRule sources, String peer) {
        this(settings, nowNanos, sources, peer, 0);
    }

    /**
     * As above.
     *
     * @param expectedBytes of all messages together
     */
    public SyslogMessages(
            SyslogSettings settings,
            long nowNanos,
            SourceRule sources,
            String peer,
            int expectedBytes) {
        reader = new MessageReader(settings, nowNanos, sources, peer, expectedBytes);
    }

    /** From now on messages are of the sender at {@code peer}. */
    public void peer(String peer) {
        reader.peer(peer);
    }

    /**
     * Adds the message {@code data[from .. to)}; empty ones are passed over.
     *
     * @return false when the sender may not write its source
     */
    public boolean add(byte[] data, int from, int to) {
        return reader.read(data, from, to);
    }

    /** How many messages there are by now. */
    public int count() {
        return reader.count();
    }

    /** How many of them were malformed; they are kept as text. */
    public int malformed() {
        return reader.malformed();
    }

    /** The batch; this must not be used after. */
    public EventBatch build() {
        return reader.build();
    }
}
