package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.metadata.Handle.Batch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What statements do on both databases. */
abstract class HandleContract {
    private MetadataStore store;

    /** An empty database. */
    abstract MetadataConfig config();

    @BeforeEach
    void open() {
        store = MetadataStore.open(config());
        store.write(handle ->
                handle.execute(
                        "CREATE TABLE things (id INTEGER PRIMARY KEY, text TEXT, number BIGINT,"
                                + " good BOOLEAN)"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void values_comeBackAsTheyWereGiven() {
        String hostile = "it's :id ? \"Ünïcödé\" -- '); DROP TABLE things; \uD83D\uDD14";
        store.write(handle -> put(handle, 1, hostile, Long.MIN_VALUE, true));
        store.write(handle -> put(handle, 2, null, null, null));

        List<List<String>> rows =
                store.read(handle ->
                        handle.createQuery("SELECT * FROM things ORDER BY id")
                                .map(HandleContract::words)
                                .list());
        assertThat(rows)
                .containsExactly(
                        List.of("1", hostile, "-9223372036854775808", "true"),
                        List.of("2", "null", "null", "null"));
    }

    @Test
    void parameters_areNotSeenInQuotes() {
        String text =
                store.read(handle ->
                        handle.createQuery("SELECT ':id' || CAST(:id AS TEXT) || ':id''s'")
                                .bind("id", "x")
                                .map(row -> row.getString(1))
                                .one());
        assertThat(text).isEqualTo(":idx:id's");
    }

    @Test
    void parametersStandAtSeveralPlaces_andListsTakeSeveral() {
        things(4);

        List<Integer> ids =
                store.read(handle ->
                        handle.createQuery(
                                        "SELECT id FROM things WHERE id >= :from AND (text = :t OR"
                                                + " text <> :t) AND text IN (:texts) ORDER BY id")
                                .bindMap(Map.of("from", 2L, "t", "t3"))
                                .bindList("texts", List.of("t1", "t2", "t4"))
                                .map(row -> row.getInt(1))
                                .list());
        assertThat(ids).containsExactly(2, 4);
    }

    @Test
    void rows_areCounted() {
        things(2);
        String all = "SELECT text FROM things";

        assertThat(texts(all).list()).containsExactlyInAnyOrder("t1", "t2");
        assertThat(texts(all + " WHERE id = 1").one()).isEqualTo("t1");
        assertThat(texts(all + " WHERE id = 1").findOne()).contains("t1");
        assertThat(texts(all + " WHERE id = 9").findOne()).isEmpty();
        assertThatThrownBy(() -> texts(all + " WHERE id = 9").one())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no row");
        assertThatThrownBy(() -> texts(all).findOne())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 rows");
    }

    @Test
    void batch_isMadeInItsOrder() {
        things(3);

        assertThat(texts("SELECT text FROM things ORDER BY id").list())
                .containsExactly("t1", "t2", "t3");
        store.write(handle -> {
            handle.prepareBatch("DELETE FROM things WHERE id = :id").execute();
            return null;
        });
        assertThat(texts("SELECT text FROM things").list()).hasSize(3);
    }

    @Test
    void batch_withAMissingValue_isRefusedWhole() {
        assertThatThrownBy(() ->
                        store.write(handle -> {
                            String sql = "INSERT INTO things (id, text) VALUES (:id, :text)";
                            Batch batch = handle.prepareBatch(sql);
                            batch.bind("id", 1).bind("text", "t1").add();
                            batch.bind("id", 2).add().execute();
                            return null;
                        }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter text: no value");
        assertThat(texts("SELECT text FROM things").list()).isEmpty();
    }

    @Test
    void refusedStatement_isNamedWithoutItsValues() {
        things(1);

        assertThatThrownBy(() -> store.write(handle -> put(handle, 1, "secret", 0L, true)))
                .isInstanceOf(DatabaseException.class)
                .hasCauseInstanceOf(SQLException.class)
                .hasMessageContaining("INSERT INTO things")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void failedTransaction_leavesNothing_andItsConnectionIsGood() {
        assertThatThrownBy(() ->
                        store.write(handle -> {
                            put(handle, 1, "a", 1L, true);
                            return put(handle, 1, "b", 2L, true);
                        }))
                .isInstanceOf(DatabaseException.class);
        assertThatThrownBy(() ->
                        store.write(handle -> {
                            put(handle, 1, "a", 1L, true);
                            throw new AssertionError("changed mind");
                        }))
                .isInstanceOf(AssertionError.class);

        store.write(handle -> put(handle, 2, "c", 3L, true));
        assertThat(texts("SELECT text FROM things").list()).containsExactly("c");
    }

    @Test
    void writeWithinAWrite_joinsIt() {
        assertThatThrownBy(() ->
                        store.write(handle -> {
                            store.write(inner -> put(inner, 1, "inner", 1L, true));
                            put(handle, 2, "outer", 1L, true);
                            throw new IllegalArgumentException("changed mind");
                        }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(texts("SELECT text FROM things").list()).isEmpty();

        store.write(handle -> store.write(inner -> put(inner, 1, "kept", 1L, true)));
        assertThat(texts("SELECT text FROM things").one()).isEqualTo("kept");
    }

    @Test
    void readWithinAWrite_seesWhatIsCommitted() {
        store.write(handle -> {
            put(handle, 1, "a", 1L, true);
            assertThat(texts("SELECT text FROM things").list()).isEmpty();
            return null;
        });

        assertThat(texts("SELECT text FROM things").list()).containsExactly("a");
    }

    @Test
    void eachStatementOfARead_seesTheNewestCommit() {
        store.read(handle -> {
            String sql = "SELECT text FROM things";
            assertThat(texts(handle, sql).list()).isEmpty();
            things(1);
            assertThat(texts(handle, sql).list()).containsExactly("t1");
            return null;
        });
    }

    @Test
    void statements_areClosed_alsoWhenTheyFail() throws SQLException {
        things(2);
        List<Statement> made = new ArrayList<>();
        try (Connection connection = store.source().getConnection()) {
            Handle handle = new Handle(recording(connection, made));
            String query = "SELECT text FROM things";
            texts(handle, query);
            put(handle, 3, "t3", 3L, true);
            handle.prepareBatch("DELETE FROM things WHERE id = :id").bind("id", 3).add().execute();
            assertThatThrownBy(() ->
                            handle.createQuery(query)
                                    .map(row -> {
                                        throw new IllegalStateException(
                                                "cannot map " + row.getString(1));
                                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("cannot map t1");
            assertThatThrownBy(() -> handle.createQuery(query).map(row -> row.getString("no_such")))
                    .isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() -> put(handle, 1, "again", 1L, true))
                    .isInstanceOf(DatabaseException.class);

            assertThat(made).hasSize(6);
            for (Statement statement : made) {
                assertThat(statement.isClosed()).isTrue();
            }
        }
    }

    private Handle.Rows<String> texts(String sql) {
        return store.read(handle -> texts(handle, sql));
    }

    private static Handle.Rows<String> texts(Handle handle, String sql) {
        return handle.createQuery(sql).map(row -> row.getString(1));
    }

    /** Things 1 to {@code count}. */
    private void things(int count) {
        store.write(handle -> {
            Batch batch = handle.prepareBatch("INSERT INTO things (id, text) VALUES (:id, :text)");
            for (int i = 1; i <= count; i++) {
                batch.bind("id", i).bind("text", "t" + i).add();
            }
            batch.execute();
            return null;
        });
    }

    private static int put(Handle handle, int id, String text, Long number, Boolean good) {
        return handle.createUpdate("INSERT INTO things VALUES (:id, :text, :number, :good)")
                .bind("id", id)
                .bind("text", text)
                .bind("number", number)
                .bind("good", good)
                .execute();
    }

    private static List<String> words(ResultSet row) throws SQLException {
        List<String> words = new ArrayList<>(List.of("" + row.getInt(1), "" + row.getString(2)));
        long number = row.getLong(3);
        words.add(row.wasNull() ? "null" : "" + number);
        boolean good = row.getBoolean(4);
        words.add(row.wasNull() ? "null" : "" + good);
        return words;
    }

    /** {@code connection}, whose prepared statements are added to {@code made}. */
    private static Connection recording(Connection connection, List<Statement> made) {
        return (Connection)
                Proxy.newProxyInstance(
                        HandleContract.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (_, method, arguments) -> {
                            try {
                                Object answer = method.invoke(connection, arguments);
                                if (answer instanceof Statement statement) {
                                    made.add(statement);
                                }
                                return answer;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
