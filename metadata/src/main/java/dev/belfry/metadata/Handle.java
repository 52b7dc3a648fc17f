package dev.belfry.metadata;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection, lent for the time of {@link MetadataStore#read} or {@link MetadataStore#write}.
 * Its statements take named parameters ({@code :name}), of which each must be bound: to a String, a
 * Long, an Integer, a Boolean or null. What the database refuses is a {@link DatabaseException}.
 * Not thread-safe.
 */
public final class Handle {
    private final Connection connection;

    Handle(Connection connection) {
        this.connection = connection;
    }

    /** A statement that answers with rows. */
    public Query createQuery(String sql) {
        return new Query(sql);
    }

    /** A statement that changes rows. */
    public Update createUpdate(String sql) {
        return new Update(sql);
    }

    /** A statement that changes rows, once for each set of values. */
    public Batch prepareBatch(String sql) {
        return new Batch(sql);
    }

    /** Runs a statement that changes rows and has no parameters: returns how many rows. */
    public int execute(String sql) {
        return createUpdate(sql).execute();
    }

    /** What makes a value of the row that {@code row} stands at; it must not move it. */
    @FunctionalInterface
    public interface RowMapper<T> {
        /** The value, which is not null. */
        T map(ResultSet row) throws SQLException;
    }

    /** A query that is being prepared. */
    public final class Query {
        private final NamedSql sql;

        private Query(String sql) {
            this.sql = NamedSql.parse(sql);
        }

        /**
         * Gives the parameter {@code name} its value.
         *
         * @throws IllegalArgumentException when there is no such parameter, or {@code value} is of
         *     another type
         */
        public Query bind(String name, @Nullable Object value) {
            sql.bind(name, value);
            return this;
        }

        /** As {@link #bind}, for each entry. */
        public Query bindMap(Map<String, ?> values) {
            values.forEach(sql::bind);
            return this;
        }

        /** Gives the parameter of {@code IN (:name)} its values, of which there is at least one. */
        public Query bindList(String name, Collection<String> values) {
            sql.bindList(name, values);
            return this;
        }

        /** Runs the query, and makes a value of each row. */
        public <T> Rows<T> map(RowMapper<T> mapper) {
            try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
                sql.fill(statement);
                List<T> values = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        values.add(mapper.map(row));
                    }
                }
                return new Rows<>(values);
            } catch (SQLException e) {
                throw new DatabaseException(sql.toString(), e);
            }
        }
    }

    /** What a query has answered. */
    public record Rows<T>(List<T> list) {
        /** A copy: it cannot be changed. */
        public Rows {
            list = List.copyOf(list);
        }

        /**
         * The value of the only row.
         *
         * @throws IllegalStateException when there is another number of rows
         */
        public T one() {
            return findOne()
                    .orElseThrow(() -> new IllegalStateException("BUG: no row (expected: one)"));
        }

        /**
         * The value of the only row, if there is one.
         *
         * @throws IllegalStateException when there are more
         */
        public Optional<T> findOne() {
            if (list.size() > 1) {
                throw new IllegalStateException(
                        "BUG: " + list.size() + " rows (expected: one at most)");
            }
            return list.isEmpty() ? Optional.empty() : Optional.of(list.getFirst());
        }
    }

    /** A change that is being prepared. */
    public final class Update {
        private final NamedSql sql;

        private Update(String sql) {
            this.sql = NamedSql.parse(sql);
        }

        /** As {@link Query#bind}. */
        public Update bind(String name, @Nullable Object value) {
            sql.bind(name, value);
            return this;
        }

        /** Makes the change: returns how many rows it met. */
        public int execute() {
            try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
                sql.fill(statement);
                return statement.executeUpdate();
            } catch (SQLException e) {
                throw new DatabaseException(sql.toString(), e);
            }
        }
    }

    /** A change for several sets of values. */
    public final class Batch {
        private final String text;
        private final List<NamedSql> sets = new ArrayList<>();
        private NamedSql next;

        private Batch(String sql) {
            text = sql;
            next = NamedSql.parse(sql);
        }

        /** As {@link Query#bind}, for the set that is being made. */
        public Batch bind(String name, @Nullable Object value) {
            next.bind(name, value);
            return this;
        }

        /** Ends a set of values and begins the next. */
        public Batch add() {
            sets.add(next);
            next = NamedSql.parse(text);
            return this;
        }

        /** Makes the change for each set that was added, in their order. */
        public void execute() {
            if (sets.isEmpty()) {
                return;
            }
            try (PreparedStatement statement =
                    connection.prepareStatement(sets.getFirst().text())) {
                for (NamedSql set : sets) {
                    set.fill(statement);
                    statement.addBatch();
                }
                statement.executeBatch();
            } catch (SQLException e) {
                throw new DatabaseException(text, e);
            }
        }
    }
}
