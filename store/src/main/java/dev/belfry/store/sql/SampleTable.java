package dev.belfry.store.sql;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.JsonText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Writes the samples of a call into a table of a query's instance; for one thread. */
final class SampleTable implements Consumer<SeriesSamples>, AutoCloseable {
    /** The table; no query can name it. */
    static final String NAME = "belfry_samples";

    private final QueryContext context;
    private final int call;
    private final DuckDBAppender appender;
    private int waiting;

    SampleTable(Connection connection, QueryContext context, int call) throws SQLException {
        this.context = context;
        this.call = call;
        appender = connection.unwrap(DuckDBConnection.class).createAppender("main", NAME);
    }

    @Override
    public void accept(SeriesSamples series) {
        context.check();
        Labels labels = series.labels();
        String name = labels.metricName();
        String json = json(labels);
        long[] times = new long[Limits.SAMPLES_AT_ONCE];
        double[] numbers = new double[Limits.SAMPLES_AT_ONCE];
        @Nullable FloatHistogram[] histograms = new @Nullable FloatHistogram[numbers.length];
        int count = 0;
        boolean some = false;
        for (int i = 0; i < series.size(); i++) {
            FloatHistogram histogram = series.histogram(i);
            if (histogram == null && StaleNaN.is(series.values()[i])) {
                continue;
            }
            times[count] = series.timestampsMillis()[i];
            numbers[count] = series.values()[i];
            histograms[count++] = histogram;
            some |= histogram != null;
            if (count == numbers.length) {
                add(name, json, times, numbers, some ? histograms : null, count);
                count = 0;
                some = false;
            }
        }
        if (count > 0) {
            add(name, json, times, numbers, some ? histograms : null, count);
        }
    }

    private void add(
            String name,
            String labels,
            long[] times,
            double[] numbers,
            @Nullable FloatHistogram @Nullable [] histograms,
            int count) {
        try {
            appender.beginRow().append(call).append(name).append(labels);
            appender.append(Arrays.copyOf(times, count));
            if (histograms == null) {
                appender.append(Arrays.copyOf(numbers, count)).appendNull();
            } else {
                addHistograms(Arrays.copyOf(numbers, count), histograms);
            }
            appender.endRow();
            context.cost().addRows(count);
            waiting += count;
            if (waiting >= Limits.SAMPLES_WAITING) {
                appender.flush();
                waiting = 0;
                context.check();
            }
        } catch (SQLException failure) {
            throw new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "memory: more samples than fit (expected: fewer series, or a shorter time)",
                    failure);
        }
    }

    private void addHistograms(double[] numbers, @Nullable FloatHistogram[] histograms)
            throws SQLException {
        boolean[] isNull = new boolean[numbers.length];
        @Nullable String[] texts = new @Nullable String[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            FloatHistogram histogram = histograms[i];
            isNull[i] = histogram != null;
            texts[i] = histogram == null ? null : json(histogram);
        }
        List<@Nullable String> list = Arrays.asList(texts);
        appender.append(numbers, isNull).append(list);
    }

    private static String json(Labels labels) {
        StringBuilder json = new StringBuilder("{");
        labels.forEach((name, value) -> {
            if (!name.equals(Labels.NAME)) {
                JsonText.quote(json.append(json.length() == 1 ? "" : ","), name);
                JsonText.quote(json.append(':'), value);
            }
        });
        return json.append('}').toString();
    }

    private static String json(FloatHistogram histogram) {
        StringBuilder json = new StringBuilder("{\"count\":");
        number(histogram.count(), json);
        number(histogram.sum(), json.append(",\"sum\":"));
        json.append(",\"buckets\":[");
        String comma = "";
        for (FloatHistogram.Bucket bucket : histogram.buckets()) {
            number(bucket.lower(), json.append(comma).append("{\"lower\":"));
            number(bucket.upper(), json.append(",\"upper\":"));
            number(bucket.count(), json.append(",\"count\":"));
            json.append('}');
            comma = ",";
        }
        return json.append("]}").toString();
    }

    /* JSON has no others than finite numbers; the rest are texts that DuckDB takes for numbers. */
    private static void number(double value, StringBuilder json) {
        if (Double.isFinite(value)) {
            json.append(value);
        } else {
            json.append('"').append(Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
            json.append('"');
        }
    }

    @Override
    public void close() throws SQLException {
        appender.close();
    }
}
