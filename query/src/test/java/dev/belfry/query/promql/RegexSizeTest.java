package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.belfry.model.series.LabelMatcher;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexSizeTest {
    /** RE2 folds what is equal, and adds a few instructions of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "abc.*",
                "(a|b)*c",
                "a{3}",
                "a{2,50}",
                "(ab{5}){20}",
                "((a{1,10}){1,10}){1,5}",
                "a{7,}",
                "a{,3}",
                "{",
                "a{x}",
                "[a-z]+[^]x][[:alpha:]\\]]{9}",
                "\\Qa{100}\\E{3}",
                "\\pL{4}\\p{Greek}{4}\\x{10FFFF}{4}",
                "x\\{100}",
                "(?i)abc",
                "(?:ab?){100}",
                "a|b|c|d",
            })
    void size_isNearWhatRe2Makes(String expression) {
        long real = Pattern.compile(expression).programSize();
        long counted = RegexSize.of(expression).instructions();
        assertThat(real).isLessThanOrEqualTo(2 * counted + 10);
        assertThat(counted).isLessThanOrEqualTo(3 * real + 10);
    }

    @Test
    void generatedExpressions_areNeverMuchLargerThanCounted() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 3000; i++) {
            String expression = expression(random, 4);
            long counted = RegexSize.of(expression).instructions();
            if (counted < 20_000) {
                assertThat((long) Pattern.compile(expression).programSize())
                        .as("%s, -Dbelfry.seed=%d", expression, seed)
                        .isLessThanOrEqualTo(2 * counted + 10);
            }
        }
    }

    private static String expression(Random random, int depth) {
        String inner = depth == 0 ? "a" : expression(random, depth - 1);
        return switch (random.nextInt(10)) {
            case 0 -> inner + expression(random, 0);
            case 1 -> "(" + inner + ")*";
            case 2 -> "(?:" + inner + "){" + random.nextInt(1, 6) + "}";
            case 3 -> "(" + inner + "){" + random.nextInt(3) + "," + random.nextInt(3, 7) + "}";
            case 4 -> "(?:" + inner + "){" + random.nextInt(5) + ",}";
            case 5 -> inner + "|[b-d]\\.";
            case 6 -> "(" + inner + "|x?)+?";
            case 7 -> "\\Q{5}\\E" + inner;
            case 8 -> "\\pL[^]{}]{2}" + inner;
            default -> inner + ".";
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((((((((a{1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10}){1,10})",
                "((a{1000}){1000}){1000}",
                "(?:(?:a{1,999}){1,999}){999,}"
            })
    void expressionThatWouldFillMemory_isRefused(String expression) {
        assertThatThrownBy(() -> Regex.compile(expression))
                .isInstanceOf(PromqlException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void deepExpressions_areRefused_notFailed() {
        String nested = "(".repeat(30_000) + "a" + ")".repeat(30_000);
        assertThatThrownBy(() -> Regex.compile(nested)).hasMessageContaining("too large");
        String optional = "(a|b)*".repeat(8_000);
        LabelMatcher matcher = Regex.matcher(LabelMatcher.Operator.MATCH, "l", optional);
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100_000; i++) {
                                matcher.matches("abababab");
                            }
                        })
                .hasMessageContaining("too large");
    }
}
