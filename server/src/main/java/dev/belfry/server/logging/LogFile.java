package dev.belfry.server.logging;

import dev.belfry.model.time.Timestamps;
import dev.belfry.server.http.JsonText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines as JSON in a file of bounded size: {@code belfry.log}, and before it {@code belfry.log.1}
 * to {@code belfry.log.4}. For one thread.
 */
final class LogFile implements LineSink, AutoCloseable {
    private static final long FILE_BYTES_MAX = 8L << 20;
    private static final int OLD_FILES_MAX = 4;

    private final Path file;
    private final long fileBytesMax;
    private @Nullable OutputStream stream;
    private long size;

    LogFile(Path folder) {
        this(folder, FILE_BYTES_MAX);
    }

    LogFile(Path folder, long fileBytesMax) {
        this.file = folder.resolve("belfry.log");
        this.fileBytesMax = fileBytesMax;
    }

    @Override
    public void accept(List<Line> lines) {
        StringBuilder whole = new StringBuilder();
        for (Line line : lines) {
            whole.append(json(line)).append('\n');
        }
        byte[] bytes = whole.toString().getBytes(StandardCharsets.UTF_8);
        try {
            open(bytes.length).write(bytes);
            size += bytes.length;
        } catch (IOException _) {
            // A full disk, mostly: there is nowhere to tell it but the error stream, which has it.
            close();
        }
    }

    @Override
    public void close() {
        OutputStream open = stream;
        stream = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException _) {
            // Nothing is buffered.
        }
    }

    static String json(Line line) {
        JsonText text = new JsonText(256).object();
        text.name("timestamp").text(Timestamps.format(line.epochNanos()));
        text.name("source").text(line.source());
        text.name("level").text(line.level().text());
        text.name("log_group").text(line.group());
        text.name("logger").text(line.logger());
        text.name("message").text(line.message());
        line.tags().forEach((name, value) -> text.name(name).value(value));
        String failure = line.failure();
        if (failure != null) {
            text.name("error").text(failure);
        }
        return text.endObject().toString();
    }

    private OutputStream open(int more) throws IOException {
        if (stream != null && size + more > fileBytesMax) {
            close();
            rotate();
        }
        OutputStream open = stream;
        if (open == null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            open =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            stream = open;
            size = Files.size(file);
        }
        return open;
    }

    private void rotate() throws IOException {
        for (int index = OLD_FILES_MAX; index > 0; index--) {
            Path from =
                    index == 1 ? file : file.resolveSibling(file.getFileName() + "." + (index - 1));
            try {
                Files.move(
                        from,
                        file.resolveSibling(file.getFileName() + "." + index),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException _) {
                // There are not yet so many.
            }
        }
    }
}
