package dev.belfry.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belfry.model.BelfryException;
import dev.belfry.store.QueryContext;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TemplatesTest {
    private static QueryContext context() {
        return new QueryContext(Duration.ofMinutes(1), 64 << 20, 1_000, false);
    }

    private static List<String> found(Stream<String> lines) {
        Templates templates = new Templates(context());
        lines.forEach(templates::add);
        return templates.rows().stream().map(row -> row[1] + " " + row[0]).toList();
    }

    @Test
    void numbersHostsPathsAndDates_areVariables() {
        assertThat(
                        found(
                                Stream.of(
                                        "Mon Jan 5 GET /a/b from db1.example.com:5432 took 12 ms",
                                        "Tue Feb 6 GET /c/d/e from 10.0.0.7:80 took 8.5 ms")))
                .containsExactly("2 <*> GET <*> from <*> took <*>");
    }

    @Test
    void words_areVariablesFromFourDifferentOnes() {
        Stream<String> three = Stream.of("ann", "bob", "cyd");
        assertThat(found(three.map(user -> "session opened for user " + user))).hasSize(3);

        Stream<String> four = Stream.of("ann", "bob", "cyd", "dan");
        assertThat(found(four.map(user -> "session opened for user " + user)))
                .containsExactly("4 session opened for user <*>");
    }

    @Test
    void fewWordsThatAreAllFrequent_areNone() {
        Stream<String> states =
                IntStream.range(0, 40)
                        .mapToObj(i ->
                                "instance "
                                        + i
                                        + " is now "
                                        + List.of("started", "paused", "resumed", "stopped")
                                                .get(i % 4)
                                        + " by request");
        assertThat(found(states)).hasSize(4);
        Stream<String> names =
                IntStream.range(0, 40)
                        .mapToObj(i ->
                                "password of user " + "abcdefghijkl".charAt(i % 12) + " is old");
        assertThat(found(names)).containsExactly("40 password of user <*> is old");
    }

    @Test
    void unitsAndStars_goWithTheirNumbers() {
        assertThat(
                        found(
                                Stream.of(
                                        "stored (estimated size 384.0 B, free 317.5 KB)",
                                        "stored (estimated size 2.1 MB, free **** GB)",
                                        "stored (estimated size 7 KB, free 9 KB)")))
                .containsExactly("3 stored (estimated size <*>, free <*>)");
    }

    @Test
    void firstWords_areNever() {
        Stream<String> services = Stream.of("sshd", "crond", "cupsd", "klogd", "portmap");
        assertThat(found(services.map(service -> service + " startup succeeded"))).hasSize(5);
    }

    @Test
    void lists_areOneVariable() {
        assertThat(found(Stream.of("ids 1, 2, 3 are gone", "ids 4 are gone", "ids 5,6 are gone")))
                .containsExactly("3 ids <*> are gone");
    }

    @Test
    void merged_findsWhatOneWouldHave() {
        List<String> lines =
                IntStream.range(0, 1_000)
                        .mapToObj(
                                i -> "step " + i % 7 + " of job" + (char) ('a' + i % 26) + " ends")
                        .toList();
        Templates all = new Templates(context());
        Templates left = new Templates(context());
        Templates right = new Templates(context());
        for (int i = 0; i < lines.size(); i++) {
            all.add(lines.get(i));
            (i % 3 == 0 ? left : right).add(lines.get(i));
        }
        left.merge(right);
        assertThat(left.rows().stream().map(row -> row[0] + " " + row[1]).toList())
                .isEqualTo(all.rows().stream().map(row -> row[0] + " " + row[1]).toList());
    }

    @Test
    void moreShapesThanAreHeld_areJoined_andAllLinesCounted() {
        Templates templates = new Templates(context());
        for (int i = 0; i < 60_000; i++) {
            templates.add("w" + letters(i) + " x" + letters(i * 31) + " y" + letters(i * 17));
        }
        long total = templates.rows().stream().mapToLong(row -> (Long) row[1]).sum();
        assertThat(total).isEqualTo(60_000);
        assertThat(templates.rows()).hasSizeLessThanOrEqualTo(20_001);
    }

    private static String letters(int number) {
        StringBuilder text = new StringBuilder();
        for (int rest = number; rest > 0; rest /= 26) {
            text.append((char) ('a' + rest % 26));
        }
        return text.toString();
    }

    @Test
    void memory_isBounded() {
        Templates templates =
                new Templates(new QueryContext(Duration.ofMinutes(1), 1 << 20, 1_000, false));
        assertThatExceptionOfType(BelfryException.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        templates.add(letters(i) + " " + letters(i * 7));
                    }
                })
                .withMessageContaining("memory");
    }
}
