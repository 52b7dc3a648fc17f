package dev.belfry.server.listen;

import dev.belfry.receive.FluentStream;
import java.util.concurrent.atomic.AtomicLong;

/** Memory of all connections' buffers of Fluent, bounded; safe for many threads. */
final class FluentRoom implements FluentStream.Room {
    private static final long BYTES_MAX = 64 << 20;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    /** Room for one message of {@code messageBytesMax} at least, while its buffer grows. */
    FluentRoom(long messageBytesMax) {
        bytesMax = Math.max(BYTES_MAX, 2 * messageBytesMax);
    }

    @Override
    public boolean take(long bytes) {
        if (bytes == 0) {
            return true;
        }
        if (taken.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    @Override
    public void give(long bytes) {
        taken.addAndGet(-bytes);
    }
}
