package dev.belfry.store.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets a parsed query pass when it is one SELECT over the events and over what it makes itself. The
 * instance's own locks stand behind it; this one says what is wrong, and keeps from users even what
 * those allow: the files of the view.
 */
final class SqlGate {
    /*
     * The text is parsed by DuckDB itself (json_serialize_sql), so that both read it alike. Of the tree, kinds of
     * queries, tables and functions that give tables are let through by name, all others are refused: what a later
     * DuckDB brings is refused until somebody has looked at it. Functions of values are many, and harmless but for
     * those that tell of the instance, its process and its machine.
     */
    private static final Set<String> QUERY_NODES =
            Set.of("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE");

    private static final Set<String> TABLE_KINDS =
            Set.of(
                    "BASE_TABLE",
                    "TABLE_FUNCTION",
                    "JOIN",
                    "SUBQUERY",
                    "EMPTY",
                    "EXPRESSION_LIST",
                    "PIVOT",
                    "SHOW_REF");

    private static final Set<String> TABLE_FUNCTIONS =
            Set.of(
                    "unnest",
                    "range",
                    "generate_series",
                    "json_each",
                    "json_tree",
                    "regexp_split_to_table",
                    "generate_subscripts");

    private static final Pattern FUNCTIONS_REFUSED =
            Pattern.compile(
                    "(pg_|has_|inet_|txid_|duckdb_|pragma_|read_|parquet_|__internal|current_setting"
                            + "|current_quer|current_connection|current_transaction|current_database"
                            + "|current_schema|current_catalog|current_role|current_user|session_user"
                            + "|in_search_path|json_serialize|json_deserialize|json_execute).*"
                            + "|user|version|getenv|getvariable|nextval|currval|setval|setseed|glob"
                            + "|sniff_csv|query|query_table|sleep_ms|write_log|error|which_secret"
                            + "|parse_duckdb_log_message|col_description|obj_description"
                            + "|shobj_description|invoke|stats|create_sort_key|cast_to_type"
                            + "|seq_scan|arrow_scan.*|extension_versions|get_block_size|assert_true"
                            /* They make a text or list of any size at once, which counts for no limit. */
                            + "|repeat|lpad|rpad|bar|format|printf|bitstring"
                            + "|list_resize|array_resize|range|generate_series");

