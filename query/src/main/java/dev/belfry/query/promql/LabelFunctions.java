package dev.belfry.query.promql;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Functions that change labels, or order series. */
final class LabelFunctions {
    private LabelFunctions() {}

    static List<Row> replace(Evaluator evaluator, Expr.Call call) {
        String target = Evaluator.text(Functions.argument(call, 1));
        String replacement = Evaluator.text(Functions.argument(call, 2));
        String source = Evaluator.text(Functions.argument(call, 3));
        String expression = Evaluator.text(Functions.argument(call, 4));
        Pattern pattern;
        try {
            pattern = Regex.compile(expression);
        } catch (PromqlException e) {
            throw PromqlException.execution(
                    "invalid regular expression in label_replace(): " + expression);
        }
        checkName(target, "invalid destination label name in label_replace(): ");
        RegexSize size = RegexSize.of(expression);
        if (size.instructions() * size.groups() > Limits.REGEX_GROUPS_MAX) {
            throw Regex.tooLarge();
        }
        List<Row> result = new ArrayList<>();
        for (Row row : evaluator.vector(Functions.argument(call, 0))) {
            Matcher matcher = pattern.matcher(row.labels.get(source));
            if (!Regex.find(matcher)) {
                result.add(row);
                continue;
            }
            String value = expand(replacement, matcher, pattern);
            result.add(relabelled(evaluator, row, target, value));
        }
        return Rows.unique(result);
    }

    private static void checkName(String name, String message) {
        if (name.isEmpty() || Strings.hasInvalidBytes(name)) {
            throw PromqlException.execution(message + Strings.shown(name));
        }
    }

