package dev.belfry.server.listen;

import dev.belfry.receive.FluentStream;
import java.util.concurrent.atomic.AtomicLong;

/** Memory of the buffers of all connections of one protocol, bounded; safe for many threads. */
final class BufferRoom implements FluentStream.Room {
    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    /** Room for {@code bytesMax}. */
    BufferRoom(long bytesMax) {
        this.bytesMax = bytesMax;
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
