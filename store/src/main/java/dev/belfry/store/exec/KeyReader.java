package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.store.Expr;
import dev.belfry.store.ScalarFunction;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the values of a group key as codes, with as few objects as there are distinct values. */
final class KeyReader {
    private static final Expr TIMESTAMP = new Expr.Column("timestamp");

    private KeyReader() {}

    /** The codes of {@code expr} for {@code rows}, their values as groups are told apart by. */
    static KeyCodes codes(Expr expr, GroupReader reader, Rows rows) {
        return values(expr, reader, rows).asGroupKeys();
    }

    /* As above, the values as they are. */
    private static KeyCodes values(Expr expr, GroupReader reader, Rows rows) {
        Object literal = PredicateCompiler.literal(expr);
        if (literal != null) {
            return KeyCodes.constant(literal);
        }
        if (expr instanceof Expr.Column || expr instanceof Expr.Field) {
            return stored(reader.sources(expr), reader, rows);
        }
        if (isTimeBin(expr)) {
            return timeBins((Expr.Bin) expr, reader, rows);
        }
        if (expr instanceof Expr.Call(ScalarFunction function, List<Expr> arguments)
                && function == ScalarFunction.COALESCE) {
            KeyCodes result = values(arguments.getFirst(), reader, rows);
            for (Expr next : arguments.subList(1, arguments.size())) {
                result =
                        merge(
                                result.withoutNulls(rows.count()),
                                values(next, reader, rows),
                                rows.count());
            }
            return result;
        }
        Derived derived = derived(expr, reader);
        if (derived != null) {
            return values(derived.operand(), reader, rows).map(derived.mapping());
        }
        return ofObjects(ValueReader.objects(expr, reader, rows));
    }

    /* What is made of one value alone. */
    private record Derived(Expr operand, KeyCodes.Mapping mapping) {}

    private static @Nullable Derived derived(Expr expr, GroupReader reader) {
        return switch (expr) {
            case Expr.Bin bin -> new Derived(bin.operand(), value -> Arithmetics.bin(bin, value));
            case Expr.Lower lower -> new Derived(lower.operand(), Scalars::lower);
            case Expr.Call(ScalarFunction function, List<Expr> arguments)
                    when arguments.size() == 1 ->
                    new Derived(
                            arguments.getFirst(),
                            value ->
                                    ScalarFunctions.apply(
                                            function,
                                            new @Nullable Object[] {value},
                                            reader.context()));
            case Expr.Capture capture ->
                    new Derived(
                            capture.operand(),
                            value ->
                                    Captures.part(
                                            capture.pattern(),
                                            capture.group(),
                                            Scalars.text(value),
                                            reader.context()));
            default -> null;
        };
    }

    /**
     * The values of {@code expr} in all rows of a group, values as groups are told apart by, and
     * how many rows have each; null where rows must be read for that.
     */
    static @Nullable KeyCounts counts(Expr expr, GroupReader reader) {
        KeyCounts counts = valueCounts(expr, reader);
        return counts == null
                ? null
                : new KeyCounts(counts.keys().asGroupKeys(), counts.counts(), counts.absent());
    }

    private static @Nullable KeyCounts valueCounts(Expr expr, GroupReader reader) {
        Object literal = PredicateCompiler.literal(expr);
        if (literal != null) {
            return KeyCounts.constant(literal);
        }
        if (expr instanceof Expr.Column || expr instanceof Expr.Field) {
            return reader.counts(expr);
        }
        if (isTimeBin(expr)) {
            Long bin = onlyBin((Expr.Bin) expr, reader.group());
            return bin == null ? null : KeyCounts.constant(bin);
        }
        Derived derived = derived(expr, reader);
        if (derived == null) {
            return null;
        }
        KeyCounts operand = valueCounts(derived.operand(), reader);
        return operand == null
                ? null
                : new KeyCounts(
                        operand.keys().map(derived.mapping()), operand.counts(), operand.absent());
    }

    /** Whether an expression is a bin of time whose rows come in runs. */
    static boolean isTimeBin(Expr expr) {
        return expr instanceof Expr.Bin bin
                && bin.operand().equals(TIMESTAMP)
                && Arithmetics.isWhole(bin);
    }

    /* The bin that all rows are in; null when they are in several. */
    private static @Nullable Long onlyBin(Expr.Bin bin, RowGroup group) {
        long width = (long) bin.width();
        long origin = (long) bin.origin();
        long first = Arithmetics.bin(group.minTimestampNanos(), width, origin);
        return first == Arithmetics.bin(group.maxTimestampNanos(), width, origin) ? first : null;
    }

    private static KeyCodes timeBins(Expr.Bin binned, GroupReader reader, Rows rows) {
        TimeRuns runs = timeRuns(binned, reader, rows);
        if (runs.bins().length == 1) {
            return runs.keys();
        }
        int[] codes = new int[rows.count()];
        for (int run = 0; run < runs.bins().length; run++) {
            Arrays.fill(codes, runs.start(run), runs.ends()[run], run);
        }
        return new KeyCodes(codes, runs.bins().length, runs.keys().values());
    }

    /**
     * Positions of rows by their bin of time: rows are ascending in time, so that bins come in
     * runs.
     *
     * @param bins where the bin of each run starts
     * @param ends the position behind the last of each run, ascending
     */
    record TimeRuns(Long[] bins, int[] ends) {
        int start(int run) {
            return run == 0 ? 0 : ends[run - 1];
        }

