package dev.belfry.receive.importer;

import dev.belfry.receive.lines.EventReader;
import dev.belfry.receive.lines.LineEvent;
import java.io.IOException;

/** Events of a file of lines. */
final class LineSource implements EventSource {
    private final EventReader reader;
    private final InputFile.Opened opened;
    private final long rawSize;

    LineSource(EventReader reader, InputFile.Opened opened, long rawSize) {
        this.reader = reader;
        this.opened = opened;
        this.rawSize = rawSize;
    }

    @Override
    public boolean next(LineEvent event) throws IOException {
        return reader.next(event);
    }

    @Override
    public long endOffset() {
        return reader.endOffset();
    }

    @Override
    public long lineNumber() {
        return reader.lineNumber();
    }

    @Override
    public long linesRead() {
        return reader.linesRead();
    }

    @Override
    public long rawPosition() {
        return opened.raw().count();
    }

    @Override
    public long rawSize() {
        return rawSize;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
