package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.receive.exposition.ExpositionException;
import dev.belfry.receive.exposition.ProtoSamples;
import dev.belfry.receive.exposition.TextSamples;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;
import dev.belfry.receive.series.SeriesSink;

/** Expositions that are sent, with or without times. */
public final class ExpositionImport {
    private static final int LINE_BYTES = 80;

    private ExpositionImport() {}

    /**
     * Reads the samples of {@code body[0 .. length)}; a wrong line of a text is an error of its
     * own, as is a metric of Protocol Buffers that cannot be taken.
     *
     * @param extra labels that every series gets; they replace its own
     * @param families what was told before
     * @param series finds the sender's series
     * @param defaultMillis the time of samples that have none, epoch milliseconds
     * @throws BelfryException VALIDATION_ERROR when Protocol Buffers are broken
     */
    public static DecodedSamples decode(
            byte[] body,
            int length,
            ExpositionFormat format,
            Labels extra,
            KnownFamilies families,
            SeriesIntake series,
            long defaultMillis) {
        SampleSink sink =
                new SampleSink(
                        series,
                        families.begin(defaultMillis),
                        Protocols.TEXT,
                        variant(format, extra),
                        length / LINE_BYTES,
                        DecodedSamples.ERRORS_MAX);
        SeriesSink target = extra.isEmpty() ? sink : new Extended(sink, extra);
        if (format == ExpositionFormat.PROTOBUF) {
            protobuf(body, length, target, defaultMillis);
        } else {
            boolean openMetrics = format == ExpositionFormat.OPEN_METRICS;
            TextSamples lines =
                    new TextSamples(body, length, openMetrics, target, true, defaultMillis);
            while (line(lines, sink)) {}
        }
        return sink.decoded();
    }

    /* Another text for each format and set of labels. */
    private static String variant(ExpositionFormat format, Labels extra) {
        StringBuilder text = new StringBuilder(format.name());
        extra.forEach((name, value) -> {
            text.append(' ').append(name.length()).append(' ').append(name);
            text.append(' ').append(value.length()).append(' ').append(value);
        });
        return text.toString();
    }

    private static boolean line(TextSamples lines, SampleSink sink) {
        sink.item();
        try {
            if (lines.next()) {
                return true;
            }
            sink.noItem();
            return false;
        } catch (ExpositionException wrong) {
            sink.refuse(ErrorCode.VALIDATION_ERROR, String.valueOf(wrong.getMessage()));
            return !lines.isDone();
        }
    }

    private static void protobuf(byte[] body, int length, SeriesSink target, long defaultMillis) {
        try {
            new ProtoSamples(body, length, target, true, defaultMillis).all();
        } catch (ExpositionException wrong) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: no exposition: " + wrong.getMessage());
        }
    }

    /**
     * Gives every series more labels.
     *
     * @param sink where they go
     * @param extra the labels
     */
    private record Extended(SampleSink sink, Labels extra) implements SeriesSink {
        @Override
        public void item() {
            sink.item();
        }

        @Override
        public KeyHash begin() {
            return sink.begin();
        }

        @Override
        public int find() {
            return sink.find();
        }

        @Override
        public int resolve(Labels labels) {
            Labels.Builder all = new Labels.Builder(labels);
            extra.forEach(all::set);
            return sink.resolve(all.build());
        }

        @Override
        public SampleBatch.Builder samples() {
            return sink.samples();
        }

        @Override
        public boolean isNewFamily() {
            return sink.isNewFamily();
        }

        @Override
        public void family(String name, MetricType type, String unit, String help) {
            sink.family(name, type, unit, help);
        }
    }
}
