package dev.belfry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BytesColumnTest {
    @Test
    void of_keepsTextsAndNulls() {
        BytesColumn column = BytesColumn.of("a", null, "", "日本");
        assertThat(column.count()).isEqualTo(4);
        assertThat(column.text(0)).isEqualTo("a");
        assertThat(column.text(1)).isNull();
        assertThat(column.isNull(2)).isFalse();
        assertThat(column.length(2)).isZero();
        assertThat(column.bytes(3)).isEqualTo("日本".getBytes(StandardCharsets.UTF_8));
        assertThat(column.mayHaveNulls()).isTrue();
        assertThat(BytesColumn.of("x").mayHaveNulls()).isFalse();
    }

    @Test
    void builder_agreesWithAList() {
        long seed = Long.getLong("belfry.seed", 20_260_124L);
        for (int round = 0; round < 300; round++) {
            Random random = new Random(seed + round);
            List<@Nullable String> expected = new ArrayList<>();
            BytesColumn.Builder builder = new BytesColumn.Builder(random.nextInt(5));
            for (int step = random.nextInt(300); step > 0; step--) {
                step(random, builder, expected);
            }
            BytesColumn column = builder.build();
            assertThat(column.count()).as("seed %d", seed + round).isEqualTo(expected.size());
            for (int index = 0; index < expected.size(); index++) {
                assertThat(column.text(index))
                        .as("seed %d", seed + round)
                        .isEqualTo(expected.get(index));
            }
        }
    }

    private static void step(
            Random random, BytesColumn.Builder builder, List<@Nullable String> expected) {
        switch (random.nextInt(8)) {
            case 0 -> {
                int target = random.nextInt(expected.size() + 1);
                builder.truncate(target);
                expected.subList(target, expected.size()).clear();
            }
            case 1 -> {
                int target = expected.size() + random.nextInt(70);
                builder.padTo(target);
                while (expected.size() < target) {
                    expected.add(null);
                }
            }
            case 2 -> {
                builder.addNull();
                expected.add(null);
            }
            case 3 -> {
                byte[] bytes = "xßyz".getBytes(StandardCharsets.UTF_8);
                builder.add(bytes, 1, 3);
                expected.add("ßy");
            }
            default -> {
                String text = (random.nextBoolean() ? "a" : "aä😀").repeat(random.nextInt(20));
                builder.add(text);
                expected.add(text);
            }
        }
    }
}
