package dev.belfry.server;

import dev.belfry.metadata.MetadataException;
import dev.belfry.model.BelfryException;
import dev.belfry.server.config.Config;
import dev.belfry.server.config.ConfigException;
import dev.belfry.server.config.Keys;
import dev.belfry.server.scrape.ScrapeException;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Belfry cannot start; the message is one line that says why and what to do. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }

    private StartException(String message, Throwable cause) {
        super(message, cause);
    }

    static StartException of(Throwable failure, Config config) {
        if (failure instanceof StartException said) {
            return said;
        }
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String listen = config.get(Keys.SERVER_LISTEN);
        long port = config.get(Keys.SERVER_PORT);
        if (isTaken(cause)) {
            return new StartException(
                    "server.port: "
                            + port
                            + " of "
                            + listen
                            + " cannot be had: "
                            + cause.getMessage()
                            + " (expected: a free port; --port 0 takes any)",
                    failure);
        }
        if (cause instanceof UnknownHostException) {
            return new StartException(
                    "server.listen: " + listen + " (expected: an address of this machine)",
                    failure);
        }
        boolean known =
                cause instanceof BelfryException
                        || cause instanceof MetadataException
                        || cause instanceof ConfigException
                        || cause instanceof ScrapeException
                        || cause instanceof IOException;
        String text = known ? String.valueOf(cause.getMessage()) : cause.toString();
        return new StartException(text.lines().findFirst().orElse(text), failure);
    }

    /** That a port which was asked for cannot be had. */
    static StartException port(String key, long port, Throwable failure) {
        return new StartException(
                key + ": " + port + " cannot be had (expected: a free port, or 0 for none)",
                failure);
    }

    /** Netty's native transport has an exception of its own. */
    private static boolean isTaken(Throwable cause) {
        return cause instanceof BindException
                || (cause instanceof IOException
                        && String.valueOf(cause.getMessage()).contains("bind("));
    }
}
