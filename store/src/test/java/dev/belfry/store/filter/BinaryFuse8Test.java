package dev.belfry.store.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BinaryFuse8Test {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());
    private static final int TESTS = 400_000;

    private final Random random = new Random(SEED);
    private final BinaryFuse8.Builder builder = new BinaryFuse8.Builder();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 1000, 12_345, 100_000, 300_000})
    void filter_knowsAllItsHashes_andFewOthers(int count) {
        System.out.println("belfry.seed=" + SEED);
        long[] hashes = random.longs(count).toArray();
        BinaryFuse8 filter = BinaryFuse8.from(builder.build(hashes, count).toBytes());
        for (long hash : hashes) {
            assertThat(filter.mayContain(hash)).isTrue();
        }
        int wrong = 0;
        for (int test = 0; test < TESTS; test++) {
            wrong += filter.mayContain(random.nextLong()) ? 1 : 0;
        }
        assertThat(wrong).isLessThan(TESTS / 200);
        if (count > 10_000) {
            assertThat(filter.sizeBytes() * 8.0 / count).isLessThan(10.75);
        }
    }

    @Test
    void filters_ofManySizes_haveNoFalseNegatives() {
        System.out.println("belfry.seed=" + SEED);
        for (int count = 1; count < 700; count++) {
            long[] hashes = random.longs(count).toArray();
            BinaryFuse8 filter = builder.build(hashes, count);
            for (long hash : hashes) {
                assertThat(filter.mayContain(hash)).as("of " + count).isTrue();
            }
        }
    }

    /* Of so many hashes, which just do without one segment more, every fourth set had no filter by any seed. */
    @Test
    void filters_whereSlotsAreFewest_areFound() {
        System.out.println("belfry.seed=" + SEED);
        for (int count = 11_480; count < 11_540; count++) {
            long[] hashes = random.longs(count).toArray();
            BinaryFuse8 filter = BinaryFuse8.from(builder.build(hashes, count).toBytes());
            for (long hash : hashes) {
                assertThat(filter.mayContain(hash)).isTrue();
            }
            assertThat(filter.sizeBytes() * 8.0 / count).isLessThan(12);
        }
    }

    @Test
    void duplicates_doNoHarm() {
        long[] hashes = new long[10_000];
        for (int index = 0; index < hashes.length; index++) {
            hashes[index] = index % 70;
        }
        BinaryFuse8 filter = builder.build(hashes, hashes.length);
        for (long hash : hashes) {
            assertThat(filter.mayContain(hash)).isTrue();
        }
    }

    @Test
    void emptyFilter_containsNothing() {
        BinaryFuse8 filter = BinaryFuse8.from(builder.build(new long[0], 0).toBytes());
        assertThat(random.longs(1000).anyMatch(filter::mayContain)).isFalse();
    }

    @Test
    void damagedBytes_areNoFilter_orOneThatStillAnswers() {
        System.out.println("belfry.seed=" + SEED);
        byte[] bytes = builder.build(random.longs(500).toArray(), 500).toBytes();
        assertThat(BinaryFuse8.from(new byte[3])).isNull();
        assertThat(BinaryFuse8.from(java.util.Arrays.copyOf(bytes, bytes.length - 1))).isNull();
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(24)] ^= (byte) (1 << random.nextInt(8));
            BinaryFuse8 filter = BinaryFuse8.from(damaged);
            if (filter != null) {
                filter.mayContain(random.nextLong());
            }
        }
    }
}
