package dev.belfry.metadata;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class SqliteSavedQueriesTest extends SavedQueriesContract {
    @TempDir private Path folder;

    @Override
    MetadataConfig config() {
        return MetadataConfig.sqlite(folder);
    }
}
