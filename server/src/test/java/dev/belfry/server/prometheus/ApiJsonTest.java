package dev.belfry.server.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers as Go writes them in Prometheus' answers. */
final class ApiJsonTest {
    private static final int ROUNDS = 50_000;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "0.1, 0.1",
        "-0.30000000000000004, -0.30000000000000004",
        "0.009999999999999998, 0.009999999999999998",
        "0.0000012345678901234567, 0.0000012345678901234567",
        "0.000001, 0.000001",
        "0.00000099, 9.9e-07",
        "4.9e-324, 5e-324",
        "123456789.123456789, 123456789.12345679",
        "1234567890123456.7, 1234567890123456.8",
        "9007199254740993e1, 90071992547409940",
        "150000000000000000000, 150000000000000000000",
        "1e21, 1e+21",
        "1.7976931348623157e308, 1.7976931348623157e+308"
    })
    void number_isWrittenAsGoDoes(double value, String text) {
        assertThat(written(value)).isEqualTo('"' + text + '"');
    }

    @Test
    void anyNumber_isReadBack_inTheFewestDigits() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            double value =
                    round % 2 == 0
                            ? Double.longBitsToDouble(random.nextLong())
                            : (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(32) - 8);
            boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
            if (!isWhole) {
                assertThat(written(value))
                        .as("with -Dbelfry.seed=%d", seed)
                        .isEqualTo('"' + ApiJson.fraction(value) + '"');
            }
        }
    }

    private static String written(double value) {
        return new ApiJson().value(value).toString();
    }
}
