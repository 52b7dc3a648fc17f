package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Pages of {@code docs/} that are made by the program; {@code -Dbelfry.docs=write} writes them. */
public final class Docs {
    private Docs() {}

    /** Asserts that {@code docs/<name>} is {@code expected}. */
    public static void assertSame(String name, String expected) {
        Path file = Path.of("..", "docs", name);
        try {
            if ("write".equals(System.getProperty("belfry.docs"))) {
                Files.writeString(file, expected);
            }
            assertThat(Files.readString(file))
                    .as("docs/" + name + " (write it with -Dbelfry.docs=write)")
                    .isEqualTo(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
