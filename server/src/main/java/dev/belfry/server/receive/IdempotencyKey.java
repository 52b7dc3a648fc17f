package dev.belfry.server.receive;

import dev.belfry.journal.Idempotency;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.http.Call;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header by which a client makes sending again harmless. */
public final class IdempotencyKey {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,255}");

    private IdempotencyKey() {}

    /**
     * What the journal knows the request of {@code call} by, whose body inflates to {@code body[0
     * .. length)}; null when it has no key.
     *
     * @throws BelfryException VALIDATION_ERROR when the key is none
     */
    public static @Nullable Idempotency of(Call call, byte[] body, int length) {
        String key = call.header("idempotency-key");
        if (key == null) {
            return null;
        }
        if (!KEY.matcher(key).matches()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "Idempotency-Key: "
                            + key.length()
                            + " characters (expected: 1 to 255 printable"
                            + " ones without blanks)");
        }
        return Idempotency.of(
                call.principal().text(),
                call.endpoint().path(),
                key,
                ByteBuffer.wrap(body, 0, length));
    }
}
