package dev.belfry.query.promql;

import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code info()}: adds the labels of info metrics that are about the same job and instance. */
final class InfoFunction {
    private static final List<String> IDENTIFYING = List.of("instance", "job");
    private static final String TARGET_INFO = "target_info";

    private final Evaluator evaluator;
    private final List<LabelMatcher> names = new ArrayList<>();
    private final Map<String, List<LabelMatcher>> data = new LinkedHashMap<>();

    /* The first selector of what gets labels: they are those of its time. */
    private final Expr.@Nullable Selector time;

    private InfoFunction(Evaluator evaluator, Expr.Call call) {
        this.evaluator = evaluator;
        this.time = firstSelector(Functions.argument(call, 0));
        if (call.arguments().size() > 1) {
            Expr.Selector selector = (Expr.Selector) Functions.argument(call, 1).unwrapped();
            for (LabelMatcher matcher : selector.matchers()) {
                if (matcher.name().equals(Labels.NAME)) {
                    names.add(matcher);
                } else {
                    data.computeIfAbsent(matcher.name(), key -> new ArrayList<>()).add(matcher);
                }
            }
        }
        if (names.isEmpty()) {
            names.add(LabelMatcher.equal(Labels.NAME, TARGET_INFO));
        }
    }

    static List<Row> call(Evaluator evaluator, Expr.Call call) {
        List<Row> base = evaluator.vector(Functions.argument(call, 0));
        return new InfoFunction(evaluator, call).combine(base);
    }

    private static Expr.@Nullable Selector firstSelector(Expr expr) {
        if (expr instanceof Expr.Selector selector) {
            return selector;
        }
        for (Expr child : expr.children()) {
            Expr.Selector found = firstSelector(child);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private boolean isInfo(Row row) {
        return names.stream().allMatch(matcher -> matcher.matches(row.labels.metricName()));
    }

    private List<Row> combine(List<Row> base) {
        Map<Labels, Map<String, List<Row>>> infos = infos(base);
        Rows result = new Rows();
        for (Row row : base) {
            evaluator.evaluation.budget().check();
            if (isInfo(row)) {
                result.add(row);
                continue;
            }
            Map<String, List<Row>> candidates =
                    infos.getOrDefault(row.labels.keep(IDENTIFYING), Map.of());
            Map<Labels, Row> targets = new HashMap<>();
            for (int i = 0; i < row.values.length; i++) {
                Labels labels = row.has(i) ? labels(row, candidates, i) : null;
                if (labels != null) {
                    targets.computeIfAbsent(labels, key -> evaluator.newRow(key, row.dropName))
                            .copyStep(i, row);
                }
            }
            targets.values().forEach(result::add);
        }
        return result.nonEmpty();
    }

    /* Info series by what they identify and by name; their values are when they were sampled. */
    private Map<Labels, Map<String, List<Row>>> infos(List<Row> base) {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (Row row : base) {
            for (String label : IDENTIFYING) {
                if (!isInfo(row) && row.labels.has(label)) {
                    values.computeIfAbsent(label, key -> new LinkedHashSet<>())
                            .add(row.labels.get(label));
                }
            }
        }
        Map<Labels, Map<String, List<Row>>> infos = new HashMap<>();
        if (values.isEmpty()) {
            return infos;
        }
        List<LabelMatcher> matchers = new ArrayList<>(names);
        data.values().forEach(matchers::addAll);
        values.forEach((label, wanted) ->
                matchers.add(
                        new LabelMatcher(
                                label,
                                LabelMatcher.Operator.MATCH,
                                String.join("|", wanted),
                                List.copyOf(wanted),
                                new HashSet<>(wanted)::contains)));
        Expr.Selector selector =
                new Expr.Selector(
                        "",
                        matchers,
                        time == null ? null : time.offset(),
                        time == null ? null : time.at(),
                        Expr.Edges.PLAIN,
                        new Span(0, 0));
        for (Row info : Selectors.infos(evaluator, selector)) {
            infos.computeIfAbsent(info.labels.keep(IDENTIFYING), key -> new LinkedHashMap<>())
                    .computeIfAbsent(info.labels.metricName(), key -> new ArrayList<>())
                    .add(info);
        }
        return infos;
    }

    private @Nullable Labels labels(Row row, Map<String, List<Row>> candidates, int step) {
        Labels.Builder added = new Labels.Builder(Labels.EMPTY);
        boolean any = false;
        for (List<Row> sameName : candidates.values()) {
            Row info = newest(sameName, step);
            if (info == null) {
                continue;
            }
            for (int i = 0; i < info.labels.size(); i++) {
                any |= add(added, row.labels, info.labels.name(i), info.labels.value(i));
            }
        }
        if (!any && !data.isEmpty()) {
            boolean optional =
                    data.values().stream()
                            .flatMap(List::stream)
                            .allMatch(matcher -> matcher.matches(""));
            if (!optional) {
                return null;
            }
        }
        Labels.Builder labels = new Labels.Builder(row.labels);
        added.build().forEach(labels::set);
        return labels.build();
    }

    private boolean add(Labels.Builder added, Labels base, String name, String value) {
        boolean wanted = data.isEmpty() || data.containsKey(name);
        if (name.equals(Labels.NAME) || IDENTIFYING.contains(name) || !wanted) {
            return false;
        }
        String there = added.get(name);
        if (!there.isEmpty() && !there.equals(value)) {
            throw PromqlException.execution("conflicting label: " + name);
        }
        if (!base.has(name)) {
            added.set(name, value);
        }
        return !base.has(name);
    }

    private @Nullable Row newest(List<Row> rows, int step) {
        Row newest = null;
        for (Row row : rows) {
            if (!row.hasNumber(step)) {
                continue;
            }
            if (newest != null && newest.values[step] == row.values[step]) {
                long millis = Math.round(row.values[step] * 1000);
                throw PromqlException.execution(
                        "found duplicate series for info metric: existing "
                                + newest.labels
                                + " @ "
                                + millis
                                + ", new "
                                + row.labels
                                + " @ "
                                + millis);
            }
            if (newest == null || newest.values[step] < row.values[step]) {
                newest = row;
            }
        }
        return newest;
    }
}
