package dev.belfry.store.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Quantiles and distinct counts, exact and by sketch. */
final class SketchTest {
    private static final long SEED = Long.getLong("belfry.seed", 3);

    private static QueryContext context() {
        return new QueryContext(Duration.ofMinutes(1), 1L << 30, 1, false);
    }

    private static double[] numbers(int count) {
        Random random = new Random(SEED);
        return random.doubles(count)
                .map(d -> (random.nextInt(3) - 1) * Math.exp(d * 40 - 20))
                .toArray();
    }

    @Test
    void quantile_ofManyNumbers_isThatOfTheSorted() {
        for (int count : new int[] {1, 2, 31, 1000, 300_000}) {
            double[] numbers = numbers(count);
            NumberBag bag = new NumberBag(context());
            bag.addAll(Arrays.copyOf(numbers, count / 2));
            for (int i = count / 2; i < count; i++) {
                bag.add(numbers[i]);
            }
            Arrays.sort(numbers);
            for (double quantile : new double[] {0, 0.01, 0.5, 0.95, 1}) {
                double rank = quantile * (count - 1);
                int low = (int) rank;
                double high = numbers[Math.min(low + 1, count - 1)];
                assertThat(bag.quantile(quantile))
                        .isEqualTo(numbers[low] + (high - numbers[low]) * (rank - low));
            }
        }
    }

    @Test
    void sketchedQuantile_isWithinItsError() {
        double[] numbers = numbers(100_000);
        NumberBag bag = new NumberBag(context());
        NumberBag other = new NumberBag(context());
        other.sketch();
        for (int i = 0; i < numbers.length; i++) {
            (i % 2 == 0 ? bag : other).add(numbers[i]);
        }
        bag.sketch();
        bag.addAll(other);
        Arrays.sort(numbers);
        for (double quantile : new double[] {0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.95, 0.999, 1}) {
            double exact = numbers[(int) Math.round(quantile * (numbers.length - 1))];
            assertThat(bag.quantile(quantile))
                    .as("quantile %s", quantile)
                    .isCloseTo(exact, within(Math.abs(exact) * 0.002));
        }
    }

    @Test
    void distinctCount_isExact_thenWithinItsError() {
        DistinctSet set = new DistinctSet(context());
        DistinctSet other = new DistinctSet(context());
        for (long i = 0; i < 1_500_000; i++) {
            (i % 3 == 0 ? set : other).add(LongTable.mix(i % 1_200_000 + SEED));
            if (i == 1000) {
                assertThat(set.count() + other.count()).isEqualTo(1001);
            }
        }
        set.addAll(other);
        assertThat((double) set.count()).isCloseTo(1_200_000, Percentage.withPercentage(3));
    }

    @Test
    void likePatterns_matchAsSqlSays() {
        assertThat(like("a%b_c", false, "axxbyc")).isTrue();
        assertThat(like("a%b_c", false, "axxbc")).isFalse();
        assertThat(like("%größe%", true, "Die GRÖSSE, die GRÖßE")).isTrue();
        assertThat(like("100\\%", false, "100%")).isTrue();
        assertThat(like("100\\%", false, "1000")).isFalse();
        assertThat(like("_", false, "\uD83D\uDE00")).isTrue();
        assertThat(like("%%%", false, "")).isTrue();
    }

    private static boolean like(String pattern, boolean foldCase, String text) {
        QueryContext context = new QueryContext(Duration.ofMinutes(1), 1 << 20, 1, false);
        return LikePattern.parse(pattern, foldCase).matches(text, context);
    }
}
