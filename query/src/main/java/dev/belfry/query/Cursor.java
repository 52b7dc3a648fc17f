package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.Plan;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/** Where a page ended, as the text that a client sends back. */
final class Cursor {
    private static final byte VERSION = 1;
    private static final int BODY_BYTES = 2 + 3 * Long.BYTES;

    private Cursor() {}

    static String text(Plan.Resume resume, Order order) {
        ByteBuffer bytes = ByteBuffer.allocate(BODY_BYTES + Integer.BYTES);
        bytes.put(VERSION)
                .put((byte) order.ordinal())
                .putLong(resume.endOffset())
                .putLong(resume.timestampNanos())
                .putLong(resume.offset())
                .putInt(checksum(bytes.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Reads a cursor back.
     *
     * @throws BelfryException VALIDATION_ERROR when it is not one of ours, or was made for the
     *     other order
     */
    static Plan.Resume parse(String text, Order order) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            throw new BelfryException(ErrorCode.VALIDATION_ERROR, expected(text), malformed);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length != BODY_BYTES + Integer.BYTES
                || buffer.getInt(BODY_BYTES) != checksum(bytes)
                || buffer.get() != VERSION) {
            throw new BelfryException(ErrorCode.VALIDATION_ERROR, expected(text));
        }
        if (buffer.get() != order.ordinal()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "cursor: made for the other order (expected: the order of the first page)");
        }
        return new Plan.Resume(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    private static String expected(String text) {
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return "cursor: " + shown + " (expected: next_cursor of the page before)";
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, BODY_BYTES);
        return (int) crc.getValue();
    }
}
