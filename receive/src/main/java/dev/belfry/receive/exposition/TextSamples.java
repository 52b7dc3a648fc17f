package dev.belfry.receive.exposition;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.exposition.TextReader.Line;
import dev.belfry.receive.series.Exemplars;
import dev.belfry.receive.series.NumberText;
import dev.belfry.receive.series.SeriesSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Brings the lines of a text to a sink; for one thread, used once. */
public final class TextSamples {
    private final TextReader reader;
    private final byte[] text;
    private final SeriesSink sink;
    private final boolean openMetrics;
    private final boolean honorTimes;
    private final long defaultMillis;
    private final NumberText numbers = new NumberText();
    private final Pending family = new Pending();

    /**
     * Lines of {@code text[0 .. length)}.
     *
     * @param honorTimes whether the times that samples have count
     * @param defaultMillis the time of the others
     */
    public TextSamples(
            byte[] text,
            int length,
            boolean openMetrics,
            SeriesSink sink,
            boolean honorTimes,
            long defaultMillis) {
        this.reader = new TextReader(text, length, openMetrics);
        this.text = text;
        this.sink = sink;
        this.openMetrics = openMetrics;
        this.honorTimes = honorTimes;
        this.defaultMillis = defaultMillis;
    }

    /** What is said of a family in comments, until its first sample. */
    private static final class Pending {
        int nameFrom;
        int nameTo;
        int helpFrom;
        int helpTo;
        int unitFrom;
        int unitTo;
        MetricType type = MetricType.UNKNOWN;
        boolean any;
    }

    /**
     * Goes on to the next sample and passes it on.
     *
     * @return false at the end
     * @throws ExpositionException when a line is wrong; the next call goes on behind it
     */
    public boolean next() {
        while (true) {
            switch (reader.next()) {
                case SAMPLE -> {
                    if (family.any) {
                        tell();
                    }
                    sample();
                    return true;
                }
                case TYPE -> comment(Line.TYPE);
                case HELP -> comment(Line.HELP);
                case UNIT -> comment(Line.UNIT);
                case END -> {
                    if (family.any) {
                        tell();
                    }
                    reader.close();
                    return false;
                }
            }
        }
    }

    /** Whether all lines were passed, good and wrong ones. */
    public boolean isDone() {
        return reader.isDone();
    }

    /** Whether the sample passed last has a time of its own that counts. */
    public boolean isTimed() {
        return honorTimes && reader.timed;
    }

    private void comment(Line line) {
        boolean same =
                family.any
                        && Arrays.equals(
                                text,
                                family.nameFrom,
                                family.nameTo,
                                text,
                                reader.familyFrom,
                                reader.familyTo);
        if (!same) {
            if (family.any) {
                tell();
            }
            family.any = true;
            family.nameFrom = reader.familyFrom;
            family.nameTo = reader.familyTo;
            family.helpFrom = 0;
            family.helpTo = 0;
            family.unitFrom = 0;
            family.unitTo = 0;
            family.type = MetricType.UNKNOWN;
            if (line != Line.TYPE) {
                reader.type = MetricType.UNKNOWN;
            }
        }
        if (line == Line.TYPE) {
            family.type = reader.type;
        } else if (line == Line.HELP) {
            family.helpFrom = reader.wordsFrom;
            family.helpTo = reader.wordsTo;
        } else {
            family.unitFrom = reader.wordsFrom;
            family.unitTo = reader.wordsTo;
        }
    }

    private void tell() {
        family.any = false;
        sink.beginFamily()
                .add(family.type.ordinal())
                .add(text, family.nameFrom, family.nameTo - family.nameFrom)
                .add(text, family.helpFrom, family.helpTo - family.helpFrom)
                .add(text, family.unitFrom, family.unitTo - family.unitFrom);
        if (!sink.isNewFamily()) {
            return;
        }
        String name = SeriesText.unescaped(text, family.nameFrom, family.nameTo);
        boolean bare = openMetrics && family.type == MetricType.COUNTER && !name.endsWith("_total");
        sink.family(
                bare ? name + "_total" : name,
                family.type,
                new String(
                        text,
                        family.unitFrom,
                        family.unitTo - family.unitFrom,
                        StandardCharsets.UTF_8),
                SeriesText.unescaped(text, family.helpFrom, family.helpTo));
    }

    private void sample() {
        MetricType type = reader.type;
        boolean numbered = type == MetricType.HISTOGRAM || type == MetricType.SUMMARY;
        sink.begin()
                .add(numbered ? type.ordinal() : 0)
                .add(text, reader.seriesFrom, reader.seriesTo - reader.seriesFrom);
        int series = sink.find();
        if (series == SeriesResolver.NONE) {
            series = resolve(type);
        }
        if (series < 0) {
            return;
        }
        long millis = isTimed() ? reader.millis : defaultMillis;
        sink.samples().add(series, millis, reader.value);
        if (reader.exemplarTo > reader.exemplarFrom) {
            exemplar(series, millis);
        }
    }

    private int resolve(MetricType type) {
        Labels labels;
        try {
            labels = SeriesText.read(text, reader.seriesFrom, reader.seriesTo, type);
        } catch (ExpositionException failure) {
            throw reader.wrong(String.valueOf(failure.getMessage()));
        }
        return sink.resolve(labels);
    }

    /* {labels} value [time in seconds]; the labels are bounded as OpenMetrics has it. */
    private void exemplar(int series, long sampleMillis) {
        SeriesText.Exemplary read;
        try {
            int from = reader.exemplarFrom;
            read = SeriesText.exemplar(text, from, reader.exemplarTo);
        } catch (ExpositionException failure) {
            throw reader.wrong("an exemplar: " + failure.getMessage());
        }
        int valueFrom = word(read.to(), true);
        int valueTo = word(valueFrom, false);
        double value = numbers.read(text, valueFrom, valueTo);
        if (!numbers.valid) {
            throw reader.wrong("a number as the exemplar's value");
        }
        int timeFrom = word(valueTo, true);
        int timeTo = word(timeFrom, false);
        double seconds =
                timeFrom == timeTo ? sampleMillis / 1e3 : numbers.read(text, timeFrom, timeTo);
        if (!numbers.valid || word(timeTo, true) != reader.exemplarTo) {
            throw reader.wrong("the exemplar's time in seconds, and the end of the line");
        }
        if (Exemplars.fit(read.labels())) {
            long millis = timeFrom == timeTo ? sampleMillis : Math.round(seconds * 1000);
            sink.samples().add(series, new Exemplar(read.labels(), value, millis));
        }
    }

    private int word(int from, boolean blank) {
        int at = from;
        while (at < reader.exemplarTo && TextReader.isBlank(text[at]) == blank) {
            at++;
        }
        return at;
    }
}
