package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SnappyTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);
    private static final int MAX = 1 << 20;

    @Test
    void blocks_ofTheLibrary_areInflated() throws IOException {
        for (int round = 0; round < 500; round++) {
            Random random = new Random(SEED + round);
            byte[] plain = new byte[random.nextInt(1 << random.nextInt(1, 18))];
            int letters = 1 + random.nextInt(60);
            for (int index = 0; index < plain.length; index++) {
                boolean again = index > 10 && random.nextInt(3) > 0;
                plain[index] =
                        again
                                ? plain[index - 1 - random.nextInt(Math.min(index, 9))]
                                : (byte) random.nextInt(letters);
            }
            assertThat(Inflation.inflate(org.xerial.snappy.Snappy.compress(plain), "snappy", MAX))
                    .as("seed " + (SEED + round))
                    .isEqualTo(plain);
            byte[] ours = Snappy.deflate(plain, plain.length);
            assertThat(org.xerial.snappy.Snappy.uncompress(ours))
                    .as("seed " + (SEED + round))
                    .isEqualTo(plain);
            byte[] roomy = new byte[plain.length + random.nextInt(40)];
            Snappy.inflate(ours, ours.length, roomy);
            assertThat(Arrays.copyOf(roomy, plain.length))
                    .as("seed " + (SEED + round))
                    .isEqualTo(plain);
        }
    }

    @Test
    void lengthOverTheBound_isTooLarge_andOneThatCannotBe_isNotBelieved() throws IOException {
        byte[] block = org.xerial.snappy.Snappy.compress(new byte[MAX + 1]);
        assertThatThrownBy(() -> Inflation.inflate(block, "snappy", MAX))
                .isInstanceOfSatisfying(
                        BelfryException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
        assertThatThrownBy(() -> Inflation.inflate(hex("808040fe"), "snappy", MAX))
                .hasMessageContaining("that so few bytes can have");
    }

    @Test
    void brokenBlocks_areRefused() {
        for (String block :
                List.of(
                        "",
                        "80",
                        "ffffffffff",
                        "05",
                        "0500",
                        "0504616263",
                        "04010000",
                        "0401010000",
                        "020061fe0000",
                        "04f4ffffff7f",
                        "04fcffffffff",
                        "0100616161")) {
            assertThatThrownBy(() -> Inflation.inflate(hex(block), "snappy", MAX))
                    .as(block)
                    .isInstanceOfSatisfying(
                            BelfryException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
        }
    }

    @Test
    void nearlyGoodBlocks_areInflatedOrRefused() throws IOException {
        List<byte[]> corpus =
                List.of(
                        org.xerial.snappy.Snappy.compress(
                                "abcabcabcabcabcabcabc the end "
                                        .repeat(5)
                                        .getBytes(StandardCharsets.UTF_8)),
                        org.xerial.snappy.Snappy.compress(new byte[1000]));
        int good = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] block = Mutations.next(new Random(SEED + round), corpus);
            try {
                assertThat(Inflation.inflate(block, "snappy", MAX)).hasSizeLessThanOrEqualTo(MAX);
                good++;
            } catch (BelfryException e) {
                assertThat(e.code())
                        .as("seed " + (SEED + round))
                        .isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
            }
        }
        assertThat(good).isPositive();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
