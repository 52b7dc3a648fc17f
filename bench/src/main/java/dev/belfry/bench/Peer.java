package dev.belfry.bench;

import java.nio.file.Path;

/** Another system under the same load. */
interface Peer {
    /**
     * Sends {@code events} events and asks the questions of {@link Question}.
     *
     * @param folder an empty one for what it needs
     * @param figures where the results go
     * @return how it was set up, in one line
     */
    String measure(Path folder, long events, Figures figures) throws Exception;

    /** The peer of this name. */
    static Peer of(String name) {
        return switch (name) {
            case "postgres" -> new PostgresPeer(false);
            case "postgres-values" -> new PostgresPeer(true);
            case "chdb" -> new ChdbPeer();
            case "opensearch" -> new OpenSearchPeer();
            default ->
                    throw new IllegalArgumentException(
                            "--peers: "
                                    + name
                                    + " (expected: postgres, postgres-values, chdb, opensearch)");
        };
    }
}
