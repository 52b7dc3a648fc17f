package dev.belfry.store.sql;

import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.events.RowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instance of one query; {@link #interrupt} is for any thread, all else for one. */
final class SqlInstance {
    /** Where the rows come from; asked for after the query was found to be harmless. */
    interface Source {
        List<RowFile> files() throws IOException;
    }

    /**
     * A query that was found to be harmless.
     *
     * @param text of it
     * @param parsed as DuckDB has parsed it
     * @param calls where in it {@code samples} is called
     */
    record Query(String text, String parsed, List<String> calls) {}

    private final SqlBounds bounds;
    private final Path folder;
    private final String text;
    private final long endOffset;
    private final SampleSource samples;
    private final QueryContext context;
    private volatile @Nullable Statement running;
    private List<RowFile> files = List.of();

    SqlInstance(
            SqlBounds bounds,
            Path folder,
            String text,
            long endOffset,
            SampleSource samples,
            QueryContext context) {
        this.bounds = bounds;
        this.folder = folder;
        this.text = text;
        this.endOffset = endOffset;
        this.samples = samples;
        this.context = context;
    }

    /** Makes the instance, asks it, and destroys it. */
    ResultTable answer(Source source, long startNanoTime) throws IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            configure(connection);
            Query query = checked(connection);
            context.check();
            List<RowFile> found = source.files();
            context.check();
            open(connection, found, query);
            return read(connection, query.text(), startNanoTime);
        } catch (SQLException failure) {
            context.check();
            throw SqlErrors.of(failure, folder, files);
        }
    }

    void configure(Connection connection) throws SQLException {
        String spill = folder.resolve("spill").toString();
        set(connection, "memory_limit", bounds.memoryMaxBytes() + "B");
        set(connection, "threads", Integer.toString(bounds.threads()));
        set(connection, "temp_directory", spill);
        set(connection, "max_temp_directory_size", bounds.spillMaxBytes() + "B");
        set(connection, "TimeZone", "UTC");
        set(connection, "autoinstall_known_extensions", "false");
        set(connection, "autoload_known_extensions", "false");
        set(connection, "parquet_metadata_cache", "true");
        set(connection, "enable_profiling", "no_output");
    }

    private void set(Connection connection, String name, String value) throws SQLException {
        execute(connection, "SET " + name + " = " + Physical.literal(value));
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            statement.execute(sql);
        } finally {
            running = null;
        }
    }

    /* The text inside a query of ours, so that no more rows are made than are shown; both pass the gate. */
    private Query checked(Connection connection) throws SQLException {
        String plain = text.replaceFirst("[;\\s]+\\z", "");
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT json_serialize_sql(?)")) {
            SqlGate.check(parsed(statement, text));
            String bounded =
                    "SELECT * FROM (\n" + plain + "\n) AS answer LIMIT " + (context.rowsMax() + 1L);
            String tree = parsed(statement, bounded);
            return new Query(bounded, tree, SqlGate.check(tree));
        }
    }

    private static String parsed(PreparedStatement statement, String query) throws SQLException {
        statement.setString(1, query);
        try (ResultSet result = statement.executeQuery()) {
            result.next();
            return result.getString(1);
        }
    }

    /* From the last line on nobody changes a setting, and nothing is read but the files of the view. */
    void open(Connection connection, List<RowFile> found, Query query) throws SQLException {
        files = found;
        List<String> paths = new ArrayList<>();
        for (RowFile file : files) {
            paths.add(Physical.literal(file.path().toString()));
        }
        execute(connection, "SET allowed_paths = [" + String.join(", ", paths) + "]");
        set(connection, "enable_external_access", "false");
        execute(connection, EventsView.sql(new FileRows(files), endOffset, connection));
        if (!query.calls().isEmpty()) {
            execute(connection, "BEGIN TRANSACTION");
            new SampleCalls(connection, samples, context).make(query.parsed(), query.calls());
        }
        set(connection, "lock_configuration", "true");
    }

    private ResultTable read(Connection connection, String query, long startNanoTime)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            running = statement;
            context.check();
            List<String> columns = new ArrayList<>();
            List<@Nullable Object[]> rows = new ArrayList<>();
            boolean more = false;
            try (ResultSet result = statement.executeQuery(query)) {
                ResultSetMetaData metadata = result.getMetaData();
                for (int i = 1; i <= metadata.getColumnCount(); i++) {
                    columns.add(metadata.getColumnName(i));
                }
                while (!more && result.next()) {
                    more = rows.size() == context.rowsMax();
                    if (!more) {
                        rows.add(row(result, metadata));
                    }
                }
            }
            SqlProfile.addTo(context.cost(), connection);
            long elapsed = System.nanoTime() - startNanoTime;
            int groups = files.stream().mapToInt(file -> file.groups().size()).sum();
            return new ResultTable(
                    List.copyOf(columns),
                    rows,
                    more,
                    endOffset,
                    new ResultTable.Statistics(
                            elapsed,
                            context.cost().rows(),
                            context.cost().bytes(),
                            groups,
                            groups,
                            0,
                            List.of()));
        } finally {
            running = null;
        }
    }

    private @Nullable Object[] row(ResultSet result, ResultSetMetaData metadata)
            throws SQLException {
        context.check();
        @Nullable Object[] row = new @Nullable Object[metadata.getColumnCount()];
        long bytes = 16;
        for (int i = 0; i < row.length; i++) {
            row[i] = SqlValues.of(result.getObject(i + 1), metadata.getColumnTypeName(i + 1));
            bytes += SqlValues.sizeBytes(row[i]);
        }
        context.reserve(bytes);
        return row;
    }

    /** Ends what runs, if anything does; to be called again until the thread has ended. */
    void interrupt() {
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException ended) {
                /* It has just ended by itself. */
                running = null;
            }
        }
    }
}
