package dev.belfry.query.insight;

import dev.belfry.model.BelfryException;
import dev.belfry.store.Expr;
import dev.belfry.store.Owner;
import dev.belfry.store.Plan;
import dev.belfry.store.ScalarFunction;
import dev.belfry.store.Table;
import dev.belfry.store.TextPattern;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a plan and steps of stages: as much as possible is the store's. */
final class Compiler {
    /*
     *  stages:  filter parse fields sort limit | stats …      while events are read: all in the plan
     *           after limit or dedup: events, but further stages are steps on the plan's rows
     *           after stats or pattern: rows of a table, all stages are steps
     */
    private enum Mode {
        EVENTS,
        LIMITED_EVENTS,
        TABLE
    }

    private static final String LEVEL_SENT = "#level";

    private final String text;
    private final TimeRange range;
    private final Owner owner;
    private final Translator translator;

    private Mode mode = Mode.EVENTS;
    private final List<Expr> filters = new ArrayList<>();
    private final Map<String, Expr> aliases = new HashMap<>();
    private final List<Program.Column> shown = new ArrayList<>();
    private final List<String> parsed = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private List<Step.Key> sort = List.of();
    private int limit = -1;
    private @Nullable Plan tablePlan;
    private boolean templates;

    /* Of a table: its columns and which are times. */
    private final Set<String> columns = new LinkedHashSet<>();
    private final Set<String> timeColumns = new HashSet<>();

    /* Of events: what the plan must give for steps and columns. */
    private final Set<Expr> slots = new LinkedHashSet<>();

    Compiler(String text, TimeRange range, Owner owner, Set<String> sources, long nowNanos) {
        this.text = text;
        this.range = range;
        this.owner = owner;
        if (!sources.isEmpty()) {
            filters.add(new Expr.In(Names.SOURCE, List.copyOf(sources), false));
        }
        this.translator = new Translator(text, nowNanos, this::resolve, this::known, this::isTime);
    }

    private Expr resolve(Node.Name name) {
        Expr alias = aliases.get(name.name());
        if (alias != null) {
            return alias;
        }
        if (mode != Mode.TABLE) {
            return Names.of(name.name());
        }
        Expr column = known(name.name());
        if (column != null) {
            return column;
        }
        Set<String> names = new TreeSet<>(aliases.keySet());
        columns.stream().filter(c -> !c.startsWith("#")).forEach(names::add);
        throw Syntax.error(
                text, name.at(), "no column " + name.name(), "one of " + String.join(", ", names));
    }

    /* The column of a table that reads so: count() as well as a name. */
    private @Nullable Expr known(String written) {
        if (mode != Mode.TABLE) {
            return null;
        }
        return columns.contains(written) && !aliases.containsKey(written)
                ? new Expr.Column(written)
                : aliases.get(written);
    }

    private boolean isTime(Expr expr) {
        return Names.isTime(
                expr,
                column ->
                        mode == Mode.TABLE
                                ? timeColumns.contains(column)
                                : Names.TIMES.contains(column));
    }

    /** The program of {@code stages}. */
    Program compile(List<Stage> stages, int rowsMax) {
        stages.forEach(this::add);
        if (shown.isEmpty()) {
            showDefaults();
        }
        int wanted = limit < 0 ? rowsMax : Math.min(limit, rowsMax);
        Plan plan = tablePlan != null ? tablePlan : rows(wanted);
        return new Program(plan, List.copyOf(slots), templates, steps, shown, rowsMax);
    }

    /** What is true of the events that {@code stages} keep, which do nothing else. */
    Expr condition(List<Stage> stages) {
        for (Stage stage : stages) {
            switch (stage) {
                case Stage.Search _, Stage.Filter _, Stage.Parse _ -> add(stage);
                default ->
                        throw Syntax.error(
                                text,
                                stage.at(),
                                "a stage that does more than keep events",
                                "a search, filter or parse");
            }
        }
        return new Expr.And(filters);
    }

    private void showDefaults() {
        if (mode == Mode.TABLE) {
            for (String column : columns) {
                if (!column.startsWith("#")) {
                    show(column, new Expr.Column(column));
                }
            }
            return;
        }
        show("@timestamp", Names.TIMESTAMP);
        show("@message", Names.MESSAGE);
        for (String name : parsed) {
            show(name, aliases.getOrDefault(name, Names.of(name)));
        }
    }

    private void show(String name, Expr value) {
        shown.removeIf(column -> column.name().equals(name));
        shown.add(new Program.Column(name, value, isTime(value)));
    }

    private Plan.Scan scan() {
        return new Plan.Scan(Table.EVENTS, range, new Expr.And(filters), owner, null);
    }

