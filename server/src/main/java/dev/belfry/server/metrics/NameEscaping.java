package dev.belfry.server.metrics;

import dev.belfry.model.series.Labels;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What becomes of names with other characters than Prometheus had before its third version. */
public enum NameEscaping {
    /*
     * https://github.com/prometheus/proposals/blob/main/proposals/0028-utf8.md, and EscapeName of
     * github.com/prometheus/common/model: letters, digits inside, "_" and ":" are plain.
     *
     *   allow-utf-8   as they are, in quotes
     *   underscores   each other character is "_"
     *   dots          "." is "_dot_", "_" is "__", each other character "__"
     *   values        "U__" before the name, "_" is "__", each other character its number, "_2e_"
     *
     * As in Prometheus' expositions, a plain name is as it is by each of them.
     */
    ALLOW_UTF_8,
    UNDERSCORES,
    DOTS,
    VALUES;

    private static final String PARAMETER = "escaping=";

    /** The one that is named by a parameter of {@code type}, one of what a reader accepts. */
    public static Optional<NameEscaping> of(String type) {
        for (String parameter : type.toLowerCase(Locale.ROOT).split(";")) {
            String stripped = parameter.strip();
            for (NameEscaping each : values()) {
                if (stripped.equals(each.parameter())) {
                    return Optional.of(each);
                }
            }
        }
        return Optional.empty();
    }

    /** Its parameter of a content type. */
    public String parameter() {
        return PARAMETER + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name of a metric as it is shown; of a part of a histogram, that of the histogram. */
    public String metric(String name) {
        return of(name, true);
    }

    /** The name of a label as it is shown. */
    String label(String name) {
        return of(name, false);
    }

    /**
     * Passes on the labels as they are shown, but the name. Labels that become one are one, with
     * their values joined by ";" in the order of their own names, as in OTLP.
     */
    public void labels(Labels labels, BiConsumer<String, String> each) {
        if (isPlain(labels)) {
            for (int i = 0; i < labels.size(); i++) {
                if (!labels.name(i).equals(Labels.NAME)) {
                    each.accept(labels.name(i), labels.value(i));
                }
            }
            return;
        }
        Map<String, String> escaped = new LinkedHashMap<>();
        labels.forEach((name, value) -> {
            if (!name.equals(Labels.NAME)) {
                escaped.merge(label(name), value, (one, other) -> one + ";" + other);
            }
        });
        escaped.forEach(each);
    }

    private boolean isPlain(Labels labels) {
        boolean plain = true;
        for (int i = 0; plain && i < labels.size(); i++) {
            plain = isPlain(labels.name(i), false);
        }
        return plain || this == ALLOW_UTF_8;
    }

    private String of(String name, boolean colon) {
        if (this == ALLOW_UTF_8 || isPlain(name, colon)) {
            return name;
        }
        StringBuilder shown = new StringBuilder(2 * name.length());
        if (this == VALUES) {
            shown.append("U__");
        }
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int next = name.codePointAt(i);
            boolean doubled = next == '_' && this != UNDERSCORES;
            if (!doubled && isPart(next, i > 0, colon)) {
                shown.append((char) next);
            } else if (doubled) {
                shown.append("__");
            } else {
                shown.append(other(next));
            }
        }
        return shown.toString();
    }

    private String other(int character) {
        return switch (this) {
            case DOTS -> character == '.' ? "_dot_" : "__";
            case VALUES -> "_" + Integer.toHexString(character) + "_";
            case UNDERSCORES, ALLOW_UTF_8 -> "_";
        };
    }

    static boolean isPlain(String name, boolean colon) {
        for (int i = 0; i < name.length(); i++) {
            if (!isPart(name.charAt(i), i > 0, colon)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isPart(int next, boolean inside, boolean colon) {
        return next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z'
                || next == '_'
                || colon && next == ':'
                || inside && next >= '0' && next <= '9';
    }
}
