package dev.belfry.server.logging;

import java.util.List;

/** Takes lines of Belfry's own log. */
@FunctionalInterface
public interface LineSink {
    /** Takes {@code lines}; what it throws is not told to anybody, lest it feed itself. */
    void accept(List<Line> lines);
}
