package dev.belfry.store.exec;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.Expr;
import dev.belfry.store.QueryContext;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.FoundTexts;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.column.SoundRows;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.Phrase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One group as a query sees it: logical columns to physical ones, each read once; one thread. */
final class GroupReader {
    private final RowGroup group;
    private final QueryContext context;
    private final List<ColumnSpec> columns;
    private final Map<ColumnSpec, Vector> whole = new HashMap<>();
    private final Map<ColumnSpec, List<FoundTexts>> found = new HashMap<>();
    private long foundBytes;
    private long reserved;
    private boolean pagesOnly;

    GroupReader(RowGroup group, QueryContext context) {
        this.group = group;
        this.context = context;
        this.columns = group.columns();
    }

    /**
     * Reads only the wanted rows of columns from now on: for rows of an answer, which may be large,
     * where a whole column would be beyond the query's memory.
     */
    void readPagesOnly() {
        pagesOnly = true;
    }

    RowGroup group() {
        return group;
    }

    /** The group's physical columns. */
    List<ColumnSpec> columns() {
        return columns;
    }

    QueryContext context() {
        return context;
    }

    /** The values of a column for {@code rows}: by pages when they are few, else the whole. */
    Lane lane(ColumnSpec spec, Rows rows) {
        Vector vector = whole.get(spec);
        try {
            if (vector == null) {
                if (pagesOnly || isNarrow(rows)) {
                    Vector kept = found(spec, rows);
                    return new Lane(kept == null ? pages(spec, rows) : kept, null, 0, rows.count());
                }
                vector = group.read(spec, context.cost());
                whole.put(spec, vector);
                reserve(sizeBytes(vector));
            }
        } catch (IOException e) {
            throw new UnreadableGroupException(group, e);
        }
        return new Lane(vector, rows.indexes(), rows.from(), rows.count());
    }

    /**
     * Those of {@code rows} whose text in a column has {@code phrase}, without holding the column;
     * null where it must be read for that.
     */
    @Nullable Rows find(ColumnSpec spec, Rows rows, Phrase phrase) {
        if (spec.form() != Form.TEXT || rows.indexes() != null || whole.containsKey(spec)) {
            return null;
        }
        int from = rows.from();
        try {
            FoundTexts more = group.find(spec, from, from + rows.count(), phrase, context.cost());
            if (more == null) {
                return null;
            }
            int count = more.rows().length;
            if (count > 0 && more.texts() != null) {
                found.computeIfAbsent(spec, _ -> new ArrayList<>(2)).add(more);
                foundBytes += more.texts().end(count - 1) + (long) Limits.ROW_BYTES * count;
            }
            return Rows.of(more.rows(), count);
        } catch (IOException e) {
            throw new UnreadableGroupException(group, e);
        }
    }

    /** About what {@link #find} keeps beyond {@link #release}, bytes. */
    long foundBytes() {
        return foundBytes;
    }

    /* The texts of rows that all were found; null when one was not. */
    private @Nullable Vector found(ColumnSpec spec, Rows rows) {
        List<FoundTexts> some = found.get(spec);
        if (some == null) {
            return null;
        }
        BytesColumn.Builder texts = new BytesColumn.Builder(rows.count());
        for (int i = 0; i < rows.count(); i++) {
            if (!addFound(some, rows.at(i), texts)) {
                return null;
            }
        }
        return new Vector.Text(texts.build());
    }

    private static boolean addFound(List<FoundTexts> some, int row, BytesColumn.Builder texts) {
        for (FoundTexts found : some) {
            int at = Arrays.binarySearch(found.rows(), row);
            BytesColumn kept = found.texts();
            if (at >= 0 && kept != null) {
                texts.add(kept.data(), kept.start(at), kept.length(at));
                return true;
            }
        }
        return false;
    }

