package dev.belfry.server.logging;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Belfry's own log. A line is queued and never waits; one thread writes the queue to the file and
 * into the store. Warnings also go to the error stream, for people. Thread-safe.
 */
public final class Log implements AutoCloseable {
    /*
     * It cannot feed itself: what is written while the store takes lines is written by this thread, whose lines
     * do not go into the store; each group may only say so many lines a second; the queue is bounded. What is
     * left out is counted, and said.
     */
    private static final int QUEUE_MAX = 10_000;
    private static final int BATCH_MAX = 1_000;
    private static final long GATHER_MILLIS = 200;

    private final InstantSource clock;
    private volatile Level least;
    private final PrintStream people;
    private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong droppedLines = new AtomicLong();
    private final Allowance application = new Allowance(200, 2_000);
    private final Allowance access = new Allowance(100, 200);
    private final Allowance shown = new Allowance(5, 50);
    private final LogFile file;
    private final Thread writer;
    private volatile @Nullable LineSink store;
    private volatile boolean closing;

    /**
     * A log of lines from {@code least} on into {@code folder}, warnings also to {@code people}.
     */
    public Log(Path folder, Level least, PrintStream people, InstantSource clock) {
        this.clock = clock;
        this.least = least;
        this.people = people;
        this.file = new LogFile(folder);
        this.writer = Thread.ofPlatform().name("belfry-log").daemon().unstarted(this::write);
    }

    /** Begins to write what was and is said. */
    public void start() {
        writer.start();
    }

    /** Lines also go to {@code sink} from now on. */
    public void storeInto(LineSink sink) {
        store = sink;
    }

    /** Keeps lines from {@code level} on from now on. */
    public void least(Level level) {
        least = level;
    }

    /** Whether lines of {@code level} are kept. */
    public boolean isOn(Level level) {
        return level.compareTo(least) >= 0;
    }

    /** Says {@code message}. */
    public void info(String logger, String message, Map<String, Object> tags) {
        say(Level.INFO, logger, message, tags, null);
    }

    /** Warns of {@code message}. */
    public void warn(String logger, String message, Map<String, Object> tags) {
        say(Level.WARN, logger, message, tags, null);
    }

    /** Tells of a failure. */
    public void error(
            String logger, String message, Map<String, Object> tags, @Nullable Throwable failure) {
        say(Level.ERROR, logger, message, tags, failure);
    }

    /** Says {@code message} of {@code level}. */
    public void say(
            Level level,
            String logger,
            String message,
            Map<String, Object> tags,
            @Nullable Throwable failure) {
        if (!isOn(level)) {
            return;
        }
        String group = level == Level.ERROR ? "/belfry/errors" : Line.APPLICATION;
        Line line =
                new Line(
                        epochNanos(),
                        Line.BELFRY,
                        level,
                        group,
                        logger,
                        message,
                        tags,
                        Line.stack(failure));
        if (level.compareTo(Level.WARN) >= 0 && shown.take(System.nanoTime())) {
            String cause = failure == null ? "" : ": " + failure;
            people.println("belfry: " + level.text() + ": " + message + cause);
        }
        offer(line, application);
    }

    /** One line of the access log. */
    public void access(String message, Map<String, Object> tags) {
        if (isOn(Level.INFO)) {
            offer(
                    new Line(
                            epochNanos(),
                            Line.BELFRY,
                            Level.INFO,
                            Line.ACCESS,
                            "access",
                            message,
                            tags,
                            null),
                    access);
        }
    }

    /** What happened around a login or a permission; level text as it is said there. */
    public void security(Level level, String message, Map<String, Object> tags) {
        offer(
                new Line(
                        epochNanos(),
                        Line.AUTHENTICATION,
                        level,
                        Line.APPLICATION,
                        "auth",
                        message,
                        tags,
                        null),
                application);
    }

    /** How many lines were left out since the start. */
    public long droppedLines() {
        return droppedLines.get();
    }

    /** Writes what is queued, and ends. */
    @Override
    public void close() {
        closing = true;
        writer.interrupt();
        try {
            writer.join(2_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void offer(Line line, Allowance allowance) {
        if (!allowance.take(System.nanoTime()) || !queue.offer(line)) {
            droppedLines.incrementAndGet();
        }
    }

    private long epochNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private void write() {
        long said = 0;
        List<Line> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Line first = queue.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    batch.add(first);
                    Thread.sleep(GATHER_MILLIS);
                }
            } catch (InterruptedException _) {
                // Closing: what is queued is written without waiting for more.
            }
            queue.drainTo(batch, BATCH_MAX);
            long dropped = droppedLines.get();
            if (dropped > said && !batch.isEmpty()) {
                batch.add(omitted(dropped - said));
                said = dropped;
            }
            if (!batch.isEmpty()) {
                handOver(batch);
                batch.clear();
            }
        }
        file.close();
    }

    private Line omitted(long count) {
        return new Line(
                epochNanos(),
                Line.BELFRY,
                Level.WARN,
                Line.APPLICATION,
                "log",
                count + " lines were left out: too many at once",
                Map.of("count", count),
                null);
    }

    private void handOver(List<Line> batch) {
        file.accept(batch);
        LineSink sink = store;
        if (sink == null) {
            return;
        }
        try {
            sink.accept(List.copyOf(batch));
        } catch (RuntimeException _) {
            // The store is full, behind or closed: the file has the lines.
            droppedLines.addAndGet(batch.size());
        }
    }
}
