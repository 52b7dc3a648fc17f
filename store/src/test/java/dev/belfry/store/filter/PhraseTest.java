package dev.belfry.store.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BytesColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PhraseTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @ParameterizedTest
    @CsvSource({
        "timeout, Connection TIMEOUT after 30s, true",
        "timeout, Connection timeouts, false",
        "timeout, my_timeout, false",
        "timed out, request timed  -  out, true",
        "timed out, timed was out, false",
        "timed out, timed, false",
        "out timed, timed out, false",
        "a, b a, true",
        "a, ba ab, false",
        "é, café É, true",
        "e, é, false",
        "user 42, user=42;, true",
        "Straße, die STRAßE, true",
        "ERROR, error, true",
        "k, \u212A, false",
        "x, '', false"
    })
    void phrase_inAText(String phrase, String text, boolean matches) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(Phrase.of(phrase).matches(bytes, 0, bytes.length)).isEqualTo(matches);
    }

    @Test
    void phrase_withoutWords_isInEveryText() {
        Phrase phrase = Phrase.of(" - ");
        assertThat(phrase.isEmpty()).isTrue();
        assertThat(phrase.matches(new byte[0], 0, 0)).isTrue();
        long[] bits = new long[1];
        assertThat(phrase.select(BytesColumn.of("a", null, ""), bits)).isEqualTo(2);
        assertThat(bits[0]).isEqualTo(0b101);
    }

    @Test
    void phrases_inRandomTexts_areFoundAsByThePlainModel() {
        System.out.println("belfry.seed=" + SEED);
        Random random = new Random(SEED);
        int found = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] asked = PlainWords.text(random, 2);
            String query = new String(asked, StandardCharsets.UTF_8);
            List<String> words = PlainWords.of(query.getBytes(StandardCharsets.UTF_8));
            Phrase phrase = Phrase.of(query);
            assertThat(phrase.wordCount()).isEqualTo(words.size());
            BytesColumn.Builder builder = new BytesColumn.Builder(70);
            for (int row = 0; row < 70; row++) {
                if (random.nextInt(10) == 0) {
                    builder.addNull();
                } else {
                    builder.add(PlainWords.text(random, 8));
                }
            }
            BytesColumn column = builder.build();
            long[] bits = new long[2];
            int count = phrase.select(column, bits);
            if (count > 0) {
                assertThat(phrase.next(column.data(), 0, column.end(69))).isNotNegative();
            }
            for (int row = 0; row < 70; row++) {
                boolean expected =
                        !column.isNull(row)
                                && PlainWords.stands(words, PlainWords.of(column.bytes(row)));
                boolean selected = (bits[row >>> 6] & 1L << row) != 0;
                String what = query + " in " + HexFormat.of().formatHex(column.bytes(row));
                assertThat(selected).as(what).isEqualTo(expected);
                if (!column.isNull(row)) {
                    boolean matches =
                            phrase.matches(column.data(), column.start(row), column.end(row));
                    assertThat(matches).as(what).isEqualTo(expected);
                }
                found += expected ? 1 : 0;
            }
            assertThat(count).isEqualTo(Long.bitCount(bits[0]) + Long.bitCount(bits[1]));
        }
        assertThat(found).isGreaterThan(1000);
    }

    @Test
    void hashes_areThoseOfTheWords_whereverThePhraseStands() {
        Phrase phrase = Phrase.of("Timed OUT timed");
        Set<Long> hashes = new HashSet<>();
        Arrays.stream(phrase.hashes()).forEach(hashes::add);
        assertThat(hashes).containsExactlyInAnyOrder(Tokens.hash("timed"), Tokens.hash("out"));
        assertThat(phrase.word(1)).isEqualTo("out");
    }

    @ParameterizedTest
    @CsvSource({
        "timed out, xtimed - outer, true",
        "timed out, timed was out, false",
        "timed out, timedout, true",
        "a, ba, true",
        "user 42, user-17 user-1742, false",
        "é, nothing, true"
    })
    void textsThatStandOneAfterAnother_mayHaveAPhrase(String phrase, String texts, boolean may) {
        byte[] bytes = texts.getBytes(StandardCharsets.UTF_8);
        assertThat(Phrase.of(phrase).next(bytes, 0, bytes.length) >= 0).isEqualTo(may);
    }
}