    /* As Go's Regexp.Expand: $1, ${1}, $name, ${name}, $$. */
    private static String expand(String template, Matcher matcher, Pattern pattern) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            checkLength(text.length());
            char c = template.charAt(at);
            if (c != '$' || at + 1 == template.length()) {
                text.append(c);
                at++;
                continue;
            }
            if (template.charAt(at + 1) == '$') {
                text.append('$');
                at += 2;
                continue;
            }
            boolean braced = template.charAt(at + 1) == '{';
            int start = at + (braced ? 2 : 1);
            int end = start;
            while (end < template.length()
                    && (Character.isLetterOrDigit(template.charAt(end))
                            || template.charAt(end) == '_')) {
                end++;
            }
            boolean malformed =
                    end == start
                            || (braced
                                    && (end == template.length() || template.charAt(end) != '}'));
            if (malformed) {
                text.append('$');
                at++;
                continue;
            }
            text.append(group(template.substring(start, end), matcher, pattern));
            at = braced ? end + 1 : end;
        }
        checkLength(text.length());
        return text.toString();
    }

    private static String group(String name, Matcher matcher, Pattern pattern) {
        String value = null;
        if (name.chars().allMatch(c -> isDigit((char) c))) {
            // With a zero before it, it is no number of a group.
            boolean number = name.length() == 1 || name.length() < 6 && name.charAt(0) != '0';
            int index = number ? Integer.parseInt(name) : Integer.MAX_VALUE;
            value = index <= matcher.groupCount() ? matcher.group(index) : null;
        } else if (pattern.namedGroups().containsKey(name)) {
            value = matcher.group(name);
        }
        return value == null ? "" : value;
    }

    static List<Row> join(Evaluator evaluator, Expr.Call call) {
        String target = Evaluator.text(Functions.argument(call, 1));
        String separator = Evaluator.text(Functions.argument(call, 2));
        List<String> sources = new ArrayList<>();
        for (Expr source : call.arguments().subList(3, call.arguments().size())) {
            String name = Evaluator.text(source);
            checkName(name, "invalid source label name in label_join(): ");
            sources.add(name);
        }
        checkName(target, "invalid destination label name in label_join(): ");
        List<Row> result = new ArrayList<>();
        for (Row row : evaluator.vector(Functions.argument(call, 0))) {
            List<String> values = new ArrayList<>();
            for (String source : sources) {
                values.add(row.labels.get(source));
            }
            long chars = (long) separator.length() * Math.max(0, values.size() - 1);
            for (String value : values) {
                chars += value.length();
            }
            checkLength(chars);
            result.add(relabelled(evaluator, row, target, String.join(separator, values)));
        }
        return Rows.unique(result);
    }

    private static Row relabelled(Evaluator evaluator, Row row, String target, String value) {
        evaluator.evaluation.budget().text(value.length());
        return row.relabelled(
                row.labels.with(target, value), row.dropName && !target.equals(Labels.NAME));
    }

    private static void checkLength(long chars) {
        if (chars > Limits.LABEL_CHARS_MAX) {
            throw new PromqlException(
                    PromqlException.Kind.LIMIT,
                    "label made by the query: more than "
                            + Limits.LABEL_CHARS_MAX
                            + " characters (expected: less)");
        }
    }

    // ---- order

    static List<Row> sort(Evaluator evaluator, Expr.Call call) {
        String name = call.function().name();
        List<Row> rows = new ArrayList<>(evaluator.vector(Functions.argument(call, 0)));
        if (!evaluator.evaluation.isInstant()) {
            evaluator.annotations().sortInRange(call.span());
        }
        if (name.startsWith("sort_by_label")) {
            List<String> labels = new ArrayList<>();
            for (Expr label : call.arguments().subList(1, call.arguments().size())) {
                labels.add(Evaluator.text(label));
            }
            Comparator<Row> order = (a, b) -> compare(labels, a.labels, b.labels);
            rows.sort(name.endsWith("_desc") ? order.reversed() : order);
            return rows;
        }
        rows.replaceAll(row -> row.histograms == null ? row : numbersOf(evaluator, row));
        rows.removeIf(Row::isEmpty);
        if (!evaluator.evaluation.isInstant()) {
            return rows;
        }
        boolean descending = name.endsWith("_desc");
        rows.sort((a, b) -> InstantFunctions.compare(a.values[0], b.values[0], descending));
        return rows;
    }

    private static Row numbersOf(Evaluator evaluator, Row row) {
        Row numbers = evaluator.newRow(row.labels, row.dropName);
        for (int i = 0; i < row.values.length; i++) {
            if (row.hasNumber(i)) {
                numbers.set(i, row.values[i]);
            }
        }
        return numbers;
    }

    private static int compare(List<String> names, Labels left, Labels right) {
        for (String name : names) {
            int order = natural(left.get(name), right.get(name));
            if (order != 0) {
                return order;
            }
        }
        return left.compareTo(right);
    }

    /** Orders texts with numbers in them by the numbers' values. */
    static int natural(String left, String right) {
        int a = 0;
        int b = 0;
        while (a < left.length() && b < right.length()) {
            int aEnd = chunkEnd(left, a);
            int bEnd = chunkEnd(right, b);
            String x = left.substring(a, aEnd);
            String y = right.substring(b, bEnd);
            boolean numbers = isDigit(x.charAt(0)) && isDigit(y.charAt(0));
            int order = numbers ? compareNumbers(x, y) : x.compareTo(y);
            if (order != 0) {
                return order;
            }
            a = aEnd;
            b = bEnd;
        }
        return Integer.compare(left.length() - a, right.length() - b);
    }

    /* As long as they like: in time linear to their digits. */
    private static int compareNumbers(String left, String right) {
        String x = withoutZeros(left);
        String y = withoutZeros(right);
        return x.length() == y.length() ? x.compareTo(y) : Integer.compare(x.length(), y.length());
    }

    private static String withoutZeros(String digits) {
        int start = 0;
        while (start < digits.length() && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }

    private static int chunkEnd(String text, int start) {
        boolean digits = isDigit(text.charAt(start));
        int end = start + 1;
        while (end < text.length() && isDigit(text.charAt(end)) == digits) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
