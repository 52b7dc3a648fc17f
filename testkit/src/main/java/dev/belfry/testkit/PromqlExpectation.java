package dev.belfry.testkit;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesSamples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a script expects of one evaluation. */
final class PromqlExpectation {
    private static final double TOLERANCE = 1e-6;

    private final List<SeriesSamples> series = new ArrayList<>();
    private final Map<String, List<String>> annotations = new HashMap<>();
    private boolean fails;
    private @Nullable String failMessage;
    private @Nullable String failPattern;
    private boolean ordered;
    private @Nullable String string;
    private boolean scalar;
    private final boolean onlyBuckets;

    PromqlExpectation(boolean onlyBuckets) {
        this.onlyBuckets = onlyBuckets;
    }

    void read(@Nullable String suffix, List<String> block, long startMillis, long stepMillis) {
        fails = "_fail".equals(suffix);
        ordered = "_ordered".equals(suffix);
        if (suffix != null && (suffix.equals("_warn") || suffix.equals("_info"))) {
            annotations.put(suffix.substring(1), new ArrayList<>());
        }
        long start = startMillis;
        long step = stepMillis;
        for (String line : block) {
            if (line.startsWith("expect range vector")) {
                String[] words = line.split("\\s+");
                start = duration(words[4]);
                step = duration(words[8]);
            } else if (line.startsWith("expect ")) {
                expect(line.substring("expect ".length()).strip());
            } else if (line.startsWith("expected_fail_message")) {
                failMessage = line.substring("expected_fail_message".length()).strip();
            } else if (line.startsWith("expected_fail_regexp")) {
                failPattern = line.substring("expected_fail_regexp".length()).strip();
            } else if (line.matches("[-+]?([0-9.].*|[iI][nN][fF]|[nN][aA][nN])")) {
                scalar = true;
                double value = SeriesNotation.parseNumber(line);
                series.add(
                        new SeriesSamples(
                                Labels.EMPTY, new long[] {start}, new double[] {value}, null, 1));
            } else {
                series.add(PromqlScript.samples(SeriesNotation.parse(line), start, step));
            }
        }
    }

    private static long duration(String text) {
        return java.time.Duration.parse(
                        "PT" + text.replace("m", "M").replace("s", "S").replace("h", "H"))
                .toMillis();
    }

    private void expect(String text) {
        String kind = text.split("[\\s:]+", 2)[0];
        String rest = text.substring(kind.length()).strip();
        switch (kind) {
            case "ordered" -> ordered = true;
            case "string" -> string = rest.substring(1, rest.length() - 1);
            case "fail" -> {
                fails = true;
                failMessage = rest.startsWith("msg:") ? rest.substring(4).strip() : failMessage;
                failPattern = rest.startsWith("regex:") ? rest.substring(6).strip() : failPattern;
            }
            default -> annotations.computeIfAbsent(kind, key -> new ArrayList<>()).add(rest);
        }
    }

    boolean alsoInRange(PromqlTarget.Answer answer) {
        return !fails
                && !ordered
                && string == null
                && (answer.kind().equals("vector") || answer.kind().equals("scalar"));
    }

    /** What is wrong with {@code answer}, null when nothing is. */
    @Nullable String compare(PromqlTarget.Answer answer) {
        if (answer.kind().equals("error")) {
            return compareError(String.valueOf(answer.text()));
        }
        if (fails) {
            return "succeeded (expected: an error)";
        }
        String problem = compareAnnotations("warn", answer.warnings());
        problem = problem != null ? problem : compareAnnotations("info", answer.infos());
        if (problem != null) {
            return problem;
        }
        if (string != null) {
            return string.equals(answer.text()) ? null : "text: " + answer.text();
        }
        if (scalar && !answer.kind().equals("scalar")) {
            return "kind: " + answer.kind() + " (expected: scalar)";
        }
        return compareSeries(answer.series(), ordered);
    }

    private @Nullable String compareError(String message) {
        if (!fails) {
            return "error: " + message;
        }
        if (failMessage != null && !message.equals(failMessage)) {
            return "error: " + message + " (expected: " + failMessage + ")";
        }
        if (failPattern != null
                && !java.util.regex.Pattern.compile(failPattern).matcher(message).find()) {
            return "error: " + message + " (expected: /" + failPattern + "/)";
        }
        return null;
    }

    private @Nullable String compareAnnotations(String kind, List<String> found) {
        if (annotations.containsKey("no_" + kind) && !found.isEmpty()) {
            return "unexpected " + kind + ": " + found;
        }
        List<String> wanted = annotations.get(kind);
        if (wanted == null) {
            return null;
        }
        if (found.isEmpty()) {
            return "no " + kind + " (expected: " + wanted + ")";
        }
        for (String rule : wanted) {
            if (rule.startsWith("msg:") && !found.contains(rule.substring(4).strip())) {
                return kind + ": " + found + " (expected: " + rule + ")";
            }
            if (rule.startsWith("regex:")
                    && found.stream()
                            .noneMatch(text ->
                                    java.util.regex.Pattern.compile(rule.substring(6).strip())
                                            .matcher(text)
                                            .find())) {
                return kind + ": " + found + " (expected: " + rule + ")";
            }
        }
        for (String text : found) {
            if (wanted.stream().noneMatch(rule -> allows(rule, text))) {
                return "unexpected " + kind + ": " + text + " (expected: " + wanted + ")";
            }
        }
        return null;
    }

