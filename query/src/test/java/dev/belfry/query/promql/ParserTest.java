package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ParserTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "5m",
                "1h30m + 2",
                "\"text with \\\"quotes\\\"\"",
                "up",
                "up{instance!~\"b.*\",job=\"a\"}",
                "{job=\"a\"}",
                "{\"label.dot\"=\"x\",__name__=\"metric with spaces\"}",
                "up[5m]",
                "up[5m] offset 1h",
                "up[5m] @ 123.400 offset -1h",
                "up @ start() offset 5m",
                "rate(up[5m])[1h:5m] @ end() offset 1m",
                "rate(up[5m])[1h:]",
                "sum(up)",
                "sum by (a, \"b.c\") (up)",
                "sum without () (up)",
                "topk by (a) (3, up)",
                "count_values(\"v\", up)",
                "a + b",
                "a + bool_metric",
                "a > bool b",
                "a / on (x) group_left (y) b",
                "a / ignoring (x) group_right () b",
                "a + on (x) fill (0) b",
                "a + fill_left (1) fill_right (-2) b",
                "a and on (x) b or c unless d",
                "-a ^ 2",
                "2 ^ 3 ^ 4",
                "a atan2 b",
                "h >/ 2",
                "h </ -2",
                "rate(up[step() * 2 + 1m])",
                "up offset (step() / 2)",
                "up offset -max(5s, range())",
                "increase(up[5m] anchored)",
                "rate(up[5m] smoothed @ 5.000 offset 1m)",
                "start + end",
                "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")",
                "info(up, {a=\"b\"})",
                "info(up, {})",
                "time() - 5",
                "step() + range() + start() + end()",
                "sum",
                "by + on_call"
            })
    void expression_printsBackWhatItParsed(String query) {
        assertThat(Printer.print(Parser.parse(query))).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    SUM(x) BY (a) | sum by (a) (x)
                    sum(x) by (a,) | sum by (a) (x)
                    0x1F | 31
                    0755 | 493
                    1_000 | 1000
                    1e3 | 1000
                    .5 | 0.5
                    5. | 5
                    +Inf | +Inf
                    -inf | -Inf
                    nan | NaN
                    x @ start() [5m] | x[5m] @ start()
                    {"a", "b"} | {__name__="a",__name__="b"}
                    x[300] | x[5m]
                    x[1.5] | x[1s500ms]
                    x[90m] | x[1h30m]
                    x[1w2d] | x[9d]
                    x[2*5m] | x[2 * 5m]
                    x[36h] | x[1d12h]
                    x[(1m)] | x[1m]
                    x offset -(1m) | x offset -1m
                    1 + on() group_left 2 | 1 + 2
                    x offset -5m @ 3 | x @ 3.000 offset -5m
                    "\\x41\\u00e9\\101" | "AéA"
                    'a"b' | "a\\"b"
                    x # comment | x
                    {__name__="x"} | {__name__="x"}
                    {"x"} | {__name__="x"}
                    {"a b", c="d"} | {__name__="a b",c="d"}
                    x{a="b",} | x{a="b"}
                    x{b="1",a="2",B="3","c d"="4",a!="1"} | x{"c d"="4",B="3",a!="1",a="2",b="1"}
                    x{a="#"} | x{a="#"}
                    -1 | -1
                    --1 | 1
                    a * -b | a * -b
                    """)
    void expression_isNormalised(String query, String printed) {
        assertThat(Printer.print(Parser.parse(query))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    1 + | 1:4: parse error: unexpected end of input
                    (1)) | 1:5: parse error: unexpected right parenthesis ')'
                    ((1) | 1:5: parse error: unclosed left parenthesis
                    1 1 | 1:3: parse error: unexpected number "1"
                    *1 | 1:1: parse error: unexpected <op:*>
                    foo{ | 1:5: parse error: unexpected end of input inside braces
                    foo{a=5} | 1:7: parse error: unexpected character inside braces: '5'
                    foo bar | 1:5: parse error: unexpected identifier "bar"
                    1 == 1 | 1:3: parse error: comparisons between scalars must use BOOL modifier
                    1 + bool 1 | 1:3: parse error: bool modifier can only be used on comparison operators
                    1 and 1 | 1:1: parse error: set operator "and" not allowed in binary scalar expression
                    a + on(b) 1 | 1:1: parse error: vector matching only allowed between instant vectors
                    rate(a) | 1:6: parse error: expected type range vector in call to function "rate", got instant vector
                    rate() | 1:1: parse error: expected 1 argument(s) in call to "rate", got 0
                    round(a,1,2) | 1:1: parse error: expected at most 2 argument(s) in call to "round", got 3
                    nope(a) | 1:1: parse error: unknown function with name "nope"
                    a{"b"} | 1:1: parse error: metric name must not be set twice: "a" or "b"
                    a or on(b) group_left c | 1:1: parse error: no grouping allowed for "or" operation
                    a @ NaN | 1:1: parse error: timestamp out of bounds for @ modifier: NaN
                    a @ 1 [5m] | 1:7: parse error: no @ modifiers allowed before range
                    a=b | 1:2: parse error: unexpected "="
                    nope( | 1:6: parse error: unclosed left parenthesis
                    {} | 1:1: parse error: vector selector must contain at least one non-empty matcher
                    {a=~".*"} | 1:1: parse error: vector selector must contain at least one non-empty matcher
                    a{__name__="b"} | 1:1: parse error: metric name must not be set twice: "a" or "b"
                    a[5m][5m] | 1:6: parse error: ranges only allowed for vector selectors
                    a[0] | 1:3: parse error: duration must be greater than 0
                    a[5m:0s] | 1:6: parse error: duration must be greater than 0
                    sum(1) | 1:5: parse error: expected type instant vector in aggregation expression, got scalar
                    topk(a) | 1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1
                    a @ b | 1:5: parse error: unexpected identifier "b" in @, expected timestamp
                    1 offset 5m | 1:1: parse error: offset modifier must be preceded by an instant vector selector or range vector selector or a subquery
                    a offset 5m offset 5m | 1:1: parse error: offset may not be set multiple times
                    "a | 1:1: parse error: unterminated quoted string
                    a{b=~"("} | 1:3: parse error: error parsing regexp: missing closing ): `^(?s:()$`
                    5mm | 1:1: parse error: bad number or duration syntax: "5mm"
                    5m5x | 1:1: parse error: bad number or duration syntax: "5m5"
                    5foo | 1:1: parse error: bad number or duration syntax: "5"
                    0xzz | 1:1: parse error: bad number or duration syntax: "0x"
                    1e400 | 1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range
                    # nothing | 1:1: parse error: no expression found in input
                    a[] | 1:3: parse error: unexpected "]" in subquery or range selector, expected number, duration, step(), or range()
                    a @ 1e20 | 1:1: parse error: timestamp out of bounds for @ modifier: 100000000000000000000.000000
                    a + on(x) group_left(x) b | 1:3: parse error: label "x" must not occur in ON and GROUP clause at once
                    a{b="äöü"} b | 1:15: parse error: unexpected identifier "b"
                    {"日本"} + rate(a) | 1:19: parse error: expected type range vector in call to function "rate", got instant vector
                    "𝄞" + bool 1 | 1:8: parse error: bool modifier can only be used on comparison operators
                    sum(1) + | 1:9: parse error: unexpected end of input
                    sum(1) + sum( | 1:14: parse error: unclosed left parenthesis
                    abs(rate(a), 1) | 1:1: parse error: expected 1 argument(s) in call to "abs", got 2
                    topk(sum(1), 2) | 1:14: parse error: expected type instant vector in aggregation expression, got scalar
                    clamp(1, "a", a) | 1:7: parse error: expected type instant vector in call to function "clamp", got scalar
                    -"a" + bool 1 | 1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"
                    {} + x{__name__="y"} | 1:1: parse error: vector selector must contain at least one non-empty matcher
                    info({}) | 1:6: parse error: vector selector must contain at least one non-empty matcher
                    abs(a b) | 1:7: parse error: unexpected identifier "b"
                    (a b) | 1:4: parse error: unexpected identifier "b"
                    sum(abs(a b)) | 1:11: parse error: unexpected identifier "b" in aggregation
                    sum(a +) | 1:8: parse error: unexpected ")" in aggregation
                    abs(a,,b) | 1:6: parse error: trailing commas not allowed in function call args
                    abs(a, =) | 1:6: parse error: trailing commas not allowed in function call args
                    sum by ( | 1:9: parse error: unclosed left parenthesis
                    sum by (a, | 1:11: parse error: unclosed left parenthesis
                    rate(a[ | 1:8: parse error: unexpected end of input in duration expression
                    a{b="c" # d | 1:12: parse error: unexpected end of input inside braces
                    sum by (inf) (a) | 1:9: parse error: unexpected number "inf" in grouping opts, expected label
                    "a\\qb" | 1:1: parse error: unknown escape sequence U+0071 'q'
                    "\\u12" | 1:1: parse error: illegal character U+0022 '"' in escape sequence
                    "\\777" | 1:1: parse error: escape sequence is an invalid Unicode code point
                    "\\ud800" | 1:1: parse error: escape sequence is an invalid Unicode code point
                    0x | 1:1: parse error: error parsing number: strconv.ParseFloat: parsing "0x": invalid syntax
                    1e | 1:1: parse error: bad number or duration syntax: "1e"
                    1.2.3 | 1:1: parse error: bad number or duration syntax: "1.2."
                    1__0 | 1:1: parse error: bad number or duration syntax: "1__"
                    5.5m | 1:1: parse error: unknown unit "." in duration "5.5m"
                    5ss | 1:1: parse error: unknown unit "ss" in duration "5ss"
                    a[-(1m)] | 1:3: parse error: duration must be greater than 0
                    a[1m/0] | 1:5: parse error: division by zero
                    a[1m%(0)] | 1:5: parse error: modulo by zero
                    -"a" | 1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"
                    """)
    void error_saysWhereAndWhat(String query, String message) {
        String expected =
                message.contains("error parsing regexp") ? "error parsing regexp" : message;
        assertThatThrownBy(() -> Parser.parse(query))
                .isInstanceOf(PromqlException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void comments_mayStandBetweenAllWords() {
        assertThat(
                        Printer.print(
                                Parser.parse(
                                        """
                                        sum # a
                                        by ( # b
                                          j # c
                                        ) (rate(x{ # {
                                          a # d
                                          = # e
                                          "1", # "
                                          b="2"# f\r
                                        }[5m # g
                                        ]) # )
                                        )
                                        """)))
                .isEqualTo("sum by (j) (rate(x{a=\"1\",b=\"2\"}[5m]))");
    }

    @Test
    void position_countsLines() {
        assertThatThrownBy(() -> Parser.parse("sum(\n  a,\n  b)"))
                .hasMessageStartingWith("1:1: parse error");
        assertThatThrownBy(() -> Parser.parse("a +\n  * b")).hasMessageStartingWith("2:3: ");
    }

    @Test
    void nesting_isBounded() {
        assertThatThrownBy(() -> Parser.parse("(".repeat(100_000) + "1" + ")".repeat(100_000)))
                .isInstanceOf(PromqlException.class)
                .hasMessageContaining("nesting");
        assertThatThrownBy(() -> Parser.parse("1" + "+1".repeat(50_000)))
                .isInstanceOf(PromqlException.class)
                .hasMessageContaining("in a row");
        assertThatThrownBy(() -> Parser.parse("-".repeat(50_000) + "1"))
                .isInstanceOf(PromqlException.class)
                .hasMessageContaining("nesting");
        assertThatThrownBy(() -> Parser.parse("a[" + "(".repeat(50_000)))
                .isInstanceOf(PromqlException.class);
    }

    @Test
    void pretty_splitsLongExpressions() {
        String metric = "a_metric_with_a_rather_long_name";
        String query =
                "sum by (job) (rate("
                        + metric
                        + "{job=\"x\"}[5m])) / sum("
                        + metric
                        + " * 2 + "
                        + metric
                        + ")";
        assertThat(Printer.pretty(Parser.parse(query)))
                .isEqualTo(
                        "  sum by (job) (rate("
                                + metric
                                + "{job=\"x\"}[5m]))\n/\n  sum("
                                + metric
                                + " * 2 + "
                                + metric
                                + ")");
    }
}