    private Plan rows(int wanted) {
        shown.forEach(column -> slots.add(column.value()));
        slots.add(Names.ID);
        List<Plan.SortKey> keys = new ArrayList<>();
        for (Step.Key key : sort) {
            slots.add(key.value());
        }
        List<Expr> given = List.copyOf(slots);
        for (Step.Key key : sort) {
            keys.add(new Plan.SortKey(slotName(given.indexOf(key.value())), key.descending()));
        }
        List<Plan.Named> named = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            named.add(new Plan.Named(slotName(i), given.get(i)));
        }
        Plan plan = new Plan.Extract(scan(), named);
        Plan ordered = keys.isEmpty() ? plan : new Plan.Sort(plan, keys);
        int read = steps.isEmpty() ? wanted : limit < 0 ? Limits.STEP_ROWS_MAX : limit;
        /* Without steps one more than is shown tells whether there are more. */
        return new Plan.Limit(ordered, 0, steps.isEmpty() && limit < 0 ? read + 1 : read);
    }

    private static String slotName(int index) {
        return "#" + index;
    }

    private void add(Stage stage) {
        switch (stage) {
            case Stage.Search search -> {
                if (mode != Mode.EVENTS) {
                    throw Syntax.error(
                            text, stage.at(), "search here", "it before limit, dedup and stats");
                }
                filters.add(new SearchTranslator(translator).expr(search.term()));
            }
            case Stage.Fields fields -> fields.items().forEach(this::field);
            case Stage.Filter filter -> keep(expr(filter.condition()));
            case Stage.Parse parse -> parse(parse);
            case Stage.Stats stats -> stats(stats);
            case Stage.Sort order -> order(order);
            case Stage.Limit first -> first(first.count());
            case Stage.Dedup dedup -> dedup(dedup);
            case Stage.Patterns patterns -> patterns(patterns);
            case Stage.Display display -> {
                shown.clear();
                display.values().forEach(v -> show(nameOf(v), expr(v)));
            }
        }
    }

    private static String nameOf(Node value) {
        return value instanceof Node.Name name ? name.name() : Printer.print(value);
    }

    private void field(Stage.Item item) {
        Expr value = expr(item.value());
        String name = item.name() != null ? item.name() : nameOf(item.value());
        if (item.name() != null) {
            aliases.put(name, value);
        }
        show(name, value);
    }

    /* Names stand for what they name: without a bound each stage could double what it gets. */
    private Expr expr(Node written) {
        Expr expr = translator.expr(written);
        if (parts(expr, Limits.PARTS_MAX) < 0) {
            throw Syntax.error(
                    text,
                    written.at(),
                    "over " + Limits.PARTS_MAX + " parts when names are written out",
                    "a shorter expression");
        }
        return expr;
    }

    /* What is left of the parts that are allowed, negative when there are more. */
    private static int parts(Expr expr, int allowed) {
        int left = allowed - 1;
        for (Expr part : expr.parts()) {
            if (left < 0) {
                break;
            }
            left = parts(part, left);
        }
        return left;
    }

    private void keep(Expr condition) {
        if (mode == Mode.EVENTS) {
            filters.add(condition);
        } else {
            step(new Step.Keep(condition), condition);
        }
    }

    /* Adds a step; the plan must give what its expressions read. */
    private void step(Step step, Expr... reads) {
        if (mode != Mode.TABLE) {
            for (Expr expr : reads) {
                leaves(expr);
            }
        }
        steps.add(step);
    }

    private void leaves(Expr expr) {
        if (expr instanceof Expr.Column || expr instanceof Expr.Field) {
            slots.add(expr);
        } else {
            expr.parts().forEach(this::leaves);
        }
    }

    private void parse(Stage.Parse parse) {
        Expr operand = expr(parse.operand());
        Map.Entry<TextPattern, List<String>> pattern = translator.textPattern(parse);
        List<String> names = pattern.getValue();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Expr value = new Expr.Capture(operand, pattern.getKey(), i);
            aliases.put(name, value);
            parsed.add(name);
            if (!shown.isEmpty() || mode == Mode.TABLE) {
                if (shown.isEmpty()) {
                    showDefaults();
                }
                show(name, value);
            }
        }
    }

    private void order(Stage.Sort order) {
        List<Step.Key> keys = new ArrayList<>();
        for (Stage.Key key : order.keys()) {
            keys.add(new Step.Key(expr(key.value()), key.descending()));
        }
        if (mode == Mode.EVENTS) {
            sort = keys;
        } else {
            step(new Step.Order(keys), keys.stream().map(Step.Key::value).toArray(Expr[]::new));
        }
    }

    private void first(int count) {
        if (mode == Mode.EVENTS) {
            limit = count;
            mode = Mode.LIMITED_EVENTS;
        } else {
            step(new Step.First(count));
        }
    }

    private void dedup(Stage.Dedup dedup) {
        List<Expr> values = dedup.values().stream().map(this::expr).toList();
        step(new Step.Distinct(values), values.toArray(Expr[]::new));
        if (mode == Mode.EVENTS) {
            mode = Mode.LIMITED_EVENTS;
        }
    }

    private void patterns(Stage.Patterns patterns) {
        Expr value = expr(patterns.value());
        if (mode == Mode.EVENTS) {
            templates = true;
            tablePlan = new Plan.Extract(scan(), List.of(new Plan.Named("text", value)));
        } else {
            step(new Step.Templates(value), value);
            materialize();
        }
        table(Templates.COLUMNS, Set.of());
    }

    /* From here on rows are those of a table. */
    private void table(List<String> names, Set<String> times) {
        mode = Mode.TABLE;
        aliases.clear();
        shown.clear();
        parsed.clear();
        columns.clear();
        timeColumns.clear();
        columns.addAll(names);
        timeColumns.addAll(times);
    }

    private void stats(Stage.Stats stats) {
        List<Plan.Named> keys = new ArrayList<>();
        List<String> keyNames = new ArrayList<>();
        Set<String> times = new HashSet<>();
        double seconds = seconds(range);
        boolean byLevel = false;
        for (Stage.Item item : stats.keys()) {
            Expr value = expr(item.value());
            String name = item.name() != null ? item.name() : nameOf(item.value());
            if (value instanceof Expr.Bin bin && isTime(bin.operand())) {
                seconds = bin.width() / 1e9;
            }
            if (isTime(value)) {
                times.add(name);
            }
            boolean level = value.equals(Names.LEVEL) && mode != Mode.TABLE;
            byLevel |= level;
            keyNames.add(level ? LEVEL_SENT + name : name);
            keys.add(
                    new Plan.Named(
                            name,
                            level ? new Expr.Call(ScalarFunction.LEVEL, List.of(value)) : value));
        }
        Aggregates aggregates = new Aggregates(translator, seconds);
        Map<String, Node> results = new LinkedHashMap<>();
        for (Stage.Item item : stats.measures()) {
            String name = item.name() != null ? item.name() : nameOf(item.value());
            if (results.put(name, aggregates.replace(item.value())) != null
                    || keyNames.contains(name)) {
                throw twice(item, name);
            }
        }
        group(keys, keyNames, aggregates, byLevel, times, results);
    }

    private void group(
            List<Plan.Named> keys,
            List<String> keyNames,
            Aggregates aggregates,
            boolean byLevel,
            Set<String> times,
            Map<String, Node> results) {
        List<Plan.Measure> measures = new ArrayList<>(aggregates.measures());
        for (Plan.Measure measure : measures) {
            Expr like = aggregates.timeLike(measure.name());
            if (like != null && isTime(like)) {
                times.add(measure.name());
            }
        }
        /* Levels are one group without case, and shown as they were sent. */
        if (byLevel && mode == Mode.EVENTS) {
            measures.add(new Plan.Measure(LEVEL_SENT, Plan.Function.LAST, Names.LEVEL, 0));
        }
        boolean folded = byLevel && mode == Mode.EVENTS;
        if (mode == Mode.EVENTS) {
            tablePlan = new Plan.Aggregate(scan(), keys, measures);
        } else {
            List<Expr> reads = new ArrayList<>();
            keys.forEach(key -> reads.add(key.expr()));
            measures.forEach(measure -> {
                if (measure.operand() != null) {
                    reads.add(measure.operand());
                }
            });
            step(new Step.Group(keys, measures), reads.toArray(Expr[]::new));
            materialize();
        }
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(key.name()));
        measures.forEach(measure -> names.add(measure.name()));
        table(names, times);
        for (int i = 0; i < keys.size(); i++) {
            String name = keys.get(i).name();
            boolean level = keyNames.get(i).startsWith(LEVEL_SENT);
            Expr value = new Expr.Column(level && folded ? LEVEL_SENT : name);
            if (level && folded) {
                aliases.put(name, value);
            }
            show(name, value);
        }
        results.forEach(this::result);
    }

    private void result(String name, Node value) {
        Expr expr = expr(value);
        aliases.put(name, expr);
        show(name, expr);
    }

    /* The plan behind steps that make a table of events. */
    private void materialize() {
        if (tablePlan == null) {
            shown.clear();
            tablePlan = rows(Limits.STEP_ROWS_MAX);
        }
    }

    private BelfryException twice(Stage.Item item, String name) {
        return Syntax.error(
                text, item.value().at(), name + " twice", "each name once; as gives another");
    }

    private static double seconds(TimeRange range) {
        boolean open = range.startNanos() == Long.MIN_VALUE || range.endNanos() == Long.MAX_VALUE;
        return open ? Double.NaN : (range.endNanos() - range.startNanos()) / 1e9;
    }
}
