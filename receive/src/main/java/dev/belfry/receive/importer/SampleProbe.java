package dev.belfry.receive.importer;

import dev.belfry.model.series.Labels;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What of the first sample is kept, so that it can be asked for: {@code series:SECONDS SELECTOR}.
 */
final class SampleProbe {
    private static final String PREFIX = "series:";

    private SampleProbe() {}

    /**
     * The probe of a sample.
     *
     * @param source the label that it gets instead of its own; null for none
     */
    static String of(Labels labels, @Nullable String source, long millis) {
        Labels sent = source == null ? labels : labels.with("source", source);
        StringBuilder text = new StringBuilder(PREFIX);
        text.append(String.format(Locale.ROOT, "%.3f", millis / 1e3)).append(" {");
        for (int i = 0; i < sent.size(); i++) {
            text.append(i == 0 ? "" : ",");
            BelfryClient.quote(sent.name(i), text);
            text.append('=');
            BelfryClient.quote(sent.value(i), text);
        }
        return text.append('}').toString();
    }

    /** Whether an id is a probe. */
    static boolean is(String id) {
        return id.startsWith(PREFIX);
    }

    /** The time of a probe, in seconds. */
    static String seconds(String probe) {
        return probe.substring(PREFIX.length(), probe.indexOf(' '));
    }

    /** The selector of a probe. */
    static String selector(String probe) {
        return probe.substring(probe.indexOf(' ') + 1);
    }
}
