package dev.belfry.query;

import dev.belfry.model.series.SeriesSamples;
import java.util.List;

/**
 * The answer to a query in PromQL.
 *
 * @param kind what the expression gave
 * @param series the series with their samples; of a scalar, one without labels
 * @param text of a string, else empty
 * @param timestampMillis of a string
 * @param warnings what may be wrong with it
 * @param infos what is worth knowing of it
 * @param cost of it
 */
public record PromqlAnswer(
        Kind kind,
        List<SeriesSamples> series,
        String text,
        long timestampMillis,
        List<String> warnings,
        List<String> infos,
        QueryCost cost) {
    /** What an expression gives. */
    public enum Kind {
        /** A number. */
        SCALAR("scalar"),
        /** A text. */
        STRING("string"),
        /** Series with one sample each. */
        VECTOR("vector"),
        /** Series with samples. */
        MATRIX("matrix");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As Prometheus' HTTP API writes it. */
        public String text() {
            return text;
        }
    }

    /** Copies the lists. */
    public PromqlAnswer {
        series = List.copyOf(series);
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
