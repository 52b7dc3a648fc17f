package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The score of a field. */
final class DifferencesTest {
    private static final long SEED = Long.getLong("belfry.seed", 5);

    private static Differences.Counted counted(Object value, long selection, long baseline) {
        return new Differences.Counted(value, null, null, null, selection, baseline);
    }

    private static Comparison.Field field(
            List<Differences.Counted> values, long selection, long baseline) {
        return Differences.field(
                "f",
                Comparison.Kind.TAG,
                values,
                new Differences.Sides(selection, baseline, selection, baseline));
    }

    /* Newcombe 1998, Table II: 56/70 and 48/80, method 10, 95 %: 0.0524 to 0.3339. */
    @Test
    void interval_isNewcombes() {
        assertThat(Differences.sure(56, 70, 48, 80, 1.959964)).isCloseTo(0.0524, within(5e-5));
        assertThat(Differences.sure(48, 80, 56, 70, 1.959964)).isCloseTo(-0.0524, within(5e-5));
        assertThat(Differences.sure(1, 10, 2, 10, 1.959964)).isZero();
    }

    @Test
    void onlyOneValueHere_andAnotherThere_isNearlyOne() {
        List<Differences.Counted> values = List.of(counted("a", 5000, 0), counted("b", 0, 50_000));
        assertThat(field(values, 5000, 50_000).score()).isBetween(0.99, 1.0);
    }

    @Test
    void idsThatOccurOnce_andEqualShares_areNothing() {
        List<Differences.Counted> ids = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ids.add(counted("s" + i, 1, 0));
        }
        for (int i = 0; i < 10_000; i++) {
            ids.add(counted("b" + i, 0, 1));
        }
        assertThat(field(ids, 1000, 10_000).score()).isLessThan(0.001);
        SplittableRandom random = new SplittableRandom(SEED);
        long[][] counts = new long[40][2];
        for (int i = 0; i < 3000; i++) {
            counts[random.nextInt(40)][i < 300 ? 0 : 1]++;
        }
        List<Differences.Counted> chance = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            chance.add(counted("v" + i, counts[i][0], counts[i][1]));
        }
        assertThat(field(chance, 300, 2700).score()).isZero();
    }

    @Test
    void aValueThatGrew_ranksAboveManyThatDifferALittle() {
        List<Differences.Counted> grew =
                List.of(counted("slow", 600, 1000), counted("quick", 400, 9000));
        List<Differences.Counted> spread = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            spread.add(counted("id" + i, 10, 0));
        }
        spread.add(counted("none", 0, 10_000));
        double clear = field(grew, 1000, 10_000).score();
        assertThat(clear).isGreaterThan(0.4);
        assertThat(field(spread.subList(0, 100), 1000, 10_000).score()).isLessThan(clear / 5);
    }

    @Test
    void manyNumbers_areShownByRanges() {
        List<Differences.Counted> numbers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            numbers.add(counted((double) i, i >= 900 ? 10 : 0, 1));
        }
        numbers.add(counted(null, 0, 5));
        Comparison.Field field = field(numbers, 1000, 1005);

        assertThat(field.values().size()).isBetween(5, 10);
        Comparison.Value most = field.values().getFirst();
        assertThat(most.from()).isNotNull();
        long selection = field.values().stream().mapToLong(Comparison.Value::selection).sum();
        assertThat(selection).isEqualTo(1000);
        assertThat(field.score()).isGreaterThan(0.25);
    }
}
