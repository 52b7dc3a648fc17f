package dev.belfry.testkit;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.FloatHistogram.ResetHint;
import dev.belfry.model.series.HistogramForms;
import dev.belfry.model.series.HistogramSum;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.StaleNaN;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Series as Prometheus' test scripts write them: {@code metric{a="b"} 1 _ 2+3x4 stale {{sum:1
 * count:2}}x3}.
 */
public final class SeriesNotation {
    /** A value in turn: a number, a histogram, or neither ({@code _}). */
    public record Item(double value, @Nullable FloatHistogram histogram, boolean omitted) {}

    /** A series with its values in turn. */
    public record Described(Labels labels, List<Item> items) {
        /** Copies the items. */
        public Described {
            items = List.copyOf(items);
        }
    }

    private final String text;
    private int at;

    private SeriesNotation(String text) {
        this.text = text;
    }

    /** Reads one line; throws IllegalArgumentException when it is none. */
    public static Described parse(String line) {
        SeriesNotation notation = new SeriesNotation(line);
        Labels labels = notation.labels();
        List<Item> items = new ArrayList<>();
        notation.spaces();
        while (notation.at < line.length()) {
            notation.item(items);
            notation.spaces();
        }
        return new Described(labels, items);
    }

    private void spaces() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean starts(String prefix) {
        return text.startsWith(prefix, at);
    }

    private boolean accept(String prefix) {
        spaces();
        if (starts(prefix)) {
            at += prefix.length();
            return true;
        }
        return false;
    }

    private IllegalArgumentException error(String expected) {
        return new IllegalArgumentException(text + " at " + at + " (expected: " + expected + ")");
    }

    private Labels labels() {
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        spaces();
        String name = word();
        labels.set(Labels.NAME, name);
        if (!starts("{") || starts("{{")) {
            if (name.isEmpty()) {
                throw error("a metric");
            }
            return labels.build();
        }
        at++;
        while (!accept("}")) {
            spaces();
            boolean quoted = starts("\"") || starts("'");
            String label = quoted ? quoted() : word();
            if (accept("=")) {
                spaces();
                labels.set(label, quoted());
            } else if (quoted) {
                labels.set(Labels.NAME, label);
            } else {
                throw error("=");
            }
            accept(",");
        }
        return labels.build();
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || text.charAt(at) == '_'
                        || text.charAt(at) == ':')) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        char quote = text.charAt(at);
        StringBuilder value = new StringBuilder();
        at++;
        while (text.charAt(at) != quote) {
            char c = text.charAt(at++);
            if (c == '\\' && quote != '`') {
                char escaped = text.charAt(at++);
                value.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
            } else {
                value.append(c);
            }
        }
        at++;
        return value.toString();
    }

    // ---- values

    private void item(List<Item> items) {
        if (starts("_")) {
            at++;
            long times = starts("x") ? times() : 1;
            for (long i = 0; i < times; i++) {
                items.add(new Item(0, null, true));
            }
        } else if (starts("stale")) {
            at += 5;
            items.add(new Item(StaleNaN.VALUE, null, false));
        } else if (starts("{{")) {
            histograms(items);
        } else {
            numbers(items);
        }
    }

    private long times() {
        at++;
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Long.parseLong(text.substring(start, at));
    }

    private double number() {
        int start = at;
        if (starts("+") || starts("-")) {
            at++;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean exponent =
                    (c == '+' || c == '-')
                            && "eE".indexOf(text.charAt(at - 1)) >= 0
                            && at > start + 1;
            boolean part = Character.isLetterOrDigit(c) && c != 'x' || c == '.' || exponent;
            if (!part) {
                break;
            }
            at++;
        }
        return parseNumber(text.substring(start, at));
    }

    /** A number as scripts write it: {@code 1e3}, {@code -Inf}, {@code NaN}. */
    public static double parseNumber(String text) {
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        return switch (lower) {
            case "inf", "+inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan", "+nan", "-nan" -> Double.NaN;
            default -> Double.parseDouble(lower);
        };
    }

    private void numbers(List<Item> items) {
        double value = number();
        double increment = 0;
        if (starts("+") || starts("-")) {
            increment = number();
        }
        if (!starts("x")) {
            items.add(new Item(value, null, false));
            return;
        }
        long times = times();
        for (long i = 0; i <= times; i++) {
            items.add(new Item(value, null, false));
            value += increment;
        }
    }

    private void histograms(List<Item> items) {
        FloatHistogram value = histogram();
        FloatHistogram increment = null;
        boolean minus = starts("-{{");
        if (minus || starts("+{{")) {
            at++;
            increment = histogram();
        }
        if (!starts("x")) {
            items.add(new Item(0, value, false));
            return;
        }
        long times = times();
        for (long i = 0; i <= times; i++) {
            items.add(new Item(0, value, false));
            if (increment != null && i < times) {
                ResetHint hint = value.hint();
                value =
                        HistogramSum.plus(value, minus ? increment.times(-1) : increment)
                                .withHint(hint);
            }
        }
    }

    // ---- histograms

    private FloatHistogram histogram() {
        int end = text.indexOf("}}", at);
        String body = text.substring(at + 2, end);
        at = end + 2;
        return parseHistogram(body);
    }

    private static FloatHistogram parseHistogram(String body) {
        int schema = 0;
        double sum = 0;
        double count = 0;
        double zeroThreshold = 0;
        double zeroCount = 0;
        int offset = 0;
        int negativeOffset = 0;
        double[] positive = {};
        double[] negative = {};
        double[] bounds = {};
        ResetHint hint = ResetHint.UNKNOWN;
        java.util.regex.Matcher fields =
                java.util.regex.Pattern.compile("(\\w+):\\s*(\\[[^]]*]|\\S+)").matcher(body);
        while (fields.find()) {
            String value = fields.group(2);
            switch (fields.group(1)) {
                case "schema" -> schema = Integer.parseInt(value);
                case "sum" -> sum = parseNumber(value);
                case "count" -> count = parseNumber(value);
                case "z_bucket" -> zeroCount = parseNumber(value);
                case "z_bucket_w" -> zeroThreshold = parseNumber(value);
                case "offset" -> offset = Integer.parseInt(value);
                case "n_offset" -> negativeOffset = Integer.parseInt(value);
                case "buckets" -> positive = list(value);
                case "n_buckets" -> negative = list(value);
                case "custom_values" -> bounds = list(value);
                case "counter_reset_hint" ->
                        hint =
                                switch (value) {
                                    case "reset" -> ResetHint.RESET;
                                    case "not_reset" -> ResetHint.NOT_RESET;
                                    case "gauge" -> ResetHint.GAUGE;
                                    default -> ResetHint.UNKNOWN;
                                };
                default -> throw new IllegalArgumentException("histogram field: " + fields.group());
            }
        }
        FloatHistogram histogram =
                new FloatHistogram(
                        schema,
                        hint,
                        count,
                        sum,
                        zeroThreshold,
                        zeroCount,
                        indexes(offset, positive.length),
                        positive,
                        indexes(negativeOffset, negative.length),
                        negative,
                        bounds);
        return HistogramForms.toSchema(histogram, histogram.schema());
    }

    private static double[] list(String value) {
        String inner = value.substring(1, value.length() - 1).strip();
        if (inner.isEmpty()) {
            return new double[0];
        }
        String[] parts = inner.split("\\s+");
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = parseNumber(parts[i]);
        }
        return numbers;
    }

    private static int[] indexes(int offset, int size) {
        int[] indexes = new int[size];
        for (int i = 0; i < size; i++) {
            indexes[i] = offset + i;
        }
        return indexes;
    }
}
