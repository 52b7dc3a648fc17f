package dev.belfry.receive.lines;

import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.time.TimeReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of a stream of lines, one after the other, with the offsets at which they end. */
public final class EventReader implements Closeable {
    private static final int RECORD_CHARACTERS_MAX = 100_000;
    private static final int RECORD_LINES_MAX = 2_000;
    private static final int TIMED_PERCENT_MIN = 20;

    private final LineInput input;
    private final LineParser parser;
    private final long fallbackNanos;

    private @Nullable String ahead;
    private long aheadNumber;
    private long offsetBeforeAhead;
    private long lineNumber;

    /**
     * What is known about the lines of a file.
     *
     * @param format any but AUTO and PARQUET
     * @param sample the file's beginning, at most {@link FormatDetector#SAMPLE_BYTES}
     * @param zone where times without zone were written
     * @param referenceSeconds when the last line was written, at the latest; epoch seconds
     * @param sourceIsFixed whether sources that lines name are not taken
     */
    public record Setting(
            LogFormat format,
            byte[] sample,
            ZoneId zone,
            long referenceSeconds,
            boolean sourceIsFixed) {}

    /**
     * A reader of {@code input}, which stands at {@code offset} of the file, where line {@code
     * lineNumber} (from 0: lines before) begins.
     */
    public EventReader(InputStream input, Setting setting, long offset, long lineNumber) {
        this.input = new LineInput(input, offset, lineNumber);
        this.offsetBeforeAhead = offset;
        this.lineNumber = lineNumber;
        this.parser = parser(setting);
        this.fallbackNanos = Timestamps.nanosOf(setting.referenceSeconds, 0);
    }

    private static LineParser parser(Setting setting) {
        TimeReader times = new TimeReader(setting.zone, setting.referenceSeconds);
        FieldPlaces places = new FieldPlaces(times);
        List<String> lines = FormatDetector.lines(setting.sample);
        LineParser text = new TextLines(times, places, isTimed(lines, times));
        return switch (setting.format) {
            case NDJSON -> new JsonLines(places, text, setting.sourceIsFixed);
            case TEXT -> text;
            case CLF -> new AccessLines(times, text);
            case LOGFMT -> new LogfmtLines(places, text);
            case CSV -> new TableLines(places, lines.isEmpty() ? "" : lines.getFirst());
            case AUTO, PARQUET, PROMETHEUS, OPENMETRICS ->
                    throw new IllegalStateException("BUG: no lines in " + setting.format);
        };
    }

    private static boolean isTimed(List<String> lines, TimeReader times) {
        int timed = 0;
        for (String line : lines) {
            timed += line.charAt(0) > ' ' && times.find(line) ? 1 : 0;
        }
        boolean first = !lines.isEmpty() && times.find(lines.getFirst());
        return first || timed * 100 > lines.size() * TIMED_PERCENT_MIN;
    }

    /** Fills {@code event} with the next event; false at the end. */
    public boolean next(LineEvent event) throws IOException {
        while (true) {
            String record = record();
            if (record == null) {
                return false;
            }
            event.clear();
            if (parser.parse(record, event)) {
                if (event.timestampNanos() == Timestamps.NONE) {
                    event.timestampNanos(fallbackNanos);
                }
                return true;
            }
        }
    }

    /** The number of the first line of the event read last, from 1. */
    public long lineNumber() {
        return lineNumber;
    }

    /** The number of lines before {@link #endOffset()}. */
    public long linesRead() {
        return ahead == null ? input.lineNumber() : aheadNumber - 1;
    }

    /** Where the event read last ends, and reading can go on. */
    public long endOffset() {
        return offsetBeforeAhead;
    }

    private @Nullable String record() throws IOException {
        String first = ahead != null ? ahead : line();
        if (first == null) {
            return null;
        }
        lineNumber = aheadNumber;
        StringBuilder several = null;
        int count = 1;
        while (true) {
            String next = line();
            ahead = next;
            boolean full =
                    count == RECORD_LINES_MAX
                            || next != null
                                    && (several == null ? first.length() : several.length())
                                                    + next.length()
                                            > RECORD_CHARACTERS_MAX;
            if (next == null
                    || full
                    || !parser.continues(several == null ? first : several, next)) {
                return several == null ? first : several.toString();
            }
            if (several == null) {
                several = new StringBuilder(first);
            }
            several.append('\n').append(next);
            count++;
        }
    }

    /* The next line that is not blank; the offset behind the line before it is kept. */
    private @Nullable String line() throws IOException {
        while (true) {
            offsetBeforeAhead = input.offset();
            String line = input.next();
            if (line == null || !line.isBlank()) {
                aheadNumber = input.lineNumber();
                return line;
            }
        }
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
