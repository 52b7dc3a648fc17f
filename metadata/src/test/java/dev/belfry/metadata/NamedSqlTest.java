package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamedSqlTest {
    @Test
    void parameters_becomeQuestionMarks() {
        NamedSql sql = NamedSql.parse(":a+:b_2, :a");
        sql.bind("a", "x");
        sql.bind("b_2", null);

        assertThat(sql.text()).isEqualTo("?+?, ?");
        assertThat(sql).hasToString(":a+:b_2, :a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT ':a', 'it''s :a', 'open :a",
                "SELECT \":a\" FROM t",
                "SELECT 1 -- :a",
                "SELECT 1 /* :a\n:a */",
                "SELECT x::text, x[1:2], 'a'::text, x : y, z:",
            })
    void whatOnlyLooksLikeAParameter_isLeftAsItIs(String text) {
        NamedSql sql = NamedSql.parse(text);

        assertThat(sql.text()).isEqualTo(text);
        assertThatThrownBy(() -> sql.bind("a", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parametersAfterQuotesCommentsAndCasts_areFound() {
        NamedSql sql = NamedSql.parse("'a':b/* */:c--\n:d::text \"e\":f");
        for (String name : List.of("b", "c", "d", "f")) {
            sql.bind(name, 1);
        }

        assertThat(sql.text()).isEqualTo("'a'?/* */?--\n?::text \"e\"?");
    }

    @Test
    void list_hasAQuestionMarkForEachValue() {
        NamedSql sql = NamedSql.parse("x IN (:ids) AND y = :y");
        sql.bindList("ids", List.of("a", "b", "c"));
        sql.bind("y", true);

        assertThat(sql.text()).isEqualTo("x IN (?, ?, ?) AND y = ?");
    }

    @Test
    void unknownName_isRefused() {
        NamedSql sql = NamedSql.parse("SELECT :id, :name");

        assertThatThrownBy(() -> sql.bind("nmae", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter nmae: unknown (expected: one of [id, name])");
        assertThatThrownBy(() -> sql.bindList("", List.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void missingValue_isRefused() {
        NamedSql sql = NamedSql.parse("SELECT :id, :name");
        sql.bind("id", "secret");

        assertThatThrownBy(sql::text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter name: no value (expected: one in SELECT :id, :name)");
    }

    @Test
    void emptyListAndOtherTypes_areRefused() {
        NamedSql sql = NamedSql.parse("SELECT :id");

        assertThatThrownBy(() -> sql.bindList("id", List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter id: an empty list (expected: at least one value)");
        assertThatThrownBy(() -> sql.bind("id", Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "parameter id: a java.time.Instant"
                                + " (expected: String, Long, Integer, Boolean or null)");
    }
}
