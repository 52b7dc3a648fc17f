package dev.belfry.store.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HashSet64Test {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @Test
    void set_filledAndCleared_isThePlainSet() {
        System.out.println("belfry.seed=" + SEED);
        Random random = new Random(SEED);
        HashSet64 set = new HashSet64();
        for (int round = 0; round < 30; round++) {
            Set<Long> plain = new HashSet<>();
            int adds = random.nextInt(round == 7 ? 2_000_000 : 20_000);
            for (int index = 0; index < adds; index++) {
                long hash =
                        switch (random.nextInt(3)) {
                            case 0 -> random.nextInt(50);
                            case 1 -> (long) random.nextInt(50) << 40;
                            default -> random.nextLong();
                        };
                assertThat(set.add(hash)).isEqualTo(plain.add(hash));
            }
            assertThat(set.count()).isEqualTo(plain.size());
            long[] hashes = set.toArray();
            assertThat(hashes).hasSize(plain.size());
            assertThat(Arrays.stream(hashes).allMatch(plain::contains)).isTrue();
            assertThat(plain).allMatch(set::contains);
            assertThat(set.contains(random.nextLong())).isFalse();
            set.clear();
            assertThat(set.count()).isZero();
            assertThat(set.contains(0)).isFalse();
        }
    }
}