        /** The bins as values of codes. */
        KeyCodes keys() {
            return new KeyCodes(null, bins.length, code -> bins[code]);
        }
    }

    /** The runs of {@code rows}, at least one of them, for an expression that is a bin of time. */
    static TimeRuns timeRuns(Expr.Bin binned, GroupReader reader, Rows rows) {
        Long only = onlyBin(binned, reader.group());
        if (only != null) {
            return new TimeRuns(new Long[] {only}, new int[] {rows.count()});
        }
        long width = (long) binned.width();
        long origin = (long) binned.origin();
        Lane lane = reader.lane(ColumnSpec.TIMESTAMP, rows);
        long[] times = ((Vector.Longs) lane.vector()).values();
        List<Long> bins = new ArrayList<>();
        int[] ends = new int[16];
        int at = 0;
        while (at < rows.count()) {
            long time = times[lane.at(at)];
            long bin = Arithmetics.bin(time, width, origin);
            long next = bin + width > time ? bin + width : Long.MAX_VALUE;
            at = runEnd(times, lane, at, next);
            ends = bins.size() == ends.length ? Arrays.copyOf(ends, ends.length * 2) : ends;
            ends[bins.size()] = at;
            bins.add(bin);
        }
        return new TimeRuns(bins.toArray(Long[]::new), Arrays.copyOf(ends, bins.size()));
    }

    /* The first position after {@code from} with a time of {@code end} or later. */
    private static int runEnd(long[] times, Lane lane, int from, long end) {
        int low = from + 1;
        int high = lane.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[lane.at(middle)] < end) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static KeyCodes ofObjects(@Nullable Object[] objects) {
        int[] codes = new int[objects.length];
        List<Object> values = new ArrayList<>();
        Map<Object, Integer> known = new HashMap<>();
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(objects[i], known, values);
        }
        return new KeyCodes(codes, values.size(), values::get);
    }

    private static int code(@Nullable Object key, Map<Object, Integer> known, List<Object> values) {
        if (key == null) {
            return -1;
        }
        Integer code = known.putIfAbsent(key, values.size());
        if (code == null) {
            values.add(key);
            return values.size() - 1;
        }
        return code;
    }

    private static KeyCodes stored(List<Source> sources, GroupReader reader, Rows rows) {
        KeyCodes result = null;
        for (Source source : sources) {
            if (result != null && !hasAbsent(result, rows.count())) {
                break;
            }
            KeyCodes codes = ofSource(source, reader, rows);
            result = result == null ? codes : merge(result, codes, rows.count());
        }
        return result == null ? KeyCodes.constant(null) : result;
    }

    private static boolean hasAbsent(KeyCodes codes, int count) {
        for (int i = 0; i < count; i++) {
            if (codes.code(i) < 0) {
                return true;
            }
        }
        return false;
    }

    /* The second has the values of those rows that are absent from the first. */
    private static KeyCodes merge(KeyCodes first, KeyCodes second, int count) {
        int[] codes = new int[count];
        int base = first.size();
        for (int i = 0; i < count; i++) {
            int code = first.code(i);
            if (code < 0) {
                int other = second.code(i);
                code = other < 0 ? -1 : base + other;
            }
            codes[i] = code;
        }
        return new KeyCodes(
                codes,
                base + second.size(),
                code -> code < base ? first.values().of(code) : second.values().of(code - base));
    }

    private static KeyCodes ofSource(Source source, GroupReader reader, Rows rows) {
        if (source instanceof Source.Physical(ColumnSpec spec)) {
            Lane lane = reader.lane(spec, rows);
            switch (lane.vector()) {
                case Vector.Codes codes -> {
                    return ofDictionary(spec.form(), codes, lane);
                }
                case Vector.Longs longs -> {
                    return ofLongs(spec, longs, lane);
                }
                case Vector.Text _, Vector.Binary _ -> {
                    // Read as objects below.
                }
            }
        }
        @Nullable Object[] values = new @Nullable Object[rows.count()];
        ValueReader.fill(source, reader, rows, values);
        return ofObjects(values);
    }

    private static KeyCodes ofDictionary(Form form, Vector.Codes codes, Lane lane) {
        BytesColumn dictionary = codes.dictionary();
        KeyCodes.Values values = code -> ValueReader.ofBytes(form, dictionary, code);
        BytesColumn texts = form == Form.TEXT ? dictionary : null;
        if (lane.index() == null && lane.base() == 0) {
            return new KeyCodes(codes.codes(), dictionary.count(), values, texts);
        }
        int[] picked = new int[lane.count()];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = codes.codes()[lane.at(i)];
        }
        return new KeyCodes(picked, dictionary.count(), values, texts);
    }

    private static KeyCodes ofLongs(ColumnSpec spec, Vector.Longs longs, Lane lane) {
        int[] codes = new int[lane.count()];
        LongTable table = new LongTable(256);
        for (int i = 0; i < codes.length; i++) {
            int at = lane.at(i);
            codes[i] = longs.isNull(at) ? -1 : table.add(longs.values()[at]);
        }
        return new KeyCodes(
                codes, table.count(), code -> ValueReader.ofLong(spec, table.key(code)));
    }
}
