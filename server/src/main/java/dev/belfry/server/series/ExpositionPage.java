package dev.belfry.server.series;

import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.model.series.MetricType;
import dev.belfry.server.metrics.PrometheusText;
import dev.belfry.server.metrics.TextStyle;
import dev.belfry.server.series.CurrentSeries.Current;
import dev.belfry.store.QueryContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What series are now as Prometheus' text or as OpenMetrics, made piece by piece: some families at
 * a time, some series of a large one. For one thread at a time, used once.
 */
final class ExpositionPage implements AutoCloseable {
    /*
     * Series of one family stand together under its HELP and TYPE; those of histograms and summaries by their labels,
     * buckets in the order of their bounds. Names that look equal to the reader are one family. In OpenMetrics a
     * counter ends in _total; one that does not is of unknown type there.
     */
    private static final int SERIES_AT_ONCE = 8_192;
    private static final int FAMILIES_AT_ONCE = 512;
    private static final long SERIES_BYTES = 300;

    /* What one costs, in steps of work. */
    private static final int SERIES_STEPS = 1_000;
    private static final List<String> SUFFIXES = List.of("_bucket", "_sum", "_count");

    /* The metrics that stand together. */
    private record Family(String shown, @Nullable MetricMetadata known, List<String> names) {
        MetricType type() {
            return known == null ? MetricType.UNKNOWN : known.type();
        }

        boolean isOfParts() {
            return type() == MetricType.HISTOGRAM
                    || type() == MetricType.SUMMARY
                    || type() == MetricType.GAUGEHISTOGRAM;
        }
    }

    private final TextStyle style;
    private final MetricGroup group;
    private final long nowMillis;
    private final Map<String, MetricMetadata> known = new HashMap<>();
    private final List<Family> families;
    private final PrometheusText text;
    private int at;
    private int step = FAMILIES_AT_ONCE;
    private @Nullable CurrentSeries large;
    private boolean begun;

    /**
     * A page of the metrics {@code names}.
     *
     * @param metadata what is known of them
     * @param group of which its series are
     */
    ExpositionPage(
            TextStyle style,
            List<MetricMetadata> metadata,
            List<String> names,
            MetricGroup group,
            long nowMillis) {
        this.style = style;
        this.group = group;
        this.nowMillis = nowMillis;
        this.text = new PrometheusText(style.escaping(), 1 << 16);
        metadata.forEach(each -> known.putIfAbsent(each.family(), each));
        Map<String, Family> byShown = new TreeMap<>();
        for (String name : names) {
            String family = family(name);
            String shown = style.escaping().metric(family);
            byShown.computeIfAbsent(
                            shown, _ -> new Family(shown, known.get(family), new ArrayList<>()))
                    .names()
                    .add(name);
        }
        this.families = List.copyOf(byShown.values());
    }

