package dev.belfry.server.prometheus;

/** Texts as Go writes them, in which Prometheus' messages are. */
final class GoText {
    private GoText() {}

    /** In quotes, as {@code %q}. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints()
                .forEach(point -> {
                    switch (point) {
                        case '"' -> quoted.append("\\\"");
                        case '\\' -> quoted.append("\\\\");
                        case '\n' -> quoted.append("\\n");
                        case '\r' -> quoted.append("\\r");
                        case '\t' -> quoted.append("\\t");
                        default -> {
                            if (point < 0x20 || point == 0x7F) {
                                quoted.append(String.format("\\x%02x", point));
                            } else {
                                quoted.appendCodePoint(point);
                            }
                        }
                    }
                });
        return quoted.append('"').toString();
    }
}
