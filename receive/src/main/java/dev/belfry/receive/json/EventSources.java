package dev.belfry.receive.json;

import dev.belfry.model.ErrorCode;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a source is well formed and the sender's to write; asks the rule once per source. */
final class EventSources {
    static final String EXPECTED =
            " (expected: a string of 1-" + Limits.SOURCE_CHARACTERS_MAX + " characters)";

    private final SourceRule rule;
    private final boolean any;
    private final Map<String, String> refusals = new HashMap<>();
    private byte[] allowedLast = {};
    private ErrorCode errorCode = ErrorCode.VALIDATION_ERROR;

    EventSources(SourceRule rule) {
        this.rule = rule;
        any = rule.equals(SourceRule.ANY);
    }

    /** The code of what {@link #check} found last. */
    ErrorCode errorCode() {
        return errorCode;
    }

    /** Null when {@code text[from .. to)} is a good source, else the error of its item. */
    @Nullable String check(String name, byte[] text, int from, int to) {
        int length = to - from;
        errorCode = ErrorCode.VALIDATION_ERROR;
        if (length == 0) {
            return name + ": empty" + EXPECTED;
        }
        if (length > Limits.SOURCE_CHARACTERS_MAX) {
            int characters = JsonText.characters(text, from, to);
            if (characters > Limits.SOURCE_CHARACTERS_MAX) {
                return name + ": " + characters + " characters" + EXPECTED;
            }
        }
        if (any || Arrays.equals(allowedLast, 0, allowedLast.length, text, from, to)) {
            return null;
        }
        String source = new String(text, from, length, StandardCharsets.UTF_8);
        String refusal = refusals.computeIfAbsent(source, this::ask);
        if (!refusal.isEmpty()) {
            errorCode = ErrorCode.FORBIDDEN;
            return refusal;
        }
        allowedLast = Arrays.copyOfRange(text, from, to);
        return null;
    }

    private String ask(String source) {
        String refusal = rule.refusal(source);
        return refusal == null ? "" : refusal;
    }
}
