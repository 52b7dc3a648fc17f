package dev.belfry.receive.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A string that is passed and unescaped at once is the one that is passed, then unescaped. */
final class JsonStringTest {
    private static final long SEED = Long.getLong("belfry.seed", 11);
    private static final String[] PARTS = {
        "a",
        "plain text of some length",
        "\\\"",
        "\\\\",
        "\\n",
        "\\/",
        "\\u0041",
        "\\u0000",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\ude00",
        "\\ud83d\\u0041",
        "\\ud83d\\u",
        "é",
        "日本",
        "\\x",
        "\\u12",
        "\t",
        "\u0001",
        "\"",
        "\\",
    };

    @Test
    void onePass_isTwoPasses() {
        SplittableRandom random = new SplittableRandom(SEED);
        JsonText one = new JsonText();
        JsonText two = new JsonText();
        int good = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] text = text(random);
            JsonScanner first = new JsonScanner(text, text.length);
            JsonScanner second = new JsonScanner(text, text.length);
            String wrong = failure(() -> first.string(one));
            String expected = failure(second::string);
            String shown =
                    "seed "
                            + SEED
                            + ", round "
                            + round
                            + ": "
                            + new String(text, StandardCharsets.UTF_8);
            assertThat(wrong).as(shown).isEqualTo(expected);
            assertThat(first.at).as(shown).isEqualTo(second.at);
            if (wrong.isEmpty()) {
                good++;
                two.unescape(text, second.from, second.to);
                assertThat(new String(one.bytes, 0, one.length, StandardCharsets.ISO_8859_1))
                        .as(shown)
                        .isEqualTo(
                                new String(two.bytes, 0, two.length, StandardCharsets.ISO_8859_1));
                assertThat(first.from).as(shown).isEqualTo(second.from);
                assertThat(first.to).as(shown).isEqualTo(second.to);
                assertThat(first.escaped).as(shown).isEqualTo(second.escaped);
                assertThat(first.high).as(shown).isEqualTo(second.high);
            }
        }
        assertThat(good).as("good strings").isGreaterThan(5_000);
    }

    @Test
    void longStrings_findRoom() {
        String text = "x\\\"é".repeat(10_000) + '"';
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        JsonText target = new JsonText();
        new JsonScanner(bytes, bytes.length).string(target);
        assertThat(new String(target.bytes, 0, target.length, StandardCharsets.UTF_8))
                .isEqualTo("x\"é".repeat(10_000));
    }

    private static byte[] text(SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int safe =
                random.nextInt(4) == 0 ? PARTS.length : 16; // Most are good, so that most are long.
        for (int part = random.nextInt(12); part > 0; part--) {
            out.writeBytes(PARTS[random.nextInt(safe)].getBytes(StandardCharsets.UTF_8));
            if (random.nextInt(40) == 0) {
                out.write(0x80 + random.nextInt(0x80));
            }
        }
        out.write('"');
        for (int rest = random.nextInt(10); rest > 0; rest--) {
            out.write('z');
        }
        return out.toByteArray();
    }

    private static String failure(Runnable work) {
        try {
            work.run();
            return "";
        } catch (JsonSyntaxException e) {
            return e.offset() + " " + e.expected();
        }
    }
}
