package dev.belfry.server.scrape;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Where targets come from. */
interface Discovery {
    /**
     * The targets as they are now.
     *
     * @throws IOException when it cannot be asked; what it gave before holds
     * @throws ScrapeException when its answer is none
     */
    List<Group> targets() throws IOException, ScrapeException;

    /** How long an answer holds. */
    Duration refresh();
}
