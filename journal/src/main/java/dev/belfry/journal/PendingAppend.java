package dev.belfry.journal;

import com.github.luben.zstd.Zstd;
import dev.belfry.model.BelfryException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** An append on its way to the disk; made and awaited by its caller, finished by the committer. */
final class PendingAppend {
    private static final int ZSTD_LEVEL = -1;

    private final Append request;
    private final byte[] principal;
    private final Codec codec;
    private final byte[] stored;
    private final int storedLength;
    private final int storedChecksum;
    private final Thread waiter;
    private volatile @Nullable Object outcome;

    /** Encodes {@code request} in the caller's thread, so that many can do it at once. */
    PendingAppend(Append request, Codec wanted) {
        this.request = request;
        principal = request.principal().getBytes(StandardCharsets.UTF_8);
        if (principal.length > Limits.PRINCIPAL_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "principal: %d bytes (expected: at most %d)"
                            .formatted(principal.length, Limits.PRINCIPAL_BYTES_MAX));
        }
        byte[] target = request.body();
        int length = request.bodyLength();
        Codec used = Codec.NONE;
        if (wanted == Codec.ZSTD) {
            byte[] compressed = new byte[(int) Zstd.compressBound(length)];
            long size =
                    Zstd.compressByteArray(
                            compressed, 0, compressed.length, target, 0, length, ZSTD_LEVEL);
            if (!Zstd.isError(size) && size < length) {
                used = Codec.ZSTD;
                target = compressed;
                length = (int) size;
            }
        }
        codec = used;
        stored = target;
        storedLength = length;
        CRC32C crc = new CRC32C();
        crc.update(stored, 0, storedLength);
        storedChecksum = (int) crc.getValue();
        waiter = Thread.currentThread();
    }

    Append request() {
        return request;
    }

    byte[] principal() {
        return principal;
    }

    Codec codec() {
        return codec;
    }

    byte[] stored() {
        return stored;
    }

    int storedLength() {
        return storedLength;
    }

    int storedChecksum() {
        return storedChecksum;
    }

    long frameBytes() {
        return FrameHeader.frameBytes(FrameHeader.headerBytes(principal.length), storedLength);
    }

    void succeed(Appended where) {
        outcome = where;
        LockSupport.unpark(waiter);
    }

    void fail(BelfryException failure) {
        outcome = failure;
        LockSupport.unpark(waiter);
    }

    /* What is under way cannot be taken back, so an interrupt waits until the outcome is known. */
    Appended await() {
        boolean interrupted = false;
        Object result = outcome;
        while (result == null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            result = outcome;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (result instanceof Appended where) {
            return where;
        }
        if (result instanceof BelfryException failure) {
            throw new BelfryException(
                    failure.code(), String.valueOf(failure.getMessage()), failure);
        }
        throw new IllegalStateException("BUG: outcome " + result);
    }
}
