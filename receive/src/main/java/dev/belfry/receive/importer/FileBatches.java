package dev.belfry.receive.importer;

import dev.belfry.receive.lines.EventReader;
import dev.belfry.receive.lines.FormatDetector;
import dev.belfry.receive.lines.LineEvent;
import dev.belfry.receive.lines.LogFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** Opens files. */
final class FileBatches {
    private FileBatches() {}

    /** The batches of {@code file} behind what {@code start} says. */
    static Batches open(InputFile file, ImportOptions options, ImportState start)
            throws IOException {
        InputFile.Opened opened = file.open();
        byte[] sample = opened.plain().readNBytes(FormatDetector.SAMPLE_BYTES);
        LogFormat format =
                options.format() == LogFormat.AUTO
                        ? FormatDetector.detect(sample)
                        : options.format();
        InputStream whole =
                new SequenceInputStream(new ByteArrayInputStream(sample), opened.plain());
        if (format.isMetrics()) {
            return new SampleLines(whole, opened, format, options.source(), start);
        }
        String source = options.source() == null ? file.sourceName() : options.source();
        LineEvent event = new LineEvent(source, options.source() != null);
        if (format == LogFormat.PARQUET) {
            opened.plain().close();
            return new EventBatches(ParquetSource.open(file, options, start), event, start);
        }
        whole.skipNBytes(start.offset());
        EventReader.Setting setting =
                new EventReader.Setting(
                        format,
                        sample,
                        options.zone(),
                        start.referenceSeconds(),
                        options.source() != null);
        EventReader reader = new EventReader(whole, setting, start.offset(), start.lines());
        return new EventBatches(new LineSource(reader, opened, file.size()), event, start);
    }
}
