package dev.belfry.receive.importer;

import dev.belfry.receive.lines.LineEvent;
import dev.belfry.receive.lines.RowMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Rows of a Parquet file, read by DuckDB, which is loaded when the first such file comes. */
final class ParquetSource implements EventSource {
    private final Connection connection;
    private final ResultSet rows;
    private final RowMapper mapper;
    private final long count;
    private final long size;
    private final boolean[] json;
    private long row;

    private ParquetSource(
            Connection connection,
            ResultSet rows,
            RowMapper mapper,
            long count,
            long size,
            long row)
            throws SQLException {
        this.connection = connection;
        this.rows = rows;
        this.mapper = mapper;
        this.count = count;
        this.size = size;
        this.row = row;
        this.json = new boolean[rows.getMetaData().getColumnCount()];
    }

    static ParquetSource open(InputFile file, ImportOptions options, ImportState start)
            throws IOException {
        Path path = file.path();
        if (path == null) {
            throw new IOException("-: Parquet is read from a file (expected: its path)");
        }
        try {
            Properties settings = new Properties();
            settings.setProperty("jdbc_stream_results", "true");
            Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
            Statement statement = connection.createStatement();
            String table = "read_parquet('" + path.toString().replace("'", "''") + "')";
            long count;
            try (ResultSet counted = statement.executeQuery("SELECT count(*) FROM " + table)) {
                counted.next();
                count = counted.getLong(1);
            }
            ResultSet rows = statement.executeQuery(select(statement, table, start.offset()));
            RowMapper mapper = new RowMapper(options.zone(), start.referenceSeconds());
            return new ParquetSource(connection, rows, mapper, count, file.size(), start.offset());
        } catch (SQLException failure) {
            throw new IOException(file.name() + ": " + failure.getMessage(), failure);
        }
    }

    /* Nested columns come as JSON, times in UTC as text that is read like any other. */
    private static String select(Statement statement, String table, long offset)
            throws SQLException {
        StringBuilder columns = new StringBuilder();
        try (ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + table)) {
            while (described.next()) {
                String name = '"' + described.getString(1).replace("\"", "\"\"") + '"';
                String type = described.getString(2);
                columns.append(columns.isEmpty() ? "" : ", ");
                if (type.startsWith("TIMESTAMP WITH TIME ZONE")) {
                    columns.append("CAST(timezone('UTC', ").append(name).append(") AS VARCHAR)");
                    columns.append(" || 'Z' AS ").append(name);
                } else if (type.matches(".*(\\[\\d*]|^STRUCT|^MAP|STRUCT\\(|MAP\\().*")) {
                    columns.append("CAST(to_json(").append(name).append(") AS JSON) AS ");
                    columns.append(name);
                } else if (type.equals("BLOB")) {
                    columns.append("to_base64(").append(name).append(") AS ").append(name);
                } else {
                    columns.append(name);
                }
            }
        }
        return "SELECT " + columns + " FROM " + table + " OFFSET " + offset;
    }

    @Override
    public boolean next(LineEvent event) throws IOException {
        try {
            if (!rows.next()) {
                return false;
            }
            row++;
            ResultSetMetaData columns = rows.getMetaData();
            mapper.begin(event);
            for (int column = 1; column <= json.length; column++) {
                String value = rows.getString(column);
                if (value != null) {
                    boolean nested = columns.getColumnTypeName(column).equals("JSON");
                    mapper.put(columns.getColumnName(column), value, nested);
                }
            }
            mapper.finish();
            return true;
        } catch (SQLException failure) {
            throw new IOException("row " + (row + 1) + ": " + failure.getMessage(), failure);
        }
    }

    @Override
    public long endOffset() {
        return row;
    }

    @Override
    public long lineNumber() {
        return row;
    }

    @Override
    public long linesRead() {
        return row;
    }

    @Override
    public long rawPosition() {
        return count == 0 ? size : (long) ((double) row / count * size);
    }

    @Override
    public long rawSize() {
        return size;
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
    }
}
