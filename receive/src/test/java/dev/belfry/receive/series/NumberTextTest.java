package dev.belfry.receive.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as the library reads them, bit for bit. */
final class NumberTextTest {
    private static final int ROUNDS = 50_000;

    private final NumberText numbers = new NumberText();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                ".5",
                "5.",
                "00012",
                "0.000000000000000000000000123",
                "1e5",
                "1E+05",
                "9007199254740993",
                "9007199254740992.5",
                "1.7976931348623157e308",
                "4.9e-324",
                "2.2250738585072011e-308",
                "18446744073709551615",
                "18446744073709551616",
                "9999999999999999999",
                "99999999999999999999",
                "8.5e22",
                "1e23",
                "1e-23",
                "1e-65",
                "1e65",
                "123456789012345678e-30",
                "1.234567890123456789012345",
                "3086417.5000000005"
            })
    void numbers_areReadAsTheLibraryReadsThem(String text) {
        assertThat(bits(text)).as(text).isEqualTo(expected(text));
        assertThat(bits("-" + text)).as("-" + text).isEqualTo(expected("-" + text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", ".", "e5", "1e", "1e+", "1x", "1.2.3", "--1", "1 ", "0x10", "1f"})
    void othersAreNone(String text) {
        bits(text);
        assertThat(numbers.valid).as(text).isFalse();
    }

    @Test
    void anyDouble_isReadBack_howeverItIsWritten() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (round % 2 == 0) {
                value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
            }
            if (!Double.isFinite(value)) {
                continue;
            }
            check(seed, Double.toString(value));
            check(seed, String.format(Locale.ROOT, "%.16e", value));
            check(seed, String.format(Locale.ROOT, "%.6f", value % 1e15));
        }
    }

    /* Between two doubles, and a digit beside that: where rounding is hard. */
    @Test
    void middles_areRoundedAsTheLibraryRoundsThem() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            double value = Math.scalb(1 + random.nextDouble(), random.nextInt(160) - 80);
            BigDecimal middle =
                    new BigDecimal(value)
                            .add(new BigDecimal(Math.nextUp(value)))
                            .divide(BigDecimal.TWO);
            for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
                check(seed, middle.round(new MathContext(19, mode)).toString());
            }
            long whole = (1L << 53) + random.nextLong(1L << 53) | 1;
            check(seed, Long.toString(whole));
            check(seed, whole + "e" + random.nextInt(24));
        }
    }

    private void check(long seed, String text) {
        long bits = bits(text);
        if (!numbers.valid || bits != expected(text)) {
            throw new AssertionError(text + " with -Dbelfry.seed=" + seed);
        }
    }

    private long bits(String text) {
        byte[] bytes = ("  " + text + "  ").getBytes(StandardCharsets.US_ASCII);
        return Double.doubleToRawLongBits(numbers.read(bytes, 2, bytes.length - 2));
    }

    private static long expected(String text) {
        return Double.doubleToRawLongBits(Double.parseDouble(text));
    }
}
