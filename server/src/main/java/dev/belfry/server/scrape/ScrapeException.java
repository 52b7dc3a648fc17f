package dev.belfry.server.scrape;

import dev.belfry.model.BelfryException;
import java.io.IOException;

/** A configuration that cannot be used, in one line. */
public final class ScrapeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where, the value, and what was expected. */
    public ScrapeException(String message) {
        super(message);
    }

    /**
     * What is wrong, in one line: the message of what is expected to happen, else with its kind.
     */
    static String told(Throwable problem) {
        String message = problem.getMessage();
        boolean expected =
                problem instanceof IOException
                        || problem instanceof BelfryException
                        || problem instanceof ScrapeException;
        return message != null && expected ? message : problem.toString();
    }
}
