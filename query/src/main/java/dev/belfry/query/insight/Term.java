package dev.belfry.query.insight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a search bar asks for. */
sealed interface Term {
    /** All of several. */
    record All(List<Term> terms) implements Term {
        public All {
            terms = List.copyOf(terms);
        }
    }

    /** Any of several. */
    record Any(List<Term> terms) implements Term {
        public Any {
            terms = List.copyOf(terms);
        }
    }

    /** What must not be. */
    record None(Term term) implements Term {}

    /** A word or a phrase, anywhere in an event. */
    record Words(String text, boolean quoted) implements Term {}

    /** How a field's value is asked for. */
    enum How {
        /** Is it. */
        IS(""),
        /** Is there at all. */
        PRESENT("*"),
        LESS("<"),
        LESS_OR_EQUAL("<="),
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        /** A regular expression is found in it. */
        MATCHES("/");

        private final String text;

        How(String text) {
            this.text = text;
        }

        /** How it is written. */
        String text() {
            return text;
        }
    }

    /**
     * A field and its value.
     *
     * @param quoted whether {@code *} in it stands for itself
     */
    record Field(String field, How how, String value, boolean quoted, int at) implements Term {}

    /** A field between two values, both included; null for no bound. */
    record Range(String field, @Nullable String low, @Nullable String high, int at)
            implements Term {}
}
