package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.FloatHistogram;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.model.series.SeriesSource;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.Seeds;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The metric store against sorted maps: writes in and out of order, twice at one time, deletions,
 * flushes, merges, forgetting, restarts and crashes.
 */
class MetricStoreFuzz {
    private static final long DAY_MILLIS = 86_400_000;

    /** What should be there: samples as texts, by labels and time. */
    private static final class Model {
        final TreeMap<Labels, TreeMap<Long, String>> series = new TreeMap<>();

        Model copy() {
            Model copy = new Model();
            series.forEach((labels, samples) -> copy.series.put(labels, new TreeMap<>(samples)));
            return copy;
        }

        void put(Labels labels, long time, String value) {
            series.computeIfAbsent(labels, any -> new TreeMap<>()).put(time, value);
        }

        void delete(LabelMatcher matcher, long start, long end) {
            series.forEach((labels, samples) -> {
                if (matcher.matches(labels)) {
                    samples.subMap(start, true, end, true).clear();
                }
            });
            series.values().removeIf(TreeMap::isEmpty);
        }

        List<Labels> labels(LabelMatcher matcher, long start, long end) {
            List<Labels> found = new ArrayList<>();
            series.forEach((labels, samples) -> {
                if (matcher.matches(labels) && !samples.subMap(start, true, end, true).isEmpty()) {
                    found.add(labels);
                }
            });
            return found;
        }

        List<String> select(LabelMatcher matcher, long start, long end) {
            List<String> lines = new ArrayList<>();
            series.forEach((labels, samples) -> {
                Map<Long, String> found = samples.subMap(start, true, end, true);
                if (matcher.matches(labels) && !found.isEmpty()) {
                    lines.add(labels + " " + found);
                }
            });
            Collections.sort(lines);
            return lines;
        }
    }

    private static String text(double value) {
        return Long.toHexString(Double.doubleToRawLongBits(value));
    }

