package dev.belfry.receive.importer;

import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.exposition.ExpositionException;
import dev.belfry.receive.exposition.TextSamples;
import dev.belfry.receive.lines.LogFormat;
import dev.belfry.receive.series.SeriesSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Batches of samples of a file in one of Prometheus' text formats. */
final class SampleLines implements Batches {
    /*
     * What is said of a family stands before its samples, so each batch begins with the comments that hold where it
     * is cut. They are known when the file is read from its beginning, so a file that is gone on with is, too. Samples
     * that are sent again are the same ones, and need no idempotency key.
     */
    private static final int BATCH_SAMPLES_MAX = 10_000;
    private static final int BATCH_BYTES_MAX = 1 << 20;
    private static final int LINE_BYTES_MAX = 1 << 20;
    private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final InputStream input;
    private final InputFile.Opened opened;
    private final boolean openMetrics;
    private final @Nullable String source;
    private final ImportState start;
    private final byte[] buffer = new byte[64 << 10];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final ByteArrayOutputStream context = new ByteArrayOutputStream();
    private int at;
    private int filled;
    private String family = "";
    private int contextLines;
    private long offset;
    private long lines;
    private String probe = "";

    SampleLines(
            InputStream input,
            InputFile.Opened opened,
            LogFormat format,
            @Nullable String source,
            ImportState start) {
        this.input = input;
        this.opened = opened;
        this.openMetrics = format == LogFormat.OPENMETRICS;
        this.source = source;
        this.start = start;
    }

    @Override
    public @Nullable Batch next() throws IOException {
        while (offset < start.offset()) {
            if (!readLine()) {
                return null;
            }
            comment();
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(BATCH_BYTES_MAX / 2);
        body.writeBytes(context.toByteArray());
        long shift = lines - contextLines;
        long from = offset;
        long[] numbers = new long[BATCH_SAMPLES_MAX];
        int count = 0;
        while (count < BATCH_SAMPLES_MAX && body.size() < BATCH_BYTES_MAX && readLine()) {
            if (isSample()) {
                if (probe.isEmpty()) {
                    probe = probe();
                }
                numbers[count++] = lines;
            } else {
                comment();
            }
            if (!isEnd()) {
                line.writeTo(body);
            }
            body.write('\n');
        }
        if (offset == from) {
            return null;
        }
        if (openMetrics) {
            body.writeBytes(END);
        }
        return new Batch(
                openMetrics ? Batch.Kind.OPENMETRICS : Batch.Kind.PROMETHEUS,
                from,
                offset,
                lines,
                body.toByteArray(),
                Arrays.copyOf(numbers, count),
                shift,
                probe);
    }

    /* The next line, without its end, is in line; false at the end of the file. */
    private boolean readLine() throws IOException {
        line.reset();
        while (true) {
            if (at == filled) {
                at = 0;
                filled = Math.max(0, input.read(buffer));
                if (filled == 0) {
                    lines += line.size() > 0 ? 1 : 0;
                    return line.size() > 0;
                }
            }
            int stop = at;
            while (stop < filled && buffer[stop] != '\n') {
                stop++;
            }
            line.write(buffer, at, stop - at);
            boolean whole = stop < filled;
            offset += stop - at + (whole ? 1 : 0);
            at = whole ? stop + 1 : stop;
            if (whole) {
                lines++;
                return true;
            }
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException(
                        "line "
                                + (lines + 1)
                                + ": more than "
                                + LINE_BYTES_MAX
                                + " bytes (expected: samples, a line each)");
            }
        }
    }

    private boolean isSample() {
        String text = line.toString(StandardCharsets.UTF_8).strip();
        return !text.isEmpty() && text.charAt(0) != '#';
    }

    private boolean isEnd() {
        return line.size() <= END.length
                && line.toString(StandardCharsets.UTF_8).strip().equals("# EOF");
    }

    /* Keeps what is said of a family, until something is said of another one. */
    private void comment() {
        if (line.size() == 0 || line.toByteArray()[0] != '#') {
            return;
        }
        String[] words = line.toString(StandardCharsets.UTF_8).split("\\s+", 4);
        boolean known =
                words.length > 2
                        && (words[1].equals("TYPE")
                                || words[1].equals("HELP")
                                || words[1].equals("UNIT"));
        if (!known) {
            return;
        }
        if (!words[2].equals(family)) {
            family = words[2];
            context.reset();
            contextLines = 0;
        }
        context.writeBytes(line.toByteArray());
        context.write('\n');
        contextLines++;
    }

    /* By the first sample that has a time; others have none that could be asked for. */
    private String probe() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(context.toByteArray());
        text.writeBytes(line.toByteArray());
        byte[] bytes = text.toByteArray();
        FirstSample first = new FirstSample();
        TextSamples samples = new TextSamples(bytes, bytes.length, openMetrics, first, true, 0);
        try {
            return samples.next() && samples.isTimed()
                    ? SampleProbe.of(
                            first.labels, source, first.samples.build().timestampsMillis()[0])
                    : "";
        } catch (ExpositionException _) {
            return "";
        }
    }

    /** Keeps one sample. */
    private static final class FirstSample implements SeriesSink {
        private final KeyHash hash = new KeyHash(0);
        private final SampleBatch.Builder samples = new SampleBatch.Builder(1);
        private Labels labels = Labels.EMPTY;

        @Override
        public KeyHash begin() {
            return hash.reset(0);
        }

        @Override
        public int find() {
            return SeriesResolver.NONE;
        }

        @Override
        public int resolve(Labels of) {
            labels = of;
            return 0;
        }

        @Override
        public SampleBatch.Builder samples() {
            return samples;
        }

        @Override
        public boolean isNewFamily() {
            return false;
        }

        @Override
        public void family(String name, MetricType type, String unit, String help) {}
    }

    @Override
    public long rawPosition() {
        return opened.raw().count();
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