    private String family(String name) {
        if (known.containsKey(name)) {
            return name;
        }
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                String family = name.substring(0, name.length() - suffix.length());
                MetricMetadata of = known.get(family);
                if (of != null && new Family(family, of, List.of()).isOfParts()) {
                    return family;
                }
            }
        }
        return name;
    }

    /** Whether all has been written. */
    boolean isDone() {
        return at == families.size();
    }

    /**
     * The next piece, read from {@code reader} as long as {@code context} lets it; it may be empty.
     */
    byte[] next(MetricReader reader, QueryContext context) {
        if (large != null) {
            more(large, context);
            return text.take();
        }
        step = Math.min(step, families.size() - at);
        CurrentSeries series = series(reader);
        if (series.size() > SERIES_AT_ONCE && !families.get(at).isOfParts()) {
            large = series;
            begun = false;
            more(series, context);
            return text.take();
        }
        try (series) {
            context.reserve(SERIES_BYTES * series.size());
            write(families.subList(at, at + step), series, context);
        }
        at += step;
        if (series.size() < SERIES_AT_ONCE / 4) {
            step = Math.min(FAMILIES_AT_ONCE, 2 * step);
        }
        return text.take();
    }

    /* Of fewer families when they have too many; of one at least. */
    private CurrentSeries series(MetricReader reader) {
        while (true) {
            CurrentSeries series = series(reader, families.subList(at, at + step));
            if (series.size() <= SERIES_AT_ONCE || step == 1) {
                return series;
            }
            series.close();
            step /= 2;
        }
    }

    private CurrentSeries series(MetricReader reader, List<Family> some) {
        List<String> names = some.stream().flatMap(family -> family.names().stream()).toList();
        return new CurrentSeries(reader, names, group, nowMillis);
    }

    /* The next series of a family that has many, in the order in which they come. */
    private void more(CurrentSeries series, QueryContext context) {
        Family family = families.get(at);
        boolean left =
                series.next(
                        SERIES_AT_ONCE,
                        each -> {
                            if (!begun) {
                                begun = true;
                                head(family);
                            }
                            context.work(SERIES_STEPS);
                            sample(each);
                        });
        if (!left) {
            series.close();
            large = null;
            at++;
        }
    }

    private void write(List<Family> some, CurrentSeries series, QueryContext context) {
        Map<String, Integer> places = new HashMap<>();
        List<List<Current>> found = new ArrayList<>();
        for (Family family : some) {
            family.names().forEach(name -> places.put(name, found.size()));
            found.add(new ArrayList<>());
        }
        series.next(
                Integer.MAX_VALUE,
                each -> {
                    context.work(SERIES_STEPS);
                    Integer place = places.get(each.labels().metricName());
                    found.get(Objects.requireNonNull(place)).add(each);
                });
        for (int i = 0; i < some.size(); i++) {
            List<Current> each = found.get(i);
            if (!each.isEmpty()) {
                head(some.get(i));
                (some.get(i).isOfParts() ? inOrder(each) : each).forEach(this::sample);
            }
        }
    }

    /* A part of a histogram or summary: buckets or quantiles first. */
    private record Part(Current series, Labels rest, String name, double bound) {
        static final Comparator<Part> ORDER =
                Comparator.comparing(Part::rest)
                        .thenComparing(Part::name)
                        .thenComparingDouble(Part::bound);

        static Part of(Current series) {
            Labels labels = series.labels();
            String le = labels.get("le");
            return new Part(
                    series,
                    labels.drop(List.of(Labels.NAME, "le", "quantile")),
                    labels.metricName(),
                    bound(le.isEmpty() ? labels.get("quantile") : le));
        }

        private static double bound(String text) {
            try {
                return text.isEmpty() ? 0 : Double.parseDouble(text.replace("Inf", "Infinity"));
            } catch (NumberFormatException _) {
                return 0;
            }
        }
    }

    private static List<Current> inOrder(List<Current> series) {
        return series.stream().map(Part::of).sorted(Part.ORDER).map(Part::series).toList();
    }

    private void head(Family family) {
        MetricType type = family.type();
        String shown = family.shown();
        if (style.openMetrics() && type == MetricType.COUNTER) {
            if (shown.endsWith("_total")) {
                shown = shown.substring(0, shown.length() - "_total".length());
            } else {
                type = MetricType.UNKNOWN;
            }
        }
        String help = family.known() == null ? "" : family.known().help();
        text.help(
                shown, help.isEmpty() ? "Sent without a description." : help, style.openMetrics());
        text.type(shown, word(type));
    }

    private String word(MetricType type) {
        if (style.openMetrics()) {
            return type.text();
        }
        return switch (type) {
            case COUNTER, GAUGE, HISTOGRAM, SUMMARY -> type.text();
            case INFO, STATESET -> "gauge";
            case UNKNOWN, GAUGEHISTOGRAM -> "untyped";
        };
    }

    /* A part of a histogram has the escaped name of the whole, and its own end. */
    private String shown(String name) {
        String shown = style.escaping().metric(name);
        if (shown.equals(name)) {
            return name;
        }
        String family = family(name);
        return style.escaping().metric(family) + name.substring(family.length());
    }

    private void sample(Current series) {
        Labels labels = series.labels();
        text.begin(shown(labels.metricName()));
        text.labels(labels);
        double value = series.value();
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15 && value != 0;
        text.value(whole ? Long.toString((long) value) : Floats.shortest(value));
        text.end();
    }

    @Override
    public void close() {
        if (large != null) {
            large.close();
        }
    }
}