    private static List<String> select(Engine engine, LabelMatcher matcher, long start, long end) {
        List<String> lines = new ArrayList<>();
        try (SeriesSource.Selection selection =
                        engine.metrics()
                                .select(List.of(matcher), start, end, SeriesSource.Hints.NONE);
                SeriesSource.Cursor cursor = selection.cursor(0, selection.size())) {
            for (SeriesSamples one = cursor.next(); one != null; one = cursor.next()) {
                Map<Long, String> samples = new TreeMap<>();
                for (int i = 0; i < one.size(); i++) {
                    FloatHistogram histogram = one.histogram(i);
                    samples.put(
                            one.timestampsMillis()[i],
                            histogram == null ? text(one.values()[i]) : histogram.toString());
                }
                assertThat(samples).as("each time once").hasSize(one.size());
                if (one.size() > 0) {
                    lines.add(one.labels() + " " + samples);
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }

    @Test
    void whatWasWritten_isReadBack_overFlushesMergesDeletionsAndCrashes() throws Exception {
        SplittableRandom random = Seeds.random("metric store");
        for (int round = 0; round < 12; round++) {
            new Life(random.split()).run(round);
        }
    }

    /** One data folder over several starts. */
    private static final class Life {
        private final SplittableRandom random;
        private final SimulatedClock clock = new SimulatedClock();
        private final long now = clock.instant().toEpochMilli();
        private CrashDisk disk = new CrashDisk();
        private Model model = new Model();
        private final long[] lastTimes = new long[30];

        /* Set by a crash: the disk then, and what had to be there or may be. */
        private @Nullable CrashDisk crashed;
        private Model crashedModel = model;
        private @Nullable Model crashedMaybe;
        private @Nullable Model underWay;

        Life(SplittableRandom random) {
            this.random = random;
        }

        void run(int round) throws IOException {
            for (int start = 0; start < 5; start++) {
                boolean crash = random.nextBoolean();
                int crashAt = disk.operations() + random.nextInt(20, 400);
                crashed = null;
                long seed = random.nextLong();
                disk.onOperation(_ -> {
                    if (crash && crashed == null && disk.operations() >= crashAt) {
                        crashed = disk.crash(seed);
                        crashedModel = model.copy();
                        crashedMaybe = underWay == null ? null : underWay.copy();
                    }
                });
                try (Engine engine = EngineFixture.open(disk, clock)) {
                    for (int step = 0; step < 60 && crashed == null; step++) {
                        step(engine, "round " + round + " start " + start + " step " + step);
                    }
                    disk.onOperation(null);
                }
                CrashDisk after = crashed;
                if (after != null) {
                    disk = after;
                    afterCrash(round, start);
                }
            }
        }

        private void afterCrash(int round, int start) throws IOException {
            try (Engine engine = EngineFixture.open(disk, clock)) {
                LabelMatcher all = LabelMatcher.notEqual("__name__", "");
                List<String> found = select(engine, all, 0, Long.MAX_VALUE);
                Model maybe = crashedMaybe;
                if (maybe != null && found.equals(maybe.select(all, 0, Long.MAX_VALUE))) {
                    model = maybe;
                } else {
                    assertThat(found)
                            .as("after the crash of round %s start %s", round, start)
                            .isEqualTo(crashedModel.select(all, 0, Long.MAX_VALUE));
                    model = crashedModel;
                }
                assertThat(engine.status().metrics().damage()).isEmpty();
            }
        }

        private void step(Engine engine, String where) throws IOException {
            switch (random.nextInt(13)) {
                case 0 -> engine.metrics().flushNow();
                case 1 -> engine.metrics().maintainNow();
                case 2 -> engine.metrics().forgetIdleNow();
                case 3 -> delete(engine);
                case 5 -> engine.metrics().carryOutDeletions();
                case 4 -> {
                    /* Before what was written is applied, mostly. */
                    write(engine);
                    engine.metrics().forgetIdleNow();
                    engine.metrics().forgetIdleNow();
                }
                default -> write(engine);
            }
            if (crashed == null && random.nextInt(3) == 0) {
                check(engine, where);
            }
        }

        private Labels labels(int series) {
            return Labels.of(
                    "__name__",
                    "m" + series % 3,
                    "i",
                    "" + series,
                    "j",
                    series % 2 == 0 ? "x" : "");
        }

        private void write(Engine engine) {
            Model after = model.copy();
            SampleBatch.Builder batch = new SampleBatch.Builder(8);
            int count = random.nextInt(1, 120);
            for (int i = 0; i < count; i++) {
                int number = random.nextInt(lastTimes.length);
                Labels labels = labels(number);
                int series = engine.seriesResolver().resolve(number, 17, labels);
                long time = time(number);
                if (random.nextInt(40) == 0) {
                    FloatHistogram histogram = histogram();
                    batch.add(series, time, histogram);
                    after.put(labels, time, histogram.toString());
                } else {
                    double value = value();
                    batch.add(series, time, value);
                    after.put(labels, time, text(value));
                }
            }
            underWay = after;
            engine.append(batch.build(), "");
            model = after;
            underWay = null;
        }

        private long time(int series) {
            int kind = random.nextInt(20);
            if (kind == 0) {
                return random.nextInt(5) * 1000L;
            }
            if (kind == 1) {
                return now - random.nextInt(40) * DAY_MILLIS;
            }
            long last = lastTimes[series] == 0 ? now : lastTimes[series];
            if (kind < 5) {
                return last - random.nextInt(20) * 500L;
            }
            lastTimes[series] = last + random.nextInt(30) * 500L;
            return lastTimes[series];
        }

        private double value() {
            return switch (random.nextInt(8)) {
                case 0 -> StaleNaN.VALUE;
                case 1 -> -0.0;
                case 2 -> Double.longBitsToDouble(random.nextLong());
                case 3 -> random.nextDouble();
                case 4 -> random.nextInt(100) / 10.0;
                default -> random.nextInt(1_000_000);
            };
        }

        private FloatHistogram histogram() {
            return new FloatHistogram(
                    random.nextInt(-4, 9),
                    FloatHistogram.ResetHint.UNKNOWN,
                    random.nextInt(100),
                    random.nextDouble(),
                    0.001,
                    random.nextInt(5),
                    new int[] {-2, random.nextInt(1, 50)},
                    new double[] {1 + random.nextInt(9), 2},
                    new int[0],
                    new double[0],
                    new double[0]);
        }

        private LabelMatcher matcher() {
            return switch (random.nextInt(4)) {
                case 0 -> LabelMatcher.equal("i", "" + random.nextInt(lastTimes.length));
                case 1 -> LabelMatcher.equal("__name__", "m" + random.nextInt(4));
                case 2 -> LabelMatcher.notEqual("j", "");
                default -> LabelMatcher.notEqual("__name__", "");
            };
        }

        private void delete(Engine engine) {
            LabelMatcher matcher = matcher();
            boolean all = random.nextInt(3) == 0;
            long start = all ? 0 : now - random.nextInt(100_000);
            long end = all ? Long.MAX_VALUE : start + random.nextInt(100_000);
            Model after = model.copy();
            after.delete(matcher, start, end);
            underWay = after;
            engine.deleteSeries(List.of(List.of(matcher)), start, end, "");
            model = after;
            underWay = null;
        }

        private void check(Engine engine, String where) {
            LabelMatcher matcher = matcher();
            boolean all = random.nextBoolean();
            long start = all ? 0 : now - random.nextInt(200_000);
            long end = all ? Long.MAX_VALUE : start + random.nextInt(300_000);
            assertThat(select(engine, matcher, start, end))
                    .as("%s: %s %s %s", where, matcher.name(), start, end)
                    .isEqualTo(model.select(matcher, start, end));
            assertThat(engine.metrics().series(List.of(List.of(matcher)), start, end, 0))
                    .as(where)
                    .isEqualTo(model.labels(matcher, start, end));
        }
    }
}
