package dev.belfry.model.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fewest digits, as the library of Java finds them. */
final class ShortestDecimalTest {
    private static final int ROUNDS = 200_000;

    private final ShortestDecimal decimal = new ShortestDecimal();

    @ParameterizedTest
    @ValueSource(
            doubles = {
                1,
                10,
                0.1,
                0.3,
                1.0 / 3,
                123456.789,
                1e22,
                1e23,
                9007199254740993e1,
                5e-301,
                Double.MIN_NORMAL,
                Double.MAX_VALUE
            })
    void digits_areThoseOfTheLibrary(double value) {
        assertThat(found(value)).isEqualByComparingTo(expected(value));
    }

    @Test
    void anyDouble_hasTheDigitsOfTheLibrary() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            double value =
                    switch (round % 3) {
                        case 0 -> Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
                        case 1 -> random.nextDouble() * Math.pow(10, random.nextInt(30) - 10);
                        default -> random.nextInt(1_000_000) / 1e4;
                    };
            if (Double.isFinite(value) && value >= Double.MIN_NORMAL) {
                check(value, seed);
            }
        }
    }

    @Test
    void powersOfTwo_andTheirNeighbours_haveTheDigitsOfTheLibrary() {
        for (int e = Double.MIN_EXPONENT; e <= Double.MAX_EXPONENT; e++) {
            double power = Math.scalb(1.0, e);
            check(power, 0);
            check(Math.nextUp(power), 0);
            if (e > Double.MIN_EXPONENT) {
                check(Math.nextDown(power), 0);
            }
        }
    }

    private void check(double value, long seed) {
        if (found(value).compareTo(expected(value)) != 0) {
            throw new AssertionError(value + " with -Dbelfry.seed=" + seed);
        }
        assertThat(decimal.digits() % 10).as("%s", value).isNotZero();
    }

    private BigDecimal found(double value) {
        decimal.find(value);
        return new BigDecimal(BigInteger.valueOf(decimal.digits()), -decimal.exponent());
    }

    private static BigDecimal expected(double value) {
        return new BigDecimal(Double.toString(value));
    }
}
