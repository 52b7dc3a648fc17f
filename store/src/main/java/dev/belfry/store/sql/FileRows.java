package dev.belfry.store.sql;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.RowGroup;
import dev.belfry.store.events.RowFile;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of all files as one relation, whose columns have names that SQL cannot mistake. */
final class FileRows {
    /*
     * DuckDB takes names that differ in case only for one. Where files hold such columns (tags "Host" and "host"), they
     * are read one by one, for DuckDB numbers equal names within a file, and its union by name would mix them between
     * files. Otherwise all files are read by one function, which is quicker to plan.
     */
    private final List<RowFile> files;
    private final Map<ColumnSpec, Physical> columns = new LinkedHashMap<>();
    private final boolean alike;

    FileRows(List<RowFile> files) {
        this.files = files;
        Map<ColumnSpec, Integer> spread = new LinkedHashMap<>();
        for (RowFile file : files) {
            for (RowGroup group : file.groups()) {
                group.columns().forEach(spec -> spread.merge(spec, 1, Integer::sum));
            }
        }
        Set<String> names = new HashSet<>();
        boolean differ = true;
        for (Map.Entry<ColumnSpec, Integer> entry : spread.entrySet()) {
            ColumnSpec spec = entry.getKey();
            if (spec.name().indexOf('\0') >= 0) {
                /* SQL has no way to say it. */
                continue;
            }
            columns.put(spec, new Physical(spec, "c" + columns.size(), entry.getValue()));
            differ &= names.add(Physical.folded(spec.name()));
        }
        alike = !differ;
    }

    List<Physical> columns() {
        return List.copyOf(columns.values());
    }

    /** The name of {@code spec} in the relation, or a NULL of its type when no row has it. */
    String column(ColumnSpec spec) {
        Physical column = columns.get(spec);
        return column != null ? column.name() : "NULL::" + Physical.type(spec);
    }

    /** Whether a file holds rows from {@code endOffset} on. */
    boolean reaches(long endOffset) {
        return files.stream()
                .flatMap(file -> file.groups().stream())
                .anyMatch(group -> group.maxOffset() >= endOffset);
    }

    /** The relation, to stand after FROM. */
    String sql(Connection connection) throws SQLException {
        if (files.isEmpty()) {
            return "(SELECT 1 WHERE false)";
        }
        if (!alike) {
            List<String> paths = files.stream().map(FileRows::path).toList();
            String all = "read_parquet([" + String.join(", ", paths) + "], union_by_name = true)";
            Map<ColumnSpec, String> names = new HashMap<>();
            columns.keySet().forEach(spec -> names.put(spec, spec.name()));
            return "(" + select(names, all) + ")";
        }
        List<String> each = new ArrayList<>();
        for (RowFile file : files) {
            each.add(select(names(connection, file), "read_parquet(" + path(file) + ")"));
        }
        return "(" + String.join(" UNION ALL ", each) + ")";
    }

    private static String path(RowFile file) {
        return Physical.literal(file.path().toString());
    }

    private String select(Map<ColumnSpec, String> names, String from) {
        List<String> selected = new ArrayList<>();
        for (Physical column : columns.values()) {
            String name = names.get(column.spec());
            String value =
                    name == null ? "NULL::" + Physical.type(column.spec()) : Physical.quoted(name);
            selected.add(value + " AS " + column.name());
        }
        return "SELECT " + String.join(", ", selected) + " FROM " + from;
    }

    /* What DuckDB calls the columns of a file: both lists are in the order of the file. */
    private Map<ColumnSpec, String> names(Connection connection, RowFile file) throws SQLException {
        List<String> ours =
                strings(connection, "SELECT name FROM parquet_schema(" + path(file) + ") OFFSET 1");
        List<String> theirs =
                strings(
                        connection,
                        "SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet("
                                + path(file)
                                + "))");
        Map<String, String> byName = new HashMap<>();
        for (int i = 0; i < ours.size(); i++) {
            byName.put(ours.get(i), theirs.get(i));
        }
        Map<ColumnSpec, String> names = new HashMap<>();
        for (ColumnSpec spec : columns.keySet()) {
            String name = byName.get(spec.name());
            if (name != null) {
                names.put(spec, name);
            }
        }
        return names;
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                strings.add(result.getString(1));
            }
        }
        return strings;
    }
}
