package dev.belfry.server.metrics;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a page of samples is written for its reader.
 *
 * @param openMetrics as OpenMetrics
 * @param contentType what it is sent as
 */
public record TextStyle(boolean openMetrics, NameEscaping escaping, String contentType) {
    /*
     * Of types that are as welcome, OpenMetrics only when it is named. Version 1.0.0 of the text is 0.0.4 for readers
     * that say which names they take.
     */
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String TEXT = "text/plain";
    private static final String MESSAGES = "application/vnd.google.protobuf";
    private static final String FAMILY = "proto=io.prometheus.client.metricfamily";
    private static final String CHARSET = "; charset=utf-8";

    /**
     * What suits {@code accept} best.
     *
     * @param accept the header; null when there is none
     * @param offersOpenMetrics whether the page can be OpenMetrics
     */
    public static TextStyle accepted(@Nullable String accept, boolean offersOpenMetrics) {
        String openMetrics = best(accept, OPEN_METRICS);
        String text = best(accept, TEXT);
        boolean open =
                offersOpenMetrics
                        && quality(openMetrics) > 0
                        && quality(openMetrics) >= quality(text);
        String chosen = open ? openMetrics : text;
        String type = open ? OPEN_METRICS + "; version=1.0.0" : TEXT + "; version=0.0.4";
        if (!open && chosen.contains("version=1.0.0")) {
            type = TEXT + "; version=1.0.0";
        }
        /* Who takes neither is answered as if it had asked for what there is. */
        String asked = chosen.isEmpty() && accept != null ? accept.replace(',', ';') : chosen;
        NameEscaping escaping = NameEscaping.of(asked).orElse(NameEscaping.UNDERSCORES);
        return new TextStyle(open, escaping, type + CHARSET + "; " + escaping.parameter());
    }

    /** Whether {@code accept} wants delimited messages of Protocol Buffers rather than text. */
    public static boolean prefersMessages(@Nullable String accept) {
        String messages = best(accept, MESSAGES);
        String text = best(accept, TEXT);
        boolean known = messages.contains(FAMILY) && messages.contains("encoding=delimited");
        double more = quality(messages) - quality(text);
        boolean first =
                accept != null
                        && accept.toLowerCase(Locale.ROOT).indexOf(messages)
                                < accept.toLowerCase(Locale.ROOT).indexOf(text);
        return known && quality(messages) > 0 && (more > 0 || (more == 0 && first));
    }

    /** As which {@code accept} gets such messages. */
    public static TextStyle messages(@Nullable String accept) {
        NameEscaping escaping =
                NameEscaping.of(best(accept, MESSAGES)).orElse(NameEscaping.UNDERSCORES);
        return new TextStyle(
                false,
                escaping,
                MESSAGES
                        + "; proto=io.prometheus.client.MetricFamily; encoding=delimited; "
                        + escaping.parameter());
    }

    private static String best(@Nullable String accept, String type) {
        String best = "";
        if (accept != null) {
            for (String each : accept.toLowerCase(Locale.ROOT).split(",")) {
                String stripped = each.strip();
                if (stripped.startsWith(type) && quality(stripped) > quality(best)) {
                    best = stripped;
                }
            }
        }
        return best;
    }

    private static double quality(String type) {
        for (String parameter : type.split(";")) {
            String stripped = parameter.strip();
            if (stripped.startsWith("q=")) {
                try {
                    return Double.parseDouble(stripped.substring(2));
                } catch (NumberFormatException _) {
                    return 0;
                }
            }
        }
        return type.isEmpty() ? 0 : 1;
    }
}
