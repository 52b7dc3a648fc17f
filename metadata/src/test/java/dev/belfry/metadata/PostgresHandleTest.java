package dev.belfry.metadata;

import dev.belfry.testkit.PostgresServer;
import java.nio.file.Path;

final class PostgresHandleTest extends HandleContract {
    private final String url = PostgresServer.shared().createSchema();

    @Override
    MetadataConfig config() {
        return MetadataConfig.of(Path.of("no-such-folder"), url);
    }
}
