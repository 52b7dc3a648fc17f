package dev.belfry.model.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Keys of series: who does not know the seed finds no two that meet. */
final class KeyHashTest {
    /* Blocks of what stands in the source; each would make a lane 0 if the seed were not in it. */
    private static final long[] SECRETS = {
        0xA0761D6478BD642FL, 0xE7037ED1A0B428DBL, 0x8EBC6AF09C88C6E3L, 0x589965CC75374CC3L
    };

    private record Key(long high, long low) {}

    private static Key key(long seed, byte[] bytes) {
        KeyHash hash = new KeyHash(seed).add(bytes, 0, bytes.length);
        return new Key(hash.high(), hash.low());
    }

    private static byte[] blocks(long x, long y, int before, int blocks) {
        ByteBuffer bytes = ByteBuffer.allocate(16 * blocks).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, before);
        bytes.position(16 * (blocks - 1));
        return bytes.putLong(x).putLong(y).array();
    }

    @Test
    void blocksOfTheSecrets_doNotForgetWhatIsAhead() {
        for (long seed : new long[] {0, 1, 0x1234_5678_9ABC_DEF0L}) {
            for (long x : SECRETS) {
                for (long y : SECRETS) {
                    Set<Key> keys = new HashSet<>();
                    for (int before = 0; before < 20; before++) {
                        keys.add(key(seed, blocks(x, y, before, 2)));
                    }
                    assertThat(keys).as("seed %x, %x %x", seed, x, y).hasSize(20);
                }
            }
        }
    }

    @Test
    void otherSeeds_giveOtherKeys_andTheSameGivesTheSame() {
        byte[] bytes = {1, 2, 3, 4, 5};
        assertThat(key(1, bytes)).isEqualTo(key(1, bytes)).isNotEqualTo(key(2, bytes));
    }

    @Test
    void lengthsAndParts_areTold() {
        Set<Key> keys = new HashSet<>();
        for (int length = 0; length < 100; length++) {
            keys.add(key(7, new byte[length]));
        }
        assertThat(keys).hasSize(100);
    }

    @Test
    void everyByte_countsWhereverItStands() {
        for (int length = 1; length < 200; length++) {
            byte[] bytes = new byte[length + 3];
            Set<Key> keys = new HashSet<>();
            for (int at = 0; at < length; at++) {
                bytes[3 + at] = 1;
                KeyHash hash = new KeyHash(5).add(bytes, 3, length);
                Key key = new Key(hash.high(), hash.low());
                assertThat(key).isEqualTo(key(5, Arrays.copyOfRange(bytes, 3, 3 + length)));
                keys.add(key);
                bytes[3 + at] = 0;
            }
            assertThat(keys).as("length %d", length).hasSize(length);
        }
    }

    @Test
    void bitsOfKeys_areEven() {
        SplittableRandom random = new SplittableRandom(3);
        int[] ones = new int[128];
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[20];
            ByteBuffer.wrap(bytes).putInt(i);
            Key key = key(random.nextLong(), bytes);
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (key.high >>> bit & 1);
                ones[64 + bit] += (int) (key.low >>> bit & 1);
            }
        }
        for (int count : ones) {
            assertThat(count).isBetween(4700, 5300);
        }
    }
}
