package dev.belfry.metadata;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteSavedQueriesTest extends SavedQueriesContract {
    @TempDir private Path folder;

    @Override
    MetadataConfig config() {
        return MetadataConfig.sqlite(folder);
    }
}
