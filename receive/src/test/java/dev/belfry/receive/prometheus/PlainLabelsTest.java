package dev.belfry.receive.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Labels;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Which labels of remote write 1.0 are taken as the bytes that they are. */
final class PlainLabelsTest {
    private final PlainLabels plain = new PlainLabels();

    private static void part(ByteArrayOutputStream out, int tag, byte[] bytes) {
        out.write(tag);
        int rest = bytes.length;
        while (rest >= 0x80) {
            out.write(rest | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(bytes);
    }

    private static byte[] message(String... pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(7);
        for (int i = 0; i < pairs.length; i += 2) {
            ByteArrayOutputStream label = new ByteArrayOutputStream();
            part(label, 0x0A, pairs[i].getBytes(StandardCharsets.UTF_8));
            part(label, 0x12, pairs[i + 1].getBytes(StandardCharsets.UTF_8));
            part(out, 0x0A, label.toByteArray());
        }
        return out.toByteArray();
    }

    private boolean isPlain(String... pairs) {
        byte[] bytes = message(pairs);
        return plain.read(bytes, 1, bytes.length);
    }

    @Test
    void sortedAsciiLabels_arePlain() {
        String[] pairs = {"A", "1", "__name__", "up", "a", "b", "aa", "x".repeat(10_000)};
        assertThat(isPlain(pairs)).isTrue();
        assertThat(plain.labels().labels()).isEqualTo(Labels.of(pairs));
    }

    @Test
    void others_areNot() {
        assertThat(isPlain()).isFalse();
        assertThat(isPlain("a", "b")).isFalse();
        assertThat(isPlain("__name__", "")).isFalse();
        assertThat(isPlain("__name__", "up", "", "b")).isFalse();
        assertThat(isPlain("__name__", "up", "a", "")).isFalse();
        assertThat(isPlain("a", "b", "__name__", "up")).isFalse();
        assertThat(isPlain("__name__", "up", "a", "1", "a", "2")).isFalse();
        assertThat(isPlain("__name__", "up", "a", "é")).isFalse();
        assertThat(isPlain("__name__", "up", "é", "a")).isFalse();
        assertThat(isPlain("__name__", "up", "a", "eight ascii, é")).isFalse();
    }

    @Test
    void whatIsOverALimit_isNot() {
        String longest = "z".repeat(SeriesIntake.VALUE_CHARS_MAX);
        assertThat(isPlain("__name__", "up", "a", longest + "z")).isFalse();
        String name = "z".repeat(SeriesIntake.NAME_CHARS_MAX);
        assertThat(isPlain("__name__", "up", name, "a")).isTrue();
        assertThat(isPlain("__name__", "up", name + "z", "a")).isFalse();
        String most = "z".repeat(SeriesIntake.VALUE_CHARS_MAX - 10);
        String[] four = {"__name__", "up", "a", most, "b", most, "c", most, "d", most};
        assertThat(isPlain(four)).isTrue();
        String[] five = Arrays.copyOf(four, 12);
        five[10] = "e";
        five[11] = "1".repeat(40);
        assertThat(isPlain(five)).isFalse();
        String[] many = new String[2 * SeriesIntake.LABELS_MAX + 2];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "n%04d".formatted(i);
            many[i + 1] = "v";
        }
        many[0] = "__name__";
        assertThat(isPlain(many)).isFalse();
    }

    @Test
    void changedBytes_areReadWithinTheirEnd() {
        SplittableRandom random = Seeds.random("plain labels");
        byte[] sound = message("__name__", "up", "a", "x".repeat(200), "job", "node");
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = sound.clone();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                bytes[random.nextInt(1, bytes.length)] = (byte) random.nextInt();
            }
            int to = random.nextInt(1, bytes.length + 1);
            if (plain.read(bytes, 1, to)) {
                for (int i = 0; i < plain.labels().size(); i++) {
                    assertThat(plain.labels().valueAt(i) + plain.labels().valueLength(i))
                            .isLessThanOrEqualTo(to);
                }
            }
        }
    }
}
