package dev.belfry.receive.lines;

import dev.belfry.receive.json.JsonMembers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Tells a file's format from its first bytes. */
public final class FormatDetector {
    /** How many bytes are looked at. */
    public static final int SAMPLE_BYTES = 256 << 10;

    private static final int SAMPLE_LINES_MAX = 300;

    private static final String NUMBER = "(?:[-+]?[0-9][0-9.eE+-]*|[-+]?(?:Inf|NaN))";

    /** A comment or a sample of Prometheus' text format or of OpenMetrics. */
    private static final Pattern METRIC_LINE =
            Pattern.compile(
                    "#.*|(?:[a-zA-Z_:][a-zA-Z0-9_:]*|(?=\\{))(?:\\{.*})?\\s+"
                            + NUMBER
                            + "(?:\\s+-?[0-9.]+)?(?:\\s+# .*)?\\s*");

    /** What a text with other names and numbers would not have. */
    private static final Pattern METRIC_SIGN =
            Pattern.compile(
                    "^# (?:TYPE|HELP|UNIT|EOF)\\b|^[a-zA-Z_:][a-zA-Z0-9_:]*\\{.*=\".*\"}\\s");

    /** Its end, its units, exemplars, and times in seconds. */
    private static final Pattern OPEN_METRICS_SIGN =
            Pattern.compile(
                    "^# (?:EOF|UNIT)\\b|^[^#].*\\s# \\{|^[^#].*\\s"
                            + NUMBER
                            + "\\s+(?:[0-9]{1,11}|[0-9]+\\.[0-9]*)\\s*$");

    private FormatDetector() {}

    /** The format of a file that begins with {@code sample}; never {@link LogFormat#AUTO}. */
    public static LogFormat detect(byte[] sample) {
        if (sample.length >= 4
                && new String(sample, 0, 4, StandardCharsets.ISO_8859_1).equals("PAR1")) {
            return LogFormat.PARQUET;
        }
        List<String> lines = lines(sample);
        if (most(lines, FormatDetector::isJson)) {
            return LogFormat.NDJSON;
        }
        if (most(lines, line -> METRIC_LINE.matcher(line).matches())
                && lines.stream().anyMatch(line -> METRIC_SIGN.matcher(line).find())) {
            return lines.stream().anyMatch(line -> OPEN_METRICS_SIGN.matcher(line).find())
                    ? LogFormat.OPENMETRICS
                    : LogFormat.PROMETHEUS;
        }
        if (most(lines, AccessLines::matches)) {
            return LogFormat.CLF;
        }
        if (TableLines.matches(lines)) {
            return LogFormat.CSV;
        }
        return most(lines, LogfmtLines::matches) ? LogFormat.LOGFMT : LogFormat.TEXT;
    }

    private static boolean isJson(String line) {
        String text = line.strip();
        boolean comma = text.endsWith(",");
        boolean bracket = text.equals("[") || text.equals("]");
        return bracket
                || text.startsWith("{")
                        && JsonMembers.read(comma ? text.substring(0, text.length() - 1) : text)
                                != null;
    }

    private static boolean most(List<String> lines, Predicate<String> test) {
        long fitting = lines.stream().filter(test).count();
        return fitting > 0 && fitting * 10 >= lines.size() * 6L;
    }

    /** The lines of the sample that are whole and not blank. */
    static List<String> lines(byte[] sample) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < sample.length && lines.size() < SAMPLE_LINES_MAX; at++) {
            if (sample[at] == '\n') {
                add(sample, start, at, lines);
                start = at + 1;
            }
        }
        if (sample.length < SAMPLE_BYTES || lines.isEmpty()) {
            add(sample, start, sample.length, lines);
        }
        return lines;
    }

    private static void add(byte[] sample, int from, int to, List<String> lines) {
        if (lines.size() < SAMPLE_LINES_MAX) {
            String line = new String(sample, from, to - from, StandardCharsets.UTF_8);
            String text = line.stripTrailing();
            if (!text.isBlank()) {
                lines.add(text.startsWith("\uFEFF") ? text.substring(1) : text);
            }
        }
    }
}
