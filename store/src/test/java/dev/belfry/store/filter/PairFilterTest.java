package dev.belfry.store.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Filters of pairs forget nothing, and name few parts too many. */
final class PairFilterTest {
    private static final long SEED = Long.getLong("belfry.seed", 5);
    private static final int[] COUNTS = {1, 2, 7, 100, 1000, 33_000, 260_000};

    private final Random random = new Random(SEED);
    private final PairFilter.Builder builder = new PairFilter.Builder();

    @Test
    void whatWasAdded_isInItsParts_andLittleElse() {
        for (int count : COUNTS) {
            builder.clear();
            long[] pairs = random.longs(count).toArray();
            byte[] parts = new byte[count];
            for (int i = 0; i < count; i++) {
                parts[i] = (byte) (1 << random.nextInt(PairFilter.PARTS));
                builder.add(pairs[i], parts[i] & 0xFF);
                builder.add(pairs[i / 2], parts[i / 2] & 0xFF);
            }
            PairFilter filter = build();
            for (int i = 0; i < count; i++) {
                assertThat(filter.parts(pairs[i]) & parts[i] & 0xFF).isEqualTo(parts[i] & 0xFF);
            }
            assertThat(wrong(filter)).as("of " + count).isLessThan(0.013);
            assertThat(filter.bytes().length)
                    .as("of " + count)
                    .isLessThanOrEqualTo(count * 8 / PairFilter.PARTS + 1600);
        }
    }

    @Test
    void partsAddedOneAfterAnother_takeTheRoomOfTheirPairs() {
        int count = 260_000;
        for (int i = 0; i < count; i++) {
            builder.add(random.nextLong(), 1 << i * 8 / count);
        }
        PairFilter filter = build();
        assertThat(filter.bytes().length * 8.0 / count).isBetween(7.2, 7.9);
        assertThat(wrong(filter)).isLessThan(0.013);
    }

    @Test
    void pairsThatRepeat_takeNoRoom() {
        long[] few = random.longs(300).toArray();
        for (int row = 0; row < 200_000; row++) {
            builder.add(few[random.nextInt(few.length)], 1 << row / 25_000);
        }
        assertThat(build().bytes().length).isLessThan(300 * 8 * 5 / 4);
    }

    @Test
    void onePairInManyParts_isInThoseOnly() {
        builder.add(17, 0x81);
        builder.add(18, 0x04);
        PairFilter filter = build();
        assertThat(filter.parts(17) & 0x81).isEqualTo(0x81);
        assertThat(filter.parts(18) & 0x04).isEqualTo(0x04);
        assertThat(wrong(filter)).isLessThan(0.013);
    }

    @Test
    void withoutPairs_hardlyAnythingIsInAPart() {
        assertThat(wrong(build())).isLessThan(0.013);
    }

    @Test
    void aPartWithFarMorePairsThanOthers_forgetsNone_andTheOthersStayExact() {
        long[] many = random.longs(40_000).toArray();
        for (int i = 0; i < many.length; i++) {
            builder.add(many[i], i < 100 ? 0xFF : 0x10);
        }
        PairFilter filter = build();
        for (int i = 0; i < many.length; i++) {
            int parts = i < 100 ? 0xFF : 0x10;
            assertThat(filter.parts(many[i]) & parts).isEqualTo(parts);
        }
        int wrong = 0;
        for (int i = 0; i < 20_000; i++) {
            wrong += Integer.bitCount(filter.parts(random.nextLong()) & ~0x10);
        }
        assertThat(wrong / 20_000.0 / 7).isLessThan(0.013);
        assertThat(filter.bytes().length).isLessThan(many.length * 2 + 1600);
    }

    @Test
    void moreThanABuilderTakes_isNoFilter_andTheNextOneIsAgain() {
        for (int i = 0; i < 1_100_000; i++) {
            builder.add(random.nextLong(), 1);
        }
        assertThat(builder.build()).isNull();
        builder.clear();
        builder.add(5, 2);
        assertThat(build().parts(5) & 2).isEqualTo(2);
        assertThat(wrong(build())).isLessThan(0.013);
    }

    @Test
    void aFlippedBit_isSeen() {
        random.longs(5000).forEach(pair -> builder.add(pair, 1));
        PairFilter filter = build();
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = filter.bytes().clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            int size = filter.layout().blockSize();
            assertThat(filter.layout().isSound(bytes, at / size * size)).isFalse();
        }
    }

    @Test
    void phraseOfNeighbours_isInThePartsOfItsText() {
        List<String> vocabulary =
                List.of(
                        "a",
                        "Timed",
                        "out",
                        "größe",
                        "10",
                        "2026",
                        "12345x",
                        "x_1",
                        "0af7651916cd43dd",
                        "überlang".repeat(9));
        WordPairs pairs = new WordPairs(new HashSet64());
        for (int round = 0; round < 300; round++) {
            pairs.clear();
            boolean isField = random.nextBoolean();
            List<List<String>> texts = new ArrayList<>();
            for (int part = 0; part < PairFilter.PARTS; part++) {
                List<String> words = new ArrayList<>();
                for (int left = random.nextInt(6); left > 0; left--) {
                    words.add(vocabulary.get(random.nextInt(vocabulary.size())));
                }
                texts.add(words);
                byte[] text =
                        String.join(random.nextBoolean() ? " " : " - (", words)
                                .getBytes(StandardCharsets.UTF_8);
                pairs.add(text, 0, text.length, 1 << part, isField);
            }
            PairFilter filter = Objects.requireNonNull(pairs.build());
            for (int part = 0; part < PairFilter.PARTS; part++) {
                List<String> words = texts.get(part);
                for (int from = 0; from < words.size(); from++) {
                    for (int to = from + 1; to <= words.size(); to++) {
                        Phrase phrase = Phrase.of(String.join("/", words.subList(from, to)));
                        boolean isWhole = to - from == words.size();
                        assertIn(filter, part, phrase.pairs());
                        if (isField && isWhole) {
                            assertIn(filter, part, phrase.pairsOfField());
                        }
                    }
                }
            }
        }
    }

    private static void assertIn(PairFilter filter, int part, long[] pairs) {
        for (long pair : pairs) {
            assertThat(filter.parts(pair) >>> part & 1).isEqualTo(1);
        }
    }

    @Test
    void numbersAndIds_mayBeDigits_andWordsMayNot() {
        List<String> digits =
                List.of(
                        "",
                        "42",
                        "-12.50",
                        "1.5e-7",
                        "1E400",
                        "deadbeefdeadbeef",
                        "0AF76519-16cd-43dd-8448-eb211c80319c",
                        "16cd-43dd-8448-eb211c80319c");
        assertThat(digits).allMatch(text -> Phrase.of(text).mayBeDigits());
        List<String> words = List.of("user-17", "10.0.0.1", "x", "took 12 ms", "feed 5 cows", "٣");
        assertThat(words).noneMatch(text -> Phrase.of(text).mayBeDigits());
    }

    /* The share of parts that are named for pairs that are not there. */
    private double wrong(PairFilter filter) {
        int questions = 20_000;
        int wrong = 0;
        for (int i = 0; i < questions; i++) {
            wrong += Integer.bitCount(filter.parts(random.nextLong()));
        }
        return (double) wrong / questions / PairFilter.PARTS;
    }

    private PairFilter build() {
        return Objects.requireNonNull(builder.build());
    }
}
