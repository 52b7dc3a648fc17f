package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.KeyHash;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.model.series.StaleNaN;
import dev.belfry.receive.exposition.ExpositionException;
import dev.belfry.receive.exposition.ProtoSamples;
import dev.belfry.receive.exposition.TextSamples;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SeriesSink;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one target gives, scrape after scrape: its series are remembered in their order, so that a
 * known one costs a hash of its bytes. For one thread at a time.
 */
public final class TargetSamples {
    /*
     * A target writes the same series in the same order each time. The hash of the series at a place is compared
     * with the hash that stood there the time before, and there the number of the series stands too. Where they
     * differ, a few places on are looked at (series that left), then the resolver is asked (series that came).
     *
     *   before   a b c d e          a, b: at their place; d: one place on, so c has left; f: asked for, came;
     *   now      a b d f e          e: at its place again.  At the end c gets a staleness marker.
     */
    private static final int AHEAD = 8;
    private static final int NOT_WANTED = -2;

    private final SeriesIntake intake;
    private final KnownFamilies families;
    private final LabelMapping mapping;
    private final ScrapeLimits limits;
    private final long salt;
    private final long familySalt;
    private final KeyHash hash;
    private final FamilyTexts texts;
    private volatile long[] described = {};
    private Known before = new Known(0);
    private Known now = new Known(0);

    /**
     * Nothing yet.
     *
     * @param texts where what is said of families is kept
     * @param salt other than that of targets whose labels or rules are others
     */
    public TargetSamples(
            SeriesIntake intake,
            KnownFamilies families,
            LabelMapping mapping,
            ScrapeLimits limits,
            FamilyTexts texts,
            long salt) {
        this.texts = texts;
        this.intake = intake;
        this.families = families;
        this.mapping = mapping;
        this.limits = limits;
        this.hash = new KeyHash(intake.seed());
        this.familySalt = hash.reset(intake.salt(Protocols.SCRAPE)).low();
        this.salt = hash.reset(intake.salt(Protocols.SCRAPE)).add(salt).low();
    }

    /**
     * What a scrape gave.
     *
     * @param samples to be stored, with markers for series that have left
     * @param scraped how many samples the target gave
     * @param wanted how many of them are wanted
     * @param added how many series were not there the time before
     * @param told which families it tells of; to be told when it is durable
     */
    public record Scrape(
            SampleBatch.Builder samples,
            int scraped,
            int wanted,
            int added,
            KnownFamilies.Told told) {}

    /** Series in the order in which a target gave them. */
    private static final class Known {
        long[] hashes;
        int[] series;
        boolean[] tracked;
        int size;

        Known(int room) {
            hashes = new long[room];
            series = new int[room];
            tracked = new boolean[room];
        }

        void add(long of, int number) {
            if (size == series.length) {
                int room = Math.max(64, 2 * size);
                hashes = Arrays.copyOf(hashes, room);
                series = Arrays.copyOf(series, room);
                tracked = Arrays.copyOf(tracked, room);
            }
            hashes[size] = of;
            tracked[size] = false;
            series[size++] = number;
        }
    }

    /**
     * Goes on where {@code other} is, which is not to be used any more: series that it read last
     * and that the next scrape does not give have left.
     */
    public TargetSamples after(TargetSamples other) {
        before = other.before;
        return this;
    }

    /** As below; series whose samples have times get no markers. */
    public Scrape read(
            byte[] body, int length, ExpositionFormat format, long millis, boolean honorTimes) {
        return read(body, length, format, millis, honorTimes, false);
    }

    /**
     * Reads an answer of the target.
     *
     * @param millis when it was asked, epoch milliseconds
     * @param honorTimes whether the times that samples have count
     * @param timedEnd whether series whose samples have times get markers too when they leave
     * @throws BelfryException VALIDATION_ERROR when it is no exposition, or is over a limit; then
     *     nothing of it counts
     */
    public Scrape read(
            byte[] body,
            int length,
            ExpositionFormat format,
            long millis,
            boolean honorTimes,
            boolean timedEnd) {
        Answer answer = new Answer(body, length, format, millis, honorTimes, timedEnd);
        Reading reading;
        try {
            reading = read(answer, limits.samples() > 0 ? New.STOPS : New.COMES);
        } catch (NewSeries _) {
            checkCount(read(answer, New.COUNTS));
            reading = read(answer, New.COMES);
        }
        checkCount(reading);
        int scraped = now.size;
        int added = reading.compare(millis);
        Known swap = before;
        before = now;
        now = swap;
        described = Arrays.copyOf(reading.families, reading.familyCount);
        return new Scrape(reading.samples, scraped, reading.wanted, added, reading.told);
    }

    private Reading read(Answer answer, New fresh) {
        now.size = 0;
        Reading reading = new Reading(answer, before.size, fresh);
        try {
            if (answer.format == ExpositionFormat.PROTOBUF) {
                reading.messages();
            } else {
                reading.lines();
            }
        } catch (ExpositionException wrong) {
            throw refused(String.valueOf(wrong.getMessage()));
        }
        return reading;
    }

    private void checkCount(Reading reading) {
        if (limits.samples() > 0 && reading.wanted > limits.samples()) {
            throw refused(
                    "sample_limit: "
                            + reading.wanted
                            + " samples (expected: at most "
                            + limits.samples()
                            + ")");
        }
    }