    /* Whether rows are in few pages. */
    private boolean isNarrow(Rows rows) {
        int count = rows.count();
        if (count == 0) {
            return true;
        }
        long span = rows.at(count - 1) - (long) rows.at(0) + 1;
        return span * Limits.RANGE_READ_RATIO <= group.rowCount()
                || (long) count * Limits.SPARSE_READ_RATIO < group.rowCount();
    }

    private Vector pages(ColumnSpec spec, Rows rows) throws IOException {
        return rows.indexes() == null
                ? group.read(spec, rows.from(), rows.from() + rows.count(), context.cost())
                : group.read(spec, rows.toArray(), context.cost());
    }

    /** Whether a column's values are held whole. */
    boolean holds(ColumnSpec spec) {
        return whole.containsKey(spec);
    }

    /** Gives back what a column's values hold; they are read again when they are asked for. */
    void forget(ColumnSpec spec) {
        Vector vector = whole.remove(spec);
        if (vector != null) {
            reserve(-sizeBytes(vector));
        }
    }

    /** Counts bytes that are held until {@link #release}. */
    void hold(long bytes) {
        reserve(bytes);
    }

    private void reserve(long bytes) {
        reserved += bytes;
        context.reserve(bytes);
    }

    private static long sizeBytes(Vector vector) {
        return switch (vector) {
            case Vector.Longs longs -> 8L * longs.count();
            case Vector.Codes codes -> 4L * codes.count() + sizeBytes(codes.dictionary());
            case Vector.Text text -> sizeBytes(text.values());
            case Vector.Binary binary -> (long) binary.width() * binary.count();
        };
    }

    private static long sizeBytes(BytesColumn values) {
        return values.count() == 0 ? 0 : values.end(values.count() - 1) + 4L * values.count();
    }

    /** Gives back what the columns that were read hold. */
    void release() {
        whole.clear();
        reserve(-reserved);
    }

    /** Whether no value of a column can pass a test, as far as is known without reading rows. */
    boolean rulesOut(ColumnSpec spec, Condition test) {
        if (whole.containsKey(spec)) {
            return false;
        }
        if (spec.form() == Form.TEXT) {
            BytesColumn texts;
            try {
                texts = group.dictionary(spec, context.cost());
            } catch (IOException e) {
                throw new UnreadableGroupException(group, e);
            }
            for (int i = 0; texts != null && i < texts.count(); i++) {
                if (test.text(texts.data(), texts.start(i), texts.end(i))) {
                    return false;
                }
            }
            return texts != null;
        }
        Condition.LongRange range = ColumnFilter.range(spec, test);
        if (range == null) {
            return false;
        }
        if (!range.outside()) {
            return range.low() > range.high()
                    || !group.mayBeBetween(spec, range.low(), range.high());
        }
        return range.low() <= range.high()
                && (range.low() == Long.MIN_VALUE
                        || !group.mayBeBetween(spec, Long.MIN_VALUE, range.low() - 1))
                && (range.high() == Long.MAX_VALUE
                        || !group.mayBeBetween(spec, range.high() + 1, Long.MAX_VALUE));
    }

    /**
     * The distinct texts that {@code expr} has in {@code rows}, where its column tells without
     * reading them; else null.
     */
    @Nullable BytesColumn distinct(Expr expr, Rows rows) {
        boolean isAll = rows.count() == group.rowCount() && !(group instanceof SoundRows);
        if (!isAll || !(expr instanceof Expr.Column || expr instanceof Expr.Field)) {
            return null;
        }
        List<Source> sources = sources(expr);
        boolean isText =
                sources.size() == 1
                        && sources.getFirst() instanceof Source.Physical(ColumnSpec spec)
                        && spec.form() == Form.TEXT;
        if (!isText) {
            return null;
        }
        try {
            ColumnSpec column = ((Source.Physical) sources.getFirst()).spec();
            return group.dictionary(column, context.cost());
        } catch (IOException e) {
            throw new UnreadableGroupException(group, e);
        }
    }

