package dev.belfry.store.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TokensTest {
    private static final long SEED = Long.getLong("belfry.seed", System.nanoTime());

    @Test
    void words_ofRandomTexts_areThoseOfThePlainModel() {
        System.out.println("belfry.seed=" + SEED);
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = PlainWords.text(random, 12);
            List<Long> expected = PlainWords.of(text).stream().map(Tokens::hash).toList();
            byte[] padded = new byte[text.length + 20];
            java.util.Arrays.fill(padded, (byte) 'x');
            int from = random.nextInt(20);
            System.arraycopy(text, 0, padded, from, text.length);
            List<Long> found = new ArrayList<>();
            Tokens.forEach(padded, from, from + text.length, (hash, _, _) -> found.add(hash));
            assertThat(found).as(HexFormat.of().formatHex(text)).isEqualTo(expected);
        }
    }

    @Test
    void addAll_ofAText_collectsDistinctWords() {
        byte[] text = utf8("GET /api/v1/users GET 200");
        HashSet64 hashes = new HashSet64();
        Tokens.addAll(text, 0, text.length, hashes);
        assertThat(hashes.count()).isEqualTo(5);
        for (String word : new String[] {"get", "api", "v1", "users", "200"}) {
            assertThat(hashes.contains(Tokens.hash(word))).as(word).isTrue();
        }
    }

    @Test
    void hexWord_hashesAsItsBytes() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        byte[] binary = HexFormat.of().parseHex(trace);
        assertThat(Tokens.hash16(binary, 0)).isEqualTo(Tokens.hash(trace));
        assertThat(Tokens.hash8(binary, 8)).isEqualTo(Tokens.hash(trace.substring(16)));
        byte[] upper = utf8(trace.toUpperCase(java.util.Locale.ROOT));
        List<Long> found = new ArrayList<>();
        Tokens.forEach(upper, 0, 32, (hash, _, _) -> found.add(hash));
        assertThat(found).containsExactly(Tokens.hash(trace));
    }

    @Test
    void hashes_ofManyWords_differ() {
        Set<Long> hashes = new HashSet<>();
        for (int number = 0; number < 300_000; number++) {
            hashes.add(Tokens.hash("w" + number));
            hashes.add(Tokens.hash("x".repeat(number % 50) + number));
        }
        assertThat(hashes).hasSize(600_000);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
