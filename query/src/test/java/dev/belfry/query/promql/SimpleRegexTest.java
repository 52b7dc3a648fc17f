package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.belfry.testkit.Seeds;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SimpleRegexTest {
    private static final String[] PARTS = {
        "a", "b", "ab", ".*", ".+", "(a|b)", "(?:ab|)", "(a.*|b)", "\\.", "|", "-", "ü"
    };
    private static final String[] VALUES = {"a", "b", "ab", ".", "-", "ü", "\n", "x", "aa"};

    @Test
    void matches_asRe2() {
        SplittableRandom random = Seeds.random("matches_asRe2");
        int simple = 0;
        for (int i = 0; i < 3000; i++) {
            String expression = text(random, PARTS, 6);
            SimpleRegex regex = SimpleRegex.of(expression);
            if (regex == null) {
                continue;
            }
            simple++;
            Pattern pattern = Pattern.compile("^(?s:" + expression + ")$");
            for (int j = 0; j < 10; j++) {
                String value = text(random, VALUES, 6);
                boolean expected = pattern.matcher(value).find();
                assertThat(regex.matches(value))
                        .as(expression + " of " + value)
                        .isEqualTo(expected);
                if (!regex.texts().isEmpty()) {
                    assertThat(regex.texts().contains(value)).as(expression).isEqualTo(expected);
                }
            }
        }
        assertThat(simple).isGreaterThan(2000);
    }

    private static String text(SplittableRandom random, String[] parts, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i >= 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a?", "[ab]", "a{2}", "(a)*", "(?i)a", "^a", "a$", "\\d", ".", "a\\"})
    void of_more_isNull(String expression) {
        assertThat(SimpleRegex.of(expression)).isNull();
    }
}
