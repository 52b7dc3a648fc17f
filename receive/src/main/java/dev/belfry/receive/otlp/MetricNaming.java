package dev.belfry.receive.otlp;

import dev.belfry.receive.OtlpMetricsConfig.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;

/** Makes Prometheus' names of OpenTelemetry's. */
final class MetricNaming {
    /*
     * The rules of github.com/prometheus/otlptranslator, which Prometheus, the collector's exporters and Mimir
     * share (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics).
     */
    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("d", "days"),
                    Map.entry("h", "hours"),
                    Map.entry("min", "minutes"),
                    Map.entry("s", "seconds"),
                    Map.entry("ms", "milliseconds"),
                    Map.entry("us", "microseconds"),
                    Map.entry("ns", "nanoseconds"),
                    Map.entry("By", "bytes"),
                    Map.entry("KiBy", "kibibytes"),
                    Map.entry("MiBy", "mebibytes"),
                    Map.entry("GiBy", "gibibytes"),
                    Map.entry("TiBy", "tibibytes"),
                    Map.entry("KBy", "kilobytes"),
                    Map.entry("MBy", "megabytes"),
                    Map.entry("GBy", "gigabytes"),
                    Map.entry("TBy", "terabytes"),
                    Map.entry("m", "meters"),
                    Map.entry("V", "volts"),
                    Map.entry("A", "amperes"),
                    Map.entry("J", "joules"),
                    Map.entry("W", "watts"),
                    Map.entry("g", "grams"),
                    Map.entry("Cel", "celsius"),
                    Map.entry("Hz", "hertz"),
                    Map.entry("1", ""),
                    Map.entry("%", "percent"));
    private static final Map<String, String> PER_UNITS =
            Map.of(
                    "s", "second", "m", "minute", "h", "hour", "d", "day", "w", "week", "mo",
                    "month", "y", "year");

    private final Translation translation;

    MetricNaming(Translation translation) {
        this.translation = translation;
    }

    /**
     * The name of a metric's family.
     *
     * @param counter whether it is a monotonic sum
     * @param gauge whether it is a gauge
     */
    String metric(String name, String unit, boolean counter, boolean gauge) {
        if (!translation.suffixes()) {
            return translation.escapes() ? escaped(name) : name;
        }
        String[] units = units(unit);
        if (!translation.escapes()) {
            return suffixed(name, units, unit, counter, gauge);
        }
        List<String> tokens = tokens(name);
        appendUnits(tokens, cleaned(units[0]), cleaned(units[1]));
        if (counter) {
            tokens.removeIf("total"::equals);
            tokens.add("total");
        }
        if (gauge && unit.equals("1")) {
            tokens.removeIf("ratio"::equals);
            tokens.add("ratio");
        }
        return notDigit(String.join("_", tokens));
    }

    /** The name of the unit, as the suffix has it; empty when there is none. */
    static String unit(String unit) {
        String[] units = units(unit);
        return units[0].isEmpty() || units[1].isEmpty()
                ? units[0] + units[1]
                : units[0] + "_" + units[1];
    }

    /** The name of a label. */
    String label(String name) {
        if (!translation.escapes() || name.isEmpty()) {
            return name;
        }
        String safe = replaced(name, MetricNaming::isLabelPart);
        if (Character.isDigit(safe.charAt(0))) {
            return "key_" + safe;
        }
        return safe.startsWith("_") && !safe.startsWith("__") ? "key" + safe : safe;
    }

    private static String suffixed(
            String name, String[] units, String unit, boolean counter, boolean gauge) {
        String base = name;
        if (counter) {
            base = without(base, "_total");
        }
        if (gauge && unit.equals("1")) {
            base = without(base, "_ratio");
        }
        StringBuilder text = new StringBuilder(base);
        if (!units[0].isEmpty() && !base.endsWith("_" + units[0])) {
            text.append('_').append(units[0]);
        }
        if (!units[1].isEmpty() && !base.endsWith("_" + units[1])) {
            text.append('_').append(units[1]);
        }
        if (counter) {
            text.append("_total");
        }
        if (gauge && unit.equals("1")) {
            text.append("_ratio");
        }
        return text.toString();
    }

    private static String without(String name, String suffix) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    private static void appendUnits(List<String> tokens, String main, String per) {
        String perUnit = per.equals("per_") ? "" : without(per, "_");
        if (tokens.contains(perUnit)) {
            perUnit = "";
        }
        String mainUnit = tokens.contains(main) ? "" : main;
        if (!perUnit.isEmpty()) {
            mainUnit = without(mainUnit, "_");
        }
        if (!mainUnit.isEmpty()) {
            tokens.add(mainUnit);
        }
        if (!perUnit.isEmpty()) {
            tokens.add(perUnit);
        }
    }

    /* The main unit and the one behind the slash, with "per_"; empty where there is none. */
    private static String[] units(String unit) {
        int slash = unit.indexOf('/');
        String main = (slash < 0 ? unit : unit.substring(0, slash)).strip();
        String per = slash < 0 ? "" : unit.substring(slash + 1).strip();
        String mainName = annotated(main) ? "" : Objects.requireNonNullElse(UNITS.get(main), main);
        String perName = annotated(per) ? "" : Objects.requireNonNullElse(PER_UNITS.get(per), per);
        return new String[] {mainName, perName.isEmpty() ? "" : "per_" + perName};
    }

    private static boolean annotated(String unit) {
        return unit.indexOf('{') >= 0 || unit.indexOf('}') >= 0;
    }

    private static String cleaned(String unit) {
        String safe = replaced(unit, MetricNaming::isMetricPart).replaceAll("__+", "_");
        return safe.startsWith("_") ? safe.substring(1) : safe;
    }

    private static List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= name.length(); at++) {
            if (at == name.length() || name.charAt(at) == '_' || !isMetricPart(name.charAt(at))) {
                if (at > from) {
                    tokens.add(name.substring(from, at));
                }
                from = at + 1;
            }
        }
        return tokens;
    }

    /* Without suffixes: every run of other characters becomes one underscore. */
    private static String escaped(String name) {
        StringBuilder text = new StringBuilder();
        boolean gap = false;
        for (int at = 0; at < name.length(); at++) {
            char next = name.charAt(at);
            if (!isMetricPart(next)) {
                gap = !text.isEmpty();
                continue;
            }
            if (gap) {
                text.append('_');
                gap = false;
            }
            text.append(next);
        }
        return notDigit(text.toString());
    }

    private static String notDigit(String name) {
        return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9'
                ? "_" + name
                : name;
    }

    private static String replaced(String text, IntPredicate keep) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(next -> safe.append(keep.test(next) ? (char) next : '_'));
        return safe.toString();
    }

    private static boolean isLabelPart(int next) {
        return next >= 'a' && next <= 'z'
                || next >= 'A' && next <= 'Z'
                || next >= '0' && next <= '9'
                || next == '_';
    }

    private static boolean isMetricPart(int next) {
        return isLabelPart(next) || next == ':';
    }
}
