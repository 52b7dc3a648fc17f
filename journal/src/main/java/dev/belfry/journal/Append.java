package dev.belfry.journal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request's records, to be written as one frame.
 *
 * @param stream what they are
 * @param kind what they are within the stream, 0–65535; the journal only carries it
 * @param schemaVersion version of the body's own format, 0–65535; the journal only carries it
 * @param body the encoded records in {@code body[0 .. bodyLength)}; <b>belongs to the journal from
 *     here on</b>: it is kept for readers, and nobody may write to it
 * @param bodyLength its length in bytes, 0–{@link Limits#BODY_BYTES_MAX}
 * @param count how many records, hence how many offsets: 1–{@link Limits#RECORDS_MAX}
 * @param principal who sent it, such as {@code key:<uuid>}; at most 1,024 bytes as UTF-8
 * @param idempotency the request's key, null when it sent none
 * @param decoded the decoded batch for readers that keep up, null when there is none; immutable
 */
public record Append(
        Stream stream,
        int kind,
        int schemaVersion,
        byte[] body,
        int bodyLength,
        int count,
        String principal,
        @Nullable Idempotency idempotency,
        @Nullable Object decoded) {

    public Append {
        Objects.requireNonNull(stream, "stream");
        check("kind", kind, 0, 0xFFFF);
        check("schemaVersion", schemaVersion, 0, 0xFFFF);
        check("bodyLength", bodyLength, 0, Math.min(body.length, Limits.BODY_BYTES_MAX));
        check("count", count, 1, Limits.RECORDS_MAX);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: " + min + "-" + max + ")");
        }
    }
}
