package dev.belfry.store.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import dev.belfry.store.column.Form;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Parquet reader that is not ours reads every column of a segment. */
final class DuckDbReadsSegmentTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @TempDir Path folder;

    @Test
    void everyColumn_readByDuckDb_hasOurValues() throws Exception {
        System.out.println("belfry.seed=" + SEED);
        Random random = new Random(SEED);
        RandomColumns generator = new RandomColumns(random);
        List<List<Column>> inputs = new ArrayList<>();
        List<EncodedRowGroup> groups = new ArrayList<>();
        try (PageCache pages = new PageCache(0);
                RowGroupEncoder encoder = new RowGroupEncoder(pages)) {
            for (int rows : new int[] {1, 5000, 9000}) {
                List<Column> columns = new ArrayList<>(generator.all(rows));
                if (rows == 5000) {
                    columns.subList(columns.size() / 2, columns.size()).clear();
                }
                inputs.add(columns);
                groups.add(encoder.encode(columns, null, 0));
            }
        }
        Path parquet = folder.resolve("a.parquet");
        SegmentWriter.write(Disk.real(), parquet, folder.resolve("a.filter"), groups);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (Column column : inputs.getLast()) {
                compare(statement, parquet, column, inputs);
            }
        }
    }

    private static void compare(
            Statement statement, Path parquet, Column column, List<List<Column>> inputs)
            throws Exception {
        String name = column.spec().name();
        if (name.equals("tags.never:number")) {
            // No row group has a value: the file has no such column.
            return;
        }
        Form form = column.spec().form();
        String value =
                switch (form) {
                    case TIMESTAMP_NANOS -> "epoch_ns(\"" + name + "\")";
                    case TIMESTAMP_MILLIS -> "epoch_ms(\"" + name + "\")";
                    default -> "\"" + name + "\"";
                };
        String sql = "SELECT " + value + ", typeof(\"" + name + "\") FROM '" + parquet + "'";
        try (ResultSet result = statement.executeQuery(sql)) {
            for (List<Column> input : inputs) {
                Column same =
                        input.stream()
                                .filter(other -> other.spec().equals(column.spec()))
                                .findFirst()
                                .orElse(null);
                int rows = input.getFirst().values().count();
                for (int row = 0; row < rows; row++) {
                    assertThat(result.next()).isTrue();
                    Object expected = same == null ? null : RandomColumns.value(same.values(), row);
                    if (row == 0) {
                        assertThat(result.getString(2)).as(name).isEqualTo(type(form));
                    }
                    Object found = found(result, form);
                    if (expected == null ? found != null : !expected.equals(found)) {
                        throw new AssertionError(
                                name + " row " + row + ": " + found + " for " + expected);
                    }
                }
            }
            assertThat(result.next()).isFalse();
        }
    }

    private static String type(Form form) {
        return switch (form) {
            case TEXT, NUMBER, JSON -> "VARCHAR";
            case DECIMAL -> "DECIMAL(18,3)";
            case BOOLEAN -> "BOOLEAN";
            case INTEGER -> "BIGINT";
            case TIMESTAMP_NANOS -> "TIMESTAMPTZ_NS";
            case TIMESTAMP_MILLIS -> "TIMESTAMP WITH TIME ZONE";
            case HEX8, HEX16 -> "BLOB";
            case UUID -> "UUID";
        };
    }

    private static Object found(ResultSet result, Form form) throws Exception {
        if (result.getObject(1) == null) {
            return null;
        }
        return switch (form) {
            case TEXT, NUMBER, JSON -> result.getString(1);
            case DECIMAL -> {
                BigDecimal decimal = result.getBigDecimal(1);
                yield decimal.unscaledValue().longValueExact();
            }
            case BOOLEAN -> result.getBoolean(1) ? 1L : 0L;
            case INTEGER, TIMESTAMP_NANOS, TIMESTAMP_MILLIS -> result.getLong(1);
            case HEX8, HEX16 ->
                    HexFormat.of().formatHex(result.getBlob(1).getBytes(1, form.width()));
            case UUID -> result.getString(1).replace("-", "");
        };
    }
}
