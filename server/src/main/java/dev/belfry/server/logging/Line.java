package dev.belfry.server.logging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One line of Belfry's own log.
 *
 * @param epochNanos when
 * @param source {@code belfry}, or {@code belfry-auth} for what happens around logins
 * @param level how grave
 * @param group {@code /belfry/application}, {@code /belfry/access} or {@code /belfry/errors}
 * @param logger which part says it
 * @param message what
 * @param tags further facts; texts, numbers and truths
 * @param failure its stack as text, null when there is none
 */
public record Line(
        long epochNanos,
        String source,
        Level level,
        String group,
        String logger,
        String message,
        Map<String, Object> tags,
        @Nullable String failure) {
    /** The source of what Belfry says about itself. */
    public static final String BELFRY = "belfry";

    /** The source of what happens around logins and permissions. */
    public static final String AUTHENTICATION = "belfry-auth";

    /** What Belfry says about itself. */
    public static final String APPLICATION = "/belfry/application";

    /** One line a request. */
    public static final String ACCESS = "/belfry/access";

    private static final int STACK_CHARS_MAX = 8_000;

    public Line {
        tags = new TreeMap<>(tags);
    }

    /** The stack of {@code failure} as text, bounded. */
    static @Nullable String stack(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        String whole = text.toString().strip();
        return whole.length() <= STACK_CHARS_MAX ? whole : whole.substring(0, STACK_CHARS_MAX);
    }
}
