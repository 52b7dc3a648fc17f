package dev.belfry.receive;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.PushBatch;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Series in memory, for tests of decoders; prints what they found. */
public final class MemoryResolver implements SeriesResolver {
    private record Key(long high, long low) {}

    private final Map<Key, Integer> keys = new HashMap<>();
    private final Map<Labels, Integer> numbers = new HashMap<>();
    private final List<Labels> labels = new ArrayList<>();

    /** How often labels were read. */
    public int resolved;

    /** More series are refused. */
    public int seriesMax = Integer.MAX_VALUE;

    @Override
    public long seed() {
        return 42;
    }

    @Override
    public int find(long keyHigh, long keyLow) {
        return keys.getOrDefault(new Key(keyHigh, keyLow), NONE);
    }

    @Override
    public int resolve(long keyHigh, long keyLow, Labels of) {
        resolved++;
        Integer number = numbers.get(of);
        if (number == null) {
            if (labels.size() >= seriesMax) {
                throw new dev.belfry.model.BelfryException(
                        dev.belfry.model.ErrorCode.VALIDATION_ERROR, "series: too many");
            }
            number = labels.size();
            labels.add(of);
            numbers.put(of, number);
        }
        keys.put(new Key(keyHigh, keyLow), number);
        return number;
    }

    @Override
    public Labels labels(int series) {
        return labels.get(series);
    }

    /** Samples as {@code name{labels} value @millis}, then exemplars and families. */
    public List<String> lines(DecodedSamples decoded) {
        List<String> lines = new ArrayList<>();
        SampleBatch batch = decoded.batch();
        for (int i = 0; i < batch.count(); i++) {
            FloatHistogram histogram = batch.histogram(i);
            double value = batch.values()[i];
            String shown =
                    histogram != null
                            ? histogram.toString()
                            : StaleNaN.is(value) ? "stale" : Floats.shortest(value);
            String start = batch.startMillis(i) == 0 ? "" : " from " + batch.startMillis(i);
            lines.add(line(batch.series()[i], shown, batch.timestampsMillis()[i]) + start);
        }
        PushBatch pushed = decoded.pushed();
        for (int i = 0; i < pushed.count(); i++) {
            String shown =
                    pushed.histograms() != null && pushed.histograms()[i] != null
                            ? String.valueOf(pushed.histograms()[i])
                            : Floats.shortest(pushed.values()[i]);
            lines.add(
                    pushed.kind(i)
                            + " "
                            + line(pushed.series()[i], shown, pushed.timestampsMillis()[i]));
        }
        for (SeriesExemplar each : batch.exemplars()) {
            Exemplar exemplar = each.exemplar();
            lines.add(
                    "# "
                            + exemplar.labels()
                            + " "
                            + line(
                                    each.series(),
                                    Floats.shortest(exemplar.value()),
                                    exemplar.timestampMillis()));
        }
        for (MetricMetadata family : batch.metadata()) {
            lines.add(
                    "family "
                            + family.family()
                            + " "
                            + family.type().text()
                            + " "
                            + family.unit()
                            + " "
                            + family.help());
        }
        return lines;
    }

    private String line(int series, String value, long millis) {
        Labels of = labels(series);
        String rest = of.drop(List.of(Labels.NAME)).toString();
        return of.metricName() + rest + " " + value + " @" + millis;
    }
}