    /** The only column that has values of {@code expr}, where it is one of longs; else null. */
    @Nullable ColumnSpec longs(Expr expr) {
        if (!(expr instanceof Expr.Column) && !(expr instanceof Expr.Field)) {
            return null;
        }
        List<Source> sources = sources(expr);
        return sources.size() == 1
                        && sources.getFirst() instanceof Source.Physical(ColumnSpec spec)
                        && spec.form() != Form.BOOLEAN
                        && spec.form().isLong()
                ? spec
                : null;
    }

    /**
     * How many rows of the group have each value of a column or field; null where rows must be read
     * for that.
     */
    @Nullable KeyCounts counts(Expr expr) {
        List<Source> sources = sources(expr);
        if (sources.isEmpty()) {
            return KeyCounts.constant(null);
        }
        if (!(sources.getFirst() instanceof Source.Physical(ColumnSpec spec))
                || spec.form() != Form.TEXT) {
            return null;
        }
        try {
            int[] counts = group.valueCounts(spec, context.cost());
            BytesColumn texts = counts == null ? null : group.dictionary(spec, context.cost());
            if (counts == null || texts == null) {
                return null;
            }
            int absent = group.rowCount();
            for (int count : counts) {
                absent -= count;
            }
            if (absent > 0 && sources.size() > 1) {
                return null;
            }
            KeyCodes keys =
                    new KeyCodes(
                            null,
                            texts.count(),
                            code -> ValueReader.ofBytes(Form.TEXT, texts, code),
                            texts);
            return new KeyCounts(keys, counts, absent);
        } catch (IOException e) {
            throw new UnreadableGroupException(group, e);
        }
    }

    boolean has(ColumnSpec spec) {
        return columns.contains(spec);
    }

    /**
     * Where the values of a column or field stand; a row's value is the first one's that has one.
     */
    List<Source> sources(Expr expr) {
        return switch (expr) {
            case Expr.Column column -> column(column.name());
            case Expr.Field field -> {
                List<Source> sources = new ArrayList<>(2);
                if (field.space() == null) {
                    field(FieldSpace.TAG, field.path(), sources);
                    field(FieldSpace.PAYLOAD, field.path(), sources);
                } else {
                    field(field.space(), field.path(), sources);
                }
                yield sources;
            }
            default -> throw new IllegalStateException("BUG: no column: " + expr);
        };
    }

    private List<Source> column(String name) {
        switch (name) {
            case "id":
                return List.of(new Source.Id());
            case "tags":
                return List.of(new Source.Whole(FieldSpace.TAG));
            case "payload":
                return List.of(new Source.Whole(FieldSpace.PAYLOAD));
            default:
                List<Source> sources = new ArrayList<>(1);
                physical(
                        FieldSpace.EVENT,
                        name.equals("created_at") ? "received" : name,
                        "",
                        sources);
                return sources;
        }
    }

    private void field(FieldSpace space, String path, List<Source> sources) {
        ColumnSpec rest =
                space == FieldSpace.TAG
                        ? ColumnSpec.TAGS_REST
                        : space == FieldSpace.PAYLOAD ? ColumnSpec.PAYLOAD_REST : null;
        boolean hasRest = rest != null && has(rest);
        String key = path;
        String inner = "";
        while (true) {
            physical(space, key, inner, sources);
            if (rest != null && hasRest) {
                sources.add(new Source.Member(rest, key, inner.isEmpty() ? null : inner));
            }
            int dot = key.lastIndexOf('.');
            if (dot <= 0) {
                return;
            }
            key = path.substring(0, dot);
            inner = path.substring(dot + 1);
        }
    }

    private void physical(FieldSpace space, String key, String inner, List<Source> sources) {
        for (int i = 0; i < columns.size(); i++) {
            ColumnSpec spec = columns.get(i);
            if (spec.space() != space || !spec.key().equals(key) || key.equals(FieldColumn.REST)) {
                continue;
            }
            if (inner.isEmpty()) {
                sources.add(new Source.Physical(spec));
            } else if (spec.form() == Form.JSON) {
                sources.add(new Source.Nested(spec, inner));
            }
        }
    }
}
