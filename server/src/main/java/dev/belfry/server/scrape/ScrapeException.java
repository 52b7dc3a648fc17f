package dev.belfry.server.scrape;

/** A configuration that cannot be used, in one line. */
public final class ScrapeException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where, the value, and what was expected. */
    public ScrapeException(String message) {
        super(message);
    }
}
