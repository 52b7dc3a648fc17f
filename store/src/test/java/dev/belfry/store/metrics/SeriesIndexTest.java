package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.LabelBytes;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.wire.SampleBatchCodec;
import dev.belfry.model.wire.WireFormatException;
import dev.belfry.model.wire.WireReader;
import dev.belfry.model.wire.WireWriter;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** The index against a map of labels: series that come, are asked for, and go. */
final class SeriesIndexTest {
    private static final String[] NAMES = {"a", "b", "c", "é", "\uE000", "\uD83D\uDE00"};
    private static final int ROUNDS = 4000;

    private final SeriesIndex index =
            new SeriesIndex(MetricStoreConfig.STANDARD.limits(), 7, () -> {});
    private final Map<Integer, Labels> model = new TreeMap<>();
    private final SplittableRandom random = Seeds.random("series index");

    private static WireReader bytes(Labels labels) {
        WireWriter writer = new WireWriter(64);
        SampleBatchCodec.encode(labels, writer);
        return new WireReader(writer.toByteArray(), 0, writer.size());
    }

    /* The labels as a request has them. */
    private static LabelBytes plain(Labels labels) {
        StringBuilder text = new StringBuilder("?");
        LabelBytes plain = new LabelBytes();
        labels.forEach((name, value) -> text.append(name).append(value));
        plain.begin(text.toString().getBytes(StandardCharsets.US_ASCII));
        int[] at = {1};
        labels.forEach((name, value) -> {
            plain.add(at[0], name.length(), at[0] + name.length(), value.length());
            at[0] += name.length() + value.length();
        });
        return plain;
    }

    private int resolve(Labels labels) {
        long key = random.nextLong();
        boolean isPlain = labels.toString().chars().allMatch(one -> one < 128);
        return isPlain && random.nextBoolean()
                ? index.resolve(key, 1, plain(labels))
                : index.resolve(key, 1, labels);
    }

    /* Like the one before in most labels, as series come. */
    private Labels labels(int number) {
        TreeMap<String, String> pairs = new TreeMap<>(Map.of("__name__", "m" + number / 40 % 7));
        for (String name : NAMES) {
            if (random.nextInt(name.charAt(0) < 128 ? 4 : 2) > 0 && number % 3 > 0) {
                pairs.put(name, "v" + (number >> random.nextInt(3) * 4));
            }
        }
        pairs.put("i", "" + number);
        String[] texts = new String[2 * pairs.size()];
        int at = 0;
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            texts[at++] = pair.getKey();
            texts[at++] = pair.getValue();
        }
        return Labels.of(texts);
    }

    private void check(List<LabelMatcher> matchers) {
        RoaringBitmap expected = new RoaringBitmap();
        model.forEach((series, labels) -> {
            if (matchers.stream().allMatch(one -> one.matches(labels.get(one.name())))) {
                expected.add(series);
            }
        });
        assertThat(index.reading(() -> new Matching(index).all(matchers))).isEqualTo(expected);
    }

    private void checkSome() {
        String name = NAMES[random.nextInt(NAMES.length)];
        String value = "v" + random.nextInt(64);
        check(List.of(LabelMatcher.equal(name, value)));
        check(List.of(LabelMatcher.notEqual(name, value)));
        check(List.of(LabelMatcher.equal(name, "")));
        check(List.of(LabelMatcher.notEqual(name, ""), LabelMatcher.equal("__name__", "m3")));
        assertThat(index.count()).isEqualTo(model.size());
        int pair = index.pairs().find("__name__", "m1");
        RoaringBitmap found = new RoaringBitmap();
        index.reading(() -> {
            if (pair >= 0) {
                index.collect(pair, found);
            }
            return found;
        });
        assertThat(found.getCardinality())
                .isEqualTo(
                        model.values().stream()
                                .filter(one -> one.metricName().equals("m1"))
                                .count());
    }

    @Test
    void seriesThatComeAndGo_areFoundAsInAMap() {
        int next = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Labels labels = labels(round);
            /* One after the other, with a gap now and then, and one that comes after higher ones. */
            int series = random.nextInt(50) == 0 ? next + 3 : next;
            if (random.nextInt(100) == 0 && !model.containsKey(next - 1) && next > 1) {
                series = next - 1;
            }
            switch (random.nextInt(3)) {
                case 0 -> index.define(series, bytes(labels));
                case 1 -> {
                    index.reserve(series);
                    if (series >= next) {
                        assertThat(resolve(labels)).isEqualTo(series);
                    } else {
                        index.define(series, bytes(labels));
                    }
                }
                default -> {
                    index.define(series, bytes(labels));
                    index.define(series, bytes(labels(round + 1)));
                }
            }
            model.put(series, labels);
            next = Math.max(next, series + 1);
            if (random.nextInt(40) == 0) {
                checkSome();
            }
            if (random.nextInt(200) == 0) {
                RoaringBitmap gone = new RoaringBitmap();
                model.keySet().stream().filter(one -> random.nextInt(9) == 0).forEach(gone::add);
                index.remove(gone);
                gone.forEach((int one) -> model.remove(one));
            }
        }
        checkSome();
        assertThat(index.allSeries().toArray())
                .containsExactly(model.keySet().stream().mapToInt(Integer::intValue).toArray());
        model.forEach((series, labels) -> {
            assertThat(index.labels(series)).isEqualTo(labels);
            assertThat(resolve(labels)).isEqualTo(series);
        });
    }

    @Test
    void aSeriesThatIsRefused_leavesNothing() {
        SeriesIndex small =
                new SeriesIndex(new MetricStoreConfig.Limits(2, 2, 2, 1000), 7, () -> {});
        for (int i = 0; i < 2; i++) {
            Labels labels = Labels.of("__name__", "m", "i", "" + i);
            assertThat(small.resolve(i, 1, plain(labels))).isEqualTo(i);
        }
        int pairs = small.pairs().count();
        assertThatThrownBy(() -> small.resolve(9, 1, plain(Labels.of("__name__", "n", "j", "9"))))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("metric n: 2 series in all already");
        assertThat(small.pairs().count()).isEqualTo(pairs);
        assertThat(small.pairs().name("j")).isNull();
        assertThat(small.find(9, 1)).isEqualTo(-1);
        assertThat(small.refused()).isEqualTo(1);
    }

    @Test
    void aForgottenSeries_isThereAgainUnderItsNumber() {
        Labels labels = Labels.of("__name__", "m", "i", "1");
        int series = index.resolve(1, 1, plain(labels));
        index.define(series);
        index.remove(RoaringBitmap.bitmapOf(series));
        assertThat(index.count()).isZero();
        index.define(series);
        model.put(series, labels);
        check(List.of(LabelMatcher.equal("i", "1")));
        assertThat(index.resolve(2, 1, labels)).isEqualTo(series);
    }

    @Test
    void aDefinitionThatIsNoLabels_isRefused() {
        WireWriter descending = new WireWriter(64);
        descending.varint(2);
        for (String text : List.of("b", "1", "a", "2")) {
            descending.text(text);
        }
        WireWriter empty = new WireWriter(64);
        empty.varint(1);
        empty.text("a");
        empty.text("");
        for (WireWriter wrong : List.of(descending, empty)) {
            assertThatThrownBy(() ->
                            index.define(1, new WireReader(wrong.toByteArray(), 0, wrong.size())))
                    .isInstanceOf(WireFormatException.class)
                    .hasMessageContaining("names that ascend");
        }
        assertThat(index.count()).isZero();
    }
}
