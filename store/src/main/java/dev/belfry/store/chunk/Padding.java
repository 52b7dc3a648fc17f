package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireReader;

/** Readers whose array goes on behind the end of what they read, as fast decoders need it. */
final class Padding {
    private byte[] copy = new byte[0];

    /**
     * A reader of {@code bytes[from .. from + length)}, or of a copy, valid until the next call.
     */
    WireReader reader(byte[] bytes, int from, int length) {
        if (bytes.length - from - length >= BitPacking.SLACK_BYTES) {
            return new WireReader(bytes, from, length);
        }
        if (copy.length < length + BitPacking.SLACK_BYTES) {
            copy = new byte[Math.max(length + BitPacking.SLACK_BYTES, 2 * copy.length)];
        }
        System.arraycopy(bytes, from, copy, 0, length);
        return new WireReader(copy, 0, length);
    }
}
