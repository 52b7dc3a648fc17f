package dev.belfry.receive.lines;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of a stream with the offsets at which they end; for one thread. */
final class LineInput implements Closeable {
    /** Bytes of a line; a longer one is cut into several, so that each is an event that fits. */
    static final int LINE_BYTES_MAX = 200 << 10;

    private final InputStream input;
    private byte[] buffer = new byte[256 << 10];
    private int from;
    private int to;
    private boolean ended;
    private long offset;
    private long lineNumber;

    LineInput(InputStream input, long offset, long lineNumber) {
        this.input = input;
        this.offset = offset;
        this.lineNumber = lineNumber;
    }

    /** Where the line read last ends, its line end included. */
    long offset() {
        return offset;
    }

    /** The number of the line read last, from 1. */
    long lineNumber() {
        return lineNumber;
    }

    /** The next line without its end, or null at the end of the stream. */
    @Nullable String next() throws IOException {
        int searched = from;
        while (true) {
            for (int at = searched; at < to; at++) {
                if (buffer[at] == '\n' || at - from == LINE_BYTES_MAX) {
                    return take(at, buffer[at] == '\n' ? at + 1 : at);
                }
            }
            searched = to;
            if (ended) {
                return from == to ? null : take(to, to);
            }
            searched -= fill();
        }
    }

    private String take(int end, int next) {
        int textEnd = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
        String line = new String(buffer, from, textEnd - from, StandardCharsets.UTF_8);
        if (offset == 0 && line.startsWith("\uFEFF")) {
            line = line.substring(1);
        }
        offset += next - from;
        from = next;
        lineNumber++;
        return line;
    }

    /* Reads more; answers by how much the unread bytes moved to the front. */
    private int fill() throws IOException {
        int moved = from;
        if (moved > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * buffer.length);
        }
        int read = input.read(buffer, to, buffer.length - to);
        if (read < 0) {
            ended = true;
        } else {
            to += read;
        }
        return moved;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
