package dev.belfry.metadata;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteHandleTest extends HandleContract {
    @TempDir private Path folder;

    @Override
    MetadataConfig config() {
        return MetadataConfig.sqlite(folder);
    }
}
