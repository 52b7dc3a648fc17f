package dev.belfry.model.time;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 12h}. */
public final class TimeLength {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d|w)?");

    private TimeLength() {}

    /**
     * A whole number of at most 12 digits with {@code ms}, {@code s}, {@code m}, {@code h}, {@code
     * d} or {@code w}, of seconds without; empty when {@code text} is none.
     */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return Optional.of(
                switch (unit) {
                    case "ms" -> Duration.ofMillis(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    case "d" -> Duration.ofDays(number);
                    case "w" -> Duration.ofDays(7 * number);
                    default -> Duration.ofSeconds(number);
                });
    }
}