    /** What the target said of its families when it was read last; for any thread. */
    public List<MetricMetadata> families() {
        return texts.all(described);
    }

    /** Ends all series of the time before: the target did not answer, or is there no more. */
    public void end(SampleBatch.Builder samples, long millis) {
        for (int i = 0; i < before.size; i++) {
            if (before.tracked[i]) {
                samples.add(before.series[i], millis, StaleNaN.VALUE);
            }
        }
        before.size = 0;
    }

    private static BelfryException refused(String message) {
        return new BelfryException(ErrorCode.VALIDATION_ERROR, message);
    }

    /**
     * What a target answered.
     *
     * @param body the bytes
     * @param length how many of them
     * @param format what they are
     * @param millis when it was asked
     * @param honorTimes whether the times that samples have count
     * @param timedEnd whether series whose samples have times get markers too
     */
    private record Answer(
            byte[] body,
            int length,
            ExpositionFormat format,
            long millis,
            boolean honorTimes,
            boolean timedEnd) {}

    /*
     * Under a sample_limit no series may be made before it is known that there are not too many. Mostly none is
     * new, and one reading is enough:
     *
     *   STOPS: reads until a series is new → COUNTS: counts it, makes none → COMES: makes them
     */
    private enum New {
        STOPS,
        COUNTS,
        COMES
    }

    /** A series is new. */
    private static final class NewSeries extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NewSeries() {
            super("", null, false, false);
        }
    }

    /** One answer being read. */
    private final class Reading implements SeriesSink {
        final Answer answer;
        final New fresh;
        final SampleBatch.Builder samples;
        final KnownFamilies.Told told;
        final boolean[] met;
        int place;
        int wanted;
        @Nullable Set<Integer> came;
        @Nullable ProtoSamples messages;
        long[] families = new long[described.length];
        int familyCount;
        boolean isTold;

        Reading(Answer answer, int expected, New fresh) {
            this.answer = answer;
            this.fresh = fresh;
            told = TargetSamples.this.families.begin(answer.millis);
            samples = new SampleBatch.Builder(expected + 16);
            met = new boolean[expected];
        }

        void messages() {
            messages =
                    new ProtoSamples(
                            answer.body, answer.length, this, answer.honorTimes, answer.millis);
            messages.all();
        }

        void lines() {
            TextSamples lines =
                    new TextSamples(
                            answer.body,
                            answer.length,
                            answer.format == ExpositionFormat.OPEN_METRICS,
                            this,
                            answer.honorTimes,
                            answer.millis);
            while (lines.next()) {
                if (lines.isTimed() && !answer.timedEnd) {
                    now.tracked[now.size - 1] = false;
                }
            }
        }

        @Override
        public KeyHash begin() {
            return hash.reset(salt);
        }

        @Override
        public int find() {
            long low = hash.low();
            int last = Math.min(before.size, place + AHEAD);
            for (int at = place; at < last; at++) {
                if (before.hashes[at] == low) {
                    place = at + 1;
                    met[at] = true;
                    return note(low, before.series[at]);
                }
            }
            int series = intake.find(hash.high(), low);
            if (series == SeriesResolver.NONE) {
                return series;
            }
            came(series);
            return note(low, series);
        }

        @Override
        public int resolve(Labels labels) {
            long low = hash.low();
            Labels mapped = mapping.map(labels);
            if (mapped == null) {
                return note(low, NOT_WANTED);
            }
            String wrong = limits.wrong(mapped);
            if (wrong != null) {
                throw refused(wrong);
            }
            if (fresh == New.STOPS) {
                throw new NewSeries();
            }
            if (fresh == New.COUNTS) {
                wanted++;
                return note(low, NOT_WANTED);
            }
            int series = intake.resolve(hash.high(), low, mapped);
            came(series);
            return note(low, series);
        }

        private void came(int series) {
            if (came == null) {
                came = new HashSet<>();
            }
            came.add(series);
        }

        /* A sample with a time of its own needs no marker when it ends. */
        private int note(long low, int series) {
            now.add(low, series);
            if (series >= 0) {
                wanted++;
                now.tracked[now.size - 1] =
                        answer.timedEnd || messages == null || !messages.isTimed();
            }
            return series;
        }

        @Override
        public SampleBatch.Builder samples() {
            return samples;
        }

        @Override
        public KeyHash beginFamily() {
            return hash.reset(familySalt);
        }

        @Override
        public boolean isNewFamily() {
            long high = hash.high();
            if (familyCount == families.length) {
                families = Arrays.copyOf(families, Math.max(16, 2 * familyCount));
            }
            families[familyCount++] = high;
            isTold = told.isNew(high);
            return isTold || !texts.has(high);
        }

        @Override
        public void family(String name, MetricType type, String unit, String help) {
            MetricMetadata family = KnownFamilies.metadata(name, type, unit, help);
            texts.add(families[familyCount - 1], family);
            if (isTold) {
                samples.add(family);
            }
        }

        /* Marks what has left; how many series came. */
        int compare(long millis) {
            Set<Integer> fresh = came == null ? Set.of() : came;
            int returned = 0;
            for (int i = 0; i < before.size; i++) {
                if (met[i] || before.series[i] < 0) {
                    continue;
                }
                if (fresh.contains(before.series[i])) {
                    returned++;
                } else if (before.tracked[i]) {
                    samples.add(before.series[i], millis, StaleNaN.VALUE);
                }
            }
            return fresh.size() - returned;
        }
    }
}
