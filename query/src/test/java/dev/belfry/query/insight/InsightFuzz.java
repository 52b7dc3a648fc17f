package dev.belfry.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.Seeds;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Texts that are queries or nearly: what is read prints and reads the same, or an error says why.
 */
class InsightFuzz {
    private static final List<String> PIECES =
            List.of(
                    "fields ",
                    "filter ",
                    "parse ",
                    "stats ",
                    "sort ",
                    "limit ",
                    "dedup ",
                    "pattern ",
                    "display ",
                    "search ",
                    " | ",
                    "|",
                    " by ",
                    " as ",
                    "@timestamp",
                    "@message",
                    "level",
                    "a.b",
                    "`x y`",
                    "\"text\"",
                    "'it''s'",
                    "/re(?<g>x)/",
                    "/x/i",
                    "5m",
                    "10",
                    "1.5e3",
                    "-",
                    "+",
                    "*",
                    "/",
                    "%",
                    "^",
                    "(",
                    ")",
                    "[",
                    "]",
                    ",",
                    "=",
                    "!=",
                    "<=",
                    " like ",
                    " not ",
                    " in ",
                    " is present",
                    " and ",
                    " or ",
                    "count()",
                    "count(*)",
                    "avg(x)",
                    "pct(x, 95)",
                    "bin(5m)",
                    "if(a, 1, 2)",
                    "level:error",
                    "d:>10",
                    "d:[1 TO 9]",
                    "-word",
                    "\"two words\"",
                    "OR ",
                    "NOT ",
                    "x:*",
                    "x:a*",
                    "x:/r/",
                    "x:(a OR b)",
                    "# c\n",
                    " // c\n",
                    "\n",
                    " ",
                    "é",
                    "\\",
                    "\"",
                    "*=",
                    ":",
                    "desc",
                    "true",
                    "now()",
                    "\u0000",
                    "😀");

    @Test
    void texts_areReadTheSameWhenPrinted_orRefusedWithAPlace() {
        Random random = new Random(Seeds.seed("insight texts"));
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            int pieces = 1 + random.nextInt(12);
            for (int p = 0; p < pieces; p++) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            read += check(text.toString()) ? 1 : 0;
        }
        assertThat(read).isGreaterThan(5_000);
    }

    @Test
    void deepTexts_areRefused() {
        for (String open : List.of("(", "not ", "-", "abs(", "[")) {
            assertThat(check("filter " + open.repeat(10_000))).isFalse();
        }
        assertThat(check("(".repeat(10_000))).isFalse();
        assertThat(check("NOT ".repeat(200) + "x")).isTrue();
        assertThat(check("x | ".repeat(5_000) + "limit 1")).isFalse();
    }

    @Test
    void longTexts_areRefused_orCompiledInTime() {
        assertThat(check("filter " + "d > 1 and ".repeat(400) + "d > 1")).isTrue();
        assertThat(check("filter " + "d > 1 and ".repeat(2_000) + "d > 1")).isFalse();
        assertThat(check("fields " + "d + ".repeat(1_000) + "d")).isFalse();
        assertThat(check("fields d + d as a" + " | fields a + a as a".repeat(40))).isFalse();
        assertThat(check("filter @message like \"" + "%a".repeat(4_000) + "\"")).isFalse();
    }

    private static boolean check(String text) {
        String printed;
        try {
            Insight insight = Insight.parse(text);
            printed = insight.print();
            new Compiler(text, TimeRange.ALL, Owner.ALL, Set.of(), 0)
                    .compile(new Parser(text).stages(), 10);
        } catch (BelfryException e) {
            assertThat(e.code()).as(text).isEqualTo(ErrorCode.VALIDATION_ERROR);
            assertThat(e.getMessage()).as(text).contains("expected:");
            return false;
        }
        try {
            assertThat(Insight.parse(printed).print()).as(text).isEqualTo(printed);
        } catch (BelfryException e) {
            throw new AssertionError(text + " was printed as " + printed, e);
        }
        return true;
    }
}
