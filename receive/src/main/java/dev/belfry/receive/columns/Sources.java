package dev.belfry.receive.columns;

import dev.belfry.model.ErrorCode;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether a source is well formed and the sender's to write; for one thread. */
public final class Sources {
    /** Characters of a source at most. */
    public static final int CHARACTERS_MAX = 255;

    private static final String EXPECTED =
            " (expected: a string of 1-" + CHARACTERS_MAX + " characters)";

    private final SourceRule rule;
    private ErrorCode errorCode = ErrorCode.VALIDATION_ERROR;

    /** By {@code rule}. */
    public Sources(SourceRule rule) {
        this.rule = rule;
    }

    /** The code of what {@link #check} found last. */
    public ErrorCode errorCode() {
        return errorCode;
    }

    /** Null when {@code text[from .. to)} may be written, else the message of the error. */
    public @Nullable String check(String name, byte[] text, int from, int to) {
        errorCode = ErrorCode.VALIDATION_ERROR;
        if (from == to) {
            return name + ": empty" + EXPECTED;
        }
        if (to - from > CHARACTERS_MAX) {
            int characters = JsonText.characters(text, from, to);
            if (characters > CHARACTERS_MAX) {
                return name + ": " + characters + " characters" + EXPECTED;
            }
        }
        String refusal = rule.refusal(new String(text, from, to - from, StandardCharsets.UTF_8));
        if (refusal != null) {
            errorCode = ErrorCode.FORBIDDEN;
        }
        return refusal;
    }
}