    /** The table function whose rows are made for the query. */
    private static final String SAMPLES = "samples";

    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,62}");
    private static final Pattern NAMES_REFUSED =
            Pattern.compile("(duckdb_|pg_|pragma_|sqlite_|belfry_|information_schema).*");

    private static final Pattern KEYWORDS_OF_SHOW = Pattern.compile("DESCRIBE|SUMMARY");

    private final Set<String> tables = new HashSet<>(Set.of("events"));
    private final List<String> calls = new ArrayList<>();

    private SqlGate() {}

    /**
     * Checks what DuckDB parsed.
     *
     * @param parsed the answer of {@code json_serialize_sql}
     * @return the places of the arguments of calls of {@code samples} in it, to which the number of
     *     one is to be added
     * @throws BelfryException VALIDATION_ERROR when it is anything but one harmless SELECT
     */
    static List<String> check(String parsed) {
        Object tree = tree(parsed);
        Map<?, ?> answer = tree instanceof Map<?, ?> map ? map : Map.of();
        if (!"false".equals(answer.get("error"))) {
            boolean known = "not implemented".equals(answer.get("error_type"));
            throw refused(
                    known
                            ? "only SELECT (expected: one SELECT over the table events)"
                            : String.valueOf(answer.get("error_message")));
        }
        if (!(answer.get("statements") instanceof List<?> statements) || statements.size() != 1) {
            throw refused("only one statement (expected: one SELECT over the table events)");
        }
        SqlGate gate = new SqlGate();
        gate.collectNames(statements);
        gate.visit(statements, "/statements");
        return gate.calls;
    }

    static BelfryException refused(String why) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, "query: " + why);
    }

    /* The queries named by WITH, wherever: a name out of its scope is no table, and fails later. */
    private void collectNames(@Nullable Object value) {
        switch (value) {
            case List<?> list -> list.forEach(this::collectNames);
            case Map<?, ?> map -> {
                if (map.get("cte_map") instanceof Map<?, ?> named
                        && named.get("map") instanceof List<?> entries) {
                    for (Object entry : entries) {
                        addName(entry instanceof Map<?, ?> pair ? pair.get("key") : null);
                    }
                }
                map.values().forEach(this::collectNames);
            }
            case null, default -> {}
        }
    }

    private void addName(@Nullable Object key) {
        String name = lower(key);
        if (!NAME.matcher(name).matches() || NAMES_REFUSED.matcher(name).matches()) {
            throw refused("name after WITH: " + name + " (expected: letters, digits and _)");
        }
        tables.add(name);
    }

    private static String lower(@Nullable Object text) {
        return text instanceof String name ? name.toLowerCase(Locale.ROOT) : "";
    }

    private void visit(@Nullable Object value, String place) {
        switch (value) {
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    visit(list.get(i), place + "/" + i);
                }
            }
            case Map<?, ?> map -> {
                checkObject(map, place);
                map.forEach((key, member) -> visit(member, place + "/" + key));
            }
            case null, default -> {}
        }
    }

    private void checkObject(Map<?, ?> object, String place) {
        String type = object.get("type") instanceof String text ? text : "";
        if (object.containsKey("class")) {
            if (type.equals("VALUE_PARAMETER")) {
                throw refused("a parameter (expected: a value in its place)");
            }
        } else if (object.containsKey("modifiers") || type.endsWith("_NODE")) {
            if (!QUERY_NODES.contains(type)) {
                throw refused("only SELECT (expected: one SELECT over the table events)");
            }
        } else if (object.containsKey("sample")) {
            checkTable(type, object, place);
        }
        boolean table = place.endsWith("/function");
        if (object.containsKey("function_name") && !(table && givesTable(object))) {
            checkFunction(object);
        }
    }

    private void checkTable(String kind, Map<?, ?> table, String place) {
        if (!TABLE_KINDS.contains(kind)) {
            throw refused("table " + kind + " (expected: events)");
        }
        switch (kind) {
            case "BASE_TABLE" -> {
                List<String> path = path(table);
                if (path.size() != 1 || !tables.contains(path.getFirst())) {
                    throw refused("table " + String.join(".", path) + " (expected: events)");
                }
            }
            case "TABLE_FUNCTION" -> {
                Map<?, ?> function =
                        table.get("function") instanceof Map<?, ?> map ? map : Map.of();
                String name = String.join(".", path(function));
                if (name.equals(SAMPLES)) {
                    addCall(function, place);
                } else if (!givesTable(function)) {
                    throw refused("table function " + name + " (expected: the table events)");
                }
            }
            case "SHOW_REF" -> {
                boolean described = table.get("query") instanceof Map<?, ?>;
                String how = String.valueOf(table.get("show_type"));
                if (!described || !KEYWORDS_OF_SHOW.matcher(how).matches()) {
                    throw refused("SHOW (expected: DESCRIBE events)");
                }
            }
            default -> {}
        }
    }

    private void addCall(Map<?, ?> function, String place) {
        int arguments = function.get("arguments") instanceof List<?> list ? list.size() : 0;
        if (arguments != 3) {
            throw refused("samples: " + arguments + " arguments (expected: selector, start, end)");
        }
        calls.add(place + "/function/arguments/");
        if (calls.size() > Limits.SAMPLE_CALLS_MAX) {
            throw refused(
                    "samples: "
                            + calls.size()
                            + " calls (expected: at most "
                            + Limits.SAMPLE_CALLS_MAX
                            + ")");
        }
    }

    /* A function's or table's name as it was written, schema first. */
    private static List<String> path(Map<?, ?> object) {
        List<String> path = new ArrayList<>();
        if (object.get("qualified_name") instanceof Map<?, ?> name
                && name.get("path") instanceof List<?> parts) {
            parts.forEach(part -> path.add(lower(part)));
        }
        return path;
    }

    private static boolean givesTable(Map<?, ?> function) {
        return TABLE_FUNCTIONS.contains(String.join(".", path(function)));
    }

    private static void checkFunction(Map<?, ?> function) {
        List<String> path = path(function);
        String name = lower(function.get("function_name"));
        if (path.size() != 1
                || !path.getFirst().equals(name)
                || FUNCTIONS_REFUSED.matcher(name).matches()) {
            throw refused(
                    "function "
                            + (path.isEmpty() ? name : String.join(".", path))
                            + " (expected: one that only computes)");
        }
    }

    /* Objects as maps, arrays as lists, all else as text. */
    private static @Nullable Object tree(String json) {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return value(parser);
        } catch (IOException tooDeep) {
            throw refused("nested too deeply (expected: fewer levels)");
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                object.put(name, value(parser));
            }
            return object;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<@Nullable Object> array = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(parser));
            }
            return array;
        }
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
    }
}
