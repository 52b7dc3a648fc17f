package dev.belfry.receive.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HexDigitsTest {
    @Test
    void eight_agreesWithHexFormat() {
        Random random = new Random(Long.getLong("belfry.seed", 20_260_124L));
        for (int round = 0; round < 10_000; round++) {
            int value = random.nextInt();
            byte[] text =
                    ("x" + HexFormat.of().toHexDigits(value)).getBytes(StandardCharsets.US_ASCII);
            assertThat(HexDigits.eight(text, 1)).isEqualTo(value & 0xFFFF_FFFFL);
        }
    }

    @Test
    void eight_refusesEveryOtherByte_atEveryPlace() {
        for (int place = 0; place < 8; place++) {
            for (int value = 0; value < 256; value++) {
                byte[] text = "00af19bc".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) value;
                boolean digit = value >= '0' && value <= '9' || value >= 'a' && value <= 'f';
                assertThat(HexDigits.eight(text, 0) >= 0).as("%d", value).isEqualTo(digit);
            }
        }
    }
}
