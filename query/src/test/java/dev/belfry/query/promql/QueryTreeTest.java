package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class QueryTreeTest {
    @Test
    void json_hasPrometheusKeysInOrder() {
        assertThat(QueryTree.json("-rate(up{job=~\"a<\"}[5m] offset 1m @ 3.5)"))
                .isEqualTo(
                        "{\"expr\":{\"args\":[{\"anchored\":false,\"matchers\":["
                                + "{\"name\":\"job\",\"type\":\"=~\",\"value\":\"a\\u003c\"},"
                                + "{\"name\":\"__name__\",\"type\":\"=\",\"value\":\"up\"}],"
                                + "\"name\":\"up\",\"offset\":60000,\"range\":300000,\"smoothed\":false,"
                                + "\"startOrEnd\":null,\"timestamp\":3500,\"type\":\"matrixSelector\"}],"
                                + "\"func\":{\"argTypes\":[\"matrix\"],\"name\":\"rate\","
                                + "\"returnType\":\"vector\",\"variadic\":0},\"type\":\"call\"},"
                                + "\"op\":\"-\",\"type\":\"unaryExpr\"}");
    }

    @Test
    void json_ofVectorsTellsHowTheyMatch() {
        assertThat(QueryTree.json("x * on (a) group_left (b) fill_right (0) topk(3, y)"))
                .contains(
                        "\"matching\":{\"card\":\"many-to-one\",\"fillValues\":{\"lhs\":null,"
                                + "\"rhs\":0},\"include\":[\"b\"],\"labels\":[\"a\"],\"on\":true}")
                .contains(
                        "\"grouping\":[],\"op\":\"topk\",\"param\":{\"type\":\"numberLiteral\","
                                + "\"val\":\"3\"},\"type\":\"aggregation\",\"without\":false}");
    }

    @Test
    void json_ofSubqueries() {
        assertThat(QueryTree.json("max_over_time((x > bool 1)[1h:5m] @ end())"))
                .contains(
                        "\"type\":\"parenExpr\"},\"offset\":0,\"range\":3600000,"
                                + "\"startOrEnd\":\"end\",\"step\":300000,\"timestamp\":null,"
                                + "\"type\":\"subquery\"}");
    }

    @Test
    void json_ofNoExpression_tellsWhere() {
        assertThatThrownBy(() -> QueryTree.json("sum(x"))
                .isInstanceOf(PromqlException.class)
                .hasMessageStartingWith("1:6: parse error: ");
    }
}
