package dev.belfry.metadata;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the metadata is kept.
 *
 * @param dataFolder the folder that holds {@code belfry.db} when there is no {@code databaseUrl}
 * @param databaseUrl {@code postgres://user:password@host:port/database?options}, {@code
 *     postgresql://…} or {@code jdbc:postgresql:…}; null for SQLite. Never logged.
 * @param poolMax connections to PostgreSQL at most (4 to 100: the migrations need some); SQLite has
 *     its own numbers
 * @param connectTimeout how long {@link MetadataStore#open} tries to reach the database (&gt; 0)
 */
public record MetadataConfig(
        Path dataFolder, @Nullable String databaseUrl, int poolMax, Duration connectTimeout) {

    /** Name of the SQLite file in the data folder. */
    public static final String FILE_NAME = "belfry.db";

    public MetadataConfig {
        if (poolMax < 4 || poolMax > 100) {
            throw new IllegalArgumentException("poolMax: " + poolMax + " (expected: 4 to 100)");
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            throw new IllegalArgumentException(
                    "connectTimeout: " + connectTimeout + " (expected: > 0s)");
        }
    }

    /** SQLite in {@code dataFolder}. */
    public static MetadataConfig sqlite(Path dataFolder) {
        return of(dataFolder, null);
    }

    /** SQLite in {@code dataFolder}, or the PostgreSQL of {@code databaseUrl} when not blank. */
    public static MetadataConfig of(Path dataFolder, @Nullable String databaseUrl) {
        String url = databaseUrl == null || databaseUrl.isBlank() ? null : databaseUrl.strip();
        return new MetadataConfig(dataFolder, url, 8, Duration.ofSeconds(10));
    }

    /** The same with another time limit for reaching the database. */
    public MetadataConfig withConnectTimeout(Duration timeout) {
        return new MetadataConfig(dataFolder, databaseUrl, poolMax, timeout);
    }

    /** Without the URL, since it holds a password. */
    @Override
    public String toString() {
        return databaseUrl == null
                ? "MetadataConfig[sqlite in " + dataFolder + "]"
                : "MetadataConfig[postgresql, poolMax=" + poolMax + "]";
    }
}
