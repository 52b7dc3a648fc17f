package dev.belfry.testkit;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.testkit.SeriesNotation.Described;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A script in the language of Prometheus' own tests of PromQL, and what came of running it. */
public final class PromqlScript {
    /**
     * What was counted.
     *
     * @param floats evaluations without native histograms
     * @param floatsPassed those of them with the right answer
     * @param histograms evaluations with native histograms
     * @param histogramsPassed those of them with the right answer
     * @param failures what went wrong, by line
     */
    public record Report(
            int floats,
            int floatsPassed,
            int histograms,
            int histogramsPassed,
            List<String> failures) {}

    private static final Pattern LOAD = Pattern.compile("load\\s+(\\S+)");
    private static final Pattern INSTANT =
            Pattern.compile("eval(_\\w+)?\\s+instant\\s+at\\s+(\\S+)\\s+(.+)");
    private static final Pattern RANGE =
            Pattern.compile(
                    "eval(_\\w+)?\\s+range\\s+from\\s+(\\S+)\\s+to\\s+(\\S+)\\s+step\\s+(\\S+)\\s+(.+)");

    private final String name;
    private final List<String> lines;
    private final PromqlTarget target;
    private final List<String> failures = new ArrayList<>();
    private boolean histogramsLoaded;
    private int floats;
    private int floatsPassed;
    private int histograms;
    private int histogramsPassed;

    private PromqlScript(String name, String text, PromqlTarget target) {
        this.name = name;
        this.lines = text.lines().map(PromqlScript::clean).toList();
        this.target = target;
    }

    private static String clean(String line) {
        String stripped = line.strip();
        return stripped.startsWith("#") ? "" : stripped;
    }

    /** Runs {@code text}, called {@code name}, against {@code target}. */
    public static Report run(String name, String text, PromqlTarget target) {
        PromqlScript script = new PromqlScript(name, text, target);
        target.clear();
        script.run();
        return new Report(
                script.floats,
                script.floatsPassed,
                script.histograms,
                script.histogramsPassed,
                List.copyOf(script.failures));
    }

    private void run() {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.isEmpty()) {
                at++;
                continue;
            }
            int end = at + 1;
            while (end < lines.size() && !lines.get(end).isEmpty()) {
                end++;
            }
            List<String> block = lines.subList(at + 1, end);
            Matcher load = LOAD.matcher(line);
            if (line.equals("clear")) {
                target.clear();
                histogramsLoaded = false;
                at++;
            } else if (load.matches()) {
                load(block, millis(load.group(1)));
                at = end;
            } else if (line.startsWith("eval")) {
                evaluate(line, block, at + 1);
                at = end;
            } else {
                throw new IllegalArgumentException(name + ":" + (at + 1) + ": " + line);
            }
        }
    }

    private static long millis(String text) {
        if (text.matches("[+-]?[0-9.]+")) {
            return Math.round(Double.parseDouble(text) * 1000);
        }
        Matcher parts = Pattern.compile("([0-9]+)(ms|[smhdwy])").matcher(text);
        long millis = 0;
        while (parts.find()) {
            long unit =
                    switch (parts.group(2)) {
                        case "ms" -> 1;
                        case "s" -> 1000;
                        case "m" -> 60_000;
                        case "h" -> 3_600_000;
                        case "d" -> 86_400_000;
                        case "w" -> 7 * 86_400_000L;
                        default -> 365 * 86_400_000L;
                    };
            millis += Long.parseLong(parts.group(1)) * unit;
        }
        return text.startsWith("-") ? -millis : millis;
    }

    private void load(List<String> block, long gapMillis) {
        List<SeriesSamples> series = new ArrayList<>();
        for (String line : block) {
            histogramsLoaded |= line.contains("{{");
            series.add(samples(SeriesNotation.parse(line), 0, gapMillis));
        }
        target.load(series);
    }

    /** The series of a description, its values from a time on and that far apart. */
    static SeriesSamples samples(Described described, long startMillis, long gapMillis) {
        int size = (int) described.items().stream().filter(item -> !item.omitted()).count();
        long[] times = new long[size];
        double[] values = new double[size];
        @Nullable FloatHistogram[] histograms = new FloatHistogram[size];
        boolean anyHistogram = false;
        int at = 0;
        for (int i = 0; i < described.items().size(); i++) {
            SeriesNotation.Item item = described.items().get(i);
            if (!item.omitted()) {
                times[at] = startMillis + i * gapMillis;
                values[at] = item.value();
                histograms[at++] = item.histogram();
                anyHistogram |= item.histogram() != null;
            }
        }
        return new SeriesSamples(
                described.labels(), times, values, anyHistogram ? histograms : null, size);
    }

    // ---- evaluations

    private void evaluate(String line, List<String> block, int number) {
        boolean native_ = histogramsLoaded || block.stream().anyMatch(b -> b.contains("{{"));
        floats += native_ ? 0 : 1;
        histograms += native_ ? 1 : 0;
        String problem;
        try {
            problem = check(line, block);
        } catch (RuntimeException e) {
            problem = "exception " + e + " at " + e.getStackTrace()[0];
        }
        if (problem == null) {
            floatsPassed += native_ ? 0 : 1;
            histogramsPassed += native_ ? 1 : 0;
        } else {
            failures.add(name + ":" + number + ": " + line + "\n    " + problem);
        }
    }

    private @Nullable String check(String line, List<String> block) {
        Matcher instant = INSTANT.matcher(line);
        Matcher range = RANGE.matcher(line);
        PromqlExpectation expectation = new PromqlExpectation(target.showsOnlyBuckets());
        if (instant.matches()) {
            long time = millis(instant.group(2));
            expectation.read(instant.group(1), block, time, 1);
            PromqlTarget.Answer answer = target.instant(instant.group(3), time);
            String problem = expectation.compare(answer);
            return problem != null || !expectation.alsoInRange(answer)
                    ? problem
                    : checkInRange(expectation, instant.group(3), time);
        }
        if (range.matches()) {
            long start = millis(range.group(2));
            long step = millis(range.group(4));
            expectation.read(range.group(1), block, start, step);
            return expectation.compare(
                    target.range(range.group(5), start, millis(range.group(3)), step));
        }
        throw new IllegalArgumentException(line);
    }

    /* As Prometheus' own runner: the middle step of a range has the instant's answer. */
    private @Nullable String checkInRange(PromqlExpectation expectation, String query, long time) {
        PromqlTarget.Answer answer = target.range(query, time - 60_000, time + 60_000, 60_000);
        List<SeriesSamples> middle = new ArrayList<>();
        for (SeriesSamples series : answer.series()) {
            for (int i = 0; i < series.size(); i++) {
                if (series.timestampsMillis()[i] == time) {
                    FloatHistogram histogram = series.histogram(i);
                    middle.add(
                            new SeriesSamples(
                                    series.labels(),
                                    new long[] {time},
                                    new double[] {series.values()[i]},
                                    histogram == null ? null : new FloatHistogram[] {histogram},
                                    1));
                }
            }
        }
        String problem =
                answer.kind().equals("error")
                        ? "error " + answer.text()
                        : expectation.compareSeries(middle, false);
        return problem == null ? null : "as a range: " + problem;
    }
}
