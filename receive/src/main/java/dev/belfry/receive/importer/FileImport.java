package dev.belfry.receive.importer;

import dev.belfry.receive.lines.EventReader;
import dev.belfry.receive.lines.FormatDetector;
import dev.belfry.receive.lines.LineEvent;
import dev.belfry.receive.lines.LogFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends one file: reads, cuts into batches, keeps some of them in flight. Used once. */
final class FileImport {
    /** Batches on their way at a time: enough to hide the server's force, few enough to be fair. */
    private static final int IN_FLIGHT_MAX = 4;

    /* A batch ends behind the event that fills it, so its bounds follow from where it begins. */
    private static final int BATCH_EVENTS_MAX = 1_000;
    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final InputFile file;
    private final ImportOptions options;
    private final BelfryClient client;
    private final Acknowledgements acknowledgements;
    private final Progress progress;
    private final Semaphore permits = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    FileImport(
            InputFile file,
            ImportOptions options,
            BelfryClient client,
            Acknowledgements acknowledgements,
            Progress progress) {
        this.file = file;
        this.options = options;
        this.client = client;
        this.acknowledgements = acknowledgements;
        this.progress = progress;
    }

    /** Sends everything behind what is acknowledged. */
    void run() throws IOException, BelfryClient.FailedException, InterruptedException {
        ImportState start = acknowledgements.state();
        String source = options.source() == null ? file.sourceName() : options.source();
        LineEvent event = new LineEvent(source, options.source() != null);
        try (EventSource events = open(start)) {
            long offset = start.offset();
            while (failure.get() == null && !stopped) {
                Batch batch = batch(events, event, offset);
                if (batch == null) {
                    break;
                }
                offset = batch.toOffset();
                permits.acquire();
                Thread.startVirtualThread(() -> send(batch));
                progress.at(events.rawPosition(), acknowledgements.events());
            }
            permits.acquire(IN_FLIGHT_MAX);
            check();
            if (!stopped) {
                acknowledgements.complete(file.size());
            }
        } finally {
            progress.finish();
            acknowledgements.save();
        }
    }

    /** Takes no further batch; those in flight end. */
    void stop() {
        stopped = true;
    }

    private void send(Batch batch) {
        try {
            acknowledgements.add(batch, client.send(batch));
        } catch (IOException | InterruptedException | BelfryClient.FailedException failed) {
            failure.compareAndSet(null, failed);
        } catch (RuntimeException bug) {
            failure.compareAndSet(null, bug);
            throw bug;
        } finally {
            permits.release();
        }
    }

    private void check() throws IOException, BelfryClient.FailedException, InterruptedException {
        Exception failed = failure.get();
        switch (failed) {
            case null -> {}
            case IOException disk -> throw disk;
            case InterruptedException interrupted -> throw interrupted;
            case BelfryClient.FailedException refused -> throw refused;
            default -> throw new IllegalStateException(failed);
        }
    }

    private @Nullable Batch batch(EventSource events, LineEvent event, long from)
            throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(BATCH_BYTES_MAX / 2);
        long[] lines = new long[BATCH_EVENTS_MAX];
        int count = 0;
        while (count < BATCH_EVENTS_MAX && body.size() < BATCH_BYTES_MAX && events.next(event)) {
            event.writeTo(body);
            body.write('\n');
            lines[count++] = events.lineNumber();
        }
        if (count == 0) {
            return null;
        }
        long to = events.endOffset();
        ImportState state = acknowledgements.state();
        return new Batch(
                from,
                to,
                events.linesRead(),
                body.toByteArray(),
                Arrays.copyOf(lines, count),
                Hashes.of("import", state.blockHash(), state.salt(), from, to));
    }

    private EventSource open(ImportState start) throws IOException {
        InputFile.Opened opened = file.open();
        byte[] sample = opened.plain().readNBytes(FormatDetector.SAMPLE_BYTES);
        LogFormat format =
                options.format() == LogFormat.AUTO
                        ? FormatDetector.detect(sample)
                        : options.format();
        if (format == LogFormat.PARQUET) {
            opened.plain().close();
            return ParquetSource.open(file, options, start);
        }
        InputStream whole =
                new SequenceInputStream(new ByteArrayInputStream(sample), opened.plain());
        whole.skipNBytes(start.offset());
        EventReader.Setting setting =
                new EventReader.Setting(
                        format,
                        sample,
                        options.zone(),
                        start.referenceSeconds(),
                        options.source() != null);
        EventReader reader = new EventReader(whole, setting, start.offset(), start.lines());
        return new LineSource(reader, opened, file.size());
    }
}