    private static boolean allows(String rule, String text) {
        if (rule.startsWith("msg:")) {
            return text.equals(rule.substring(4).strip());
        }
        return !rule.startsWith("regex:")
                || java.util.regex.Pattern.compile(rule.substring(6).strip()).matcher(text).find();
    }

    @Nullable String compareSeries(List<SeriesSamples> found, boolean inOrder) {
        Map<Labels, SeriesSamples> byLabels = new HashMap<>();
        for (SeriesSamples one : found) {
            if (byLabels.put(one.labels(), one) != null) {
                return "twice: " + one.labels();
            }
        }
        int index = 0;
        int wantedCount = 0;
        for (SeriesSamples wanted : series) {
            if (wanted.size() == 0) {
                continue;
            }
            wantedCount++;
            SeriesSamples actual = byLabels.get(wanted.labels());
            if (actual == null) {
                return "missing: " + wanted.labels() + ", found " + byLabels.keySet();
            }
            if (inOrder && !found.get(index).labels().equals(wanted.labels())) {
                return "order: "
                        + found.get(index).labels()
                        + " (expected: "
                        + wanted.labels()
                        + ")";
            }
            index++;
            String problem = compare(wanted, actual);
            if (problem != null) {
                return wanted.labels() + " " + problem;
            }
        }
        return found.size() == wantedCount
                ? null
                : "series: " + byLabels.keySet() + " (expected: " + wantedCount + ")";
    }

    private @Nullable String compare(SeriesSamples wanted, SeriesSamples actual) {
        // As in Prometheus, values that are expected after the last step do not count.
        for (int i = 0; i < Math.max(wanted.size(), actual.size()); i++) {
            if (i >= actual.size() || i >= wanted.size()) {
                return "samples: " + actual.size() + " (expected: " + wanted.size() + ")";
            }
            if (wanted.timestampsMillis()[i] != actual.timestampsMillis()[i]) {
                return "time: "
                        + actual.timestampsMillis()[i]
                        + " (expected: "
                        + wanted.timestampsMillis()[i]
                        + ")";
            }
            FloatHistogram wantedHistogram = wanted.histogram(i);
            FloatHistogram actualHistogram = actual.histogram(i);
            boolean same =
                    wantedHistogram == null
                            ? actualHistogram == null
                                    && close(wanted.values()[i], actual.values()[i])
                            : actualHistogram != null && close(wantedHistogram, actualHistogram);
            if (!same) {
                return "at "
                        + actual.timestampsMillis()[i]
                        + ": "
                        + (actualHistogram == null ? actual.values()[i] : actualHistogram)
                        + " (expected: "
                        + (wantedHistogram == null ? wanted.values()[i] : wantedHistogram)
                        + ")";
            }
        }
        return null;
    }

    private static boolean closeBuckets(FloatHistogram wanted, FloatHistogram actual) {
        FloatHistogram.Bucket[] left = wanted.buckets();
        FloatHistogram.Bucket[] right = actual.buckets();
        boolean same = left.length == right.length;
        for (int i = 0; same && i < left.length; i++) {
            same =
                    close(left[i].lower(), right[i].lower())
                            && close(left[i].upper(), right[i].upper())
                            && close(left[i].count(), right[i].count());
        }
        return same && close(wanted.count(), actual.count()) && close(wanted.sum(), actual.sum());
    }

    private boolean close(FloatHistogram wanted, FloatHistogram actual) {
        if (onlyBuckets) {
            return closeBuckets(wanted, actual);
        }
        if (wanted.schema() != actual.schema()
                || !close(wanted.count(), actual.count())
                || !close(wanted.sum(), actual.sum())
                || !close(wanted.zeroCount(), actual.zeroCount())
                || !close(wanted.zeroThreshold(), actual.zeroThreshold())
                || !java.util.Arrays.equals(wanted.positiveIndexes(), actual.positiveIndexes())
                || !java.util.Arrays.equals(wanted.negativeIndexes(), actual.negativeIndexes())
                || !java.util.Arrays.equals(wanted.bounds(), actual.bounds())) {
            return false;
        }
        return close(wanted.positiveCounts(), actual.positiveCounts())
                && close(wanted.negativeCounts(), actual.negativeCounts());
    }

    private static boolean close(double[] wanted, double[] actual) {
        for (int i = 0; i < wanted.length; i++) {
            if (!close(wanted[i], actual[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean close(double wanted, double actual) {
        if (Double.isNaN(wanted) || Double.isNaN(actual)) {
            return Double.isNaN(wanted) && Double.isNaN(actual);
        }
        if (wanted == actual) {
            return true;
        }
        double difference = Math.abs(wanted - actual);
        double sum = Math.abs(wanted) + Math.abs(actual);
        return wanted == 0 || actual == 0
                ? difference < TOLERANCE * 1e-3
                : difference / sum < TOLERANCE;
    }
}
