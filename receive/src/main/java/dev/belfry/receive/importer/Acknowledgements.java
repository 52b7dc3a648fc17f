package dev.belfry.receive.importer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which batches of a file are acknowledged, and up to where without a gap. Thread-safe. */
final class Acknowledgements {
    private static final int ERRORS_KEPT_MAX = 10;
    private static final long SAVE_NANOS = 200_000_000L;

    private final @Nullable Path stateFile;
    private final TreeMap<Long, Done> ahead = new TreeMap<>();
    private final List<String> errors = new ArrayList<>();
    private final String name;
    private ImportState state;
    private long events;
    private long savedNanos = System.nanoTime() - SAVE_NANOS;

    private record Done(Batch batch, BelfryClient.Answer answer) {}

    /**
     * Starts at {@code state}, which is kept in {@code stateFile}, or nowhere when that is null.
     */
    Acknowledgements(String name, ImportState state, @Nullable Path stateFile) {
        this.name = name;
        this.state = state;
        this.stateFile = stateFile;
    }

    /** A batch is through. */
    synchronized void add(Batch batch, BelfryClient.Answer answer) throws IOException {
        events += answer.taken();
        for (BelfryClient.Refusal refusal : answer.errors()) {
            if (errors.size() < ERRORS_KEPT_MAX) {
                String line = refusal.line() == 0 ? "" : ":" + refusal.line();
                errors.add(name + line + ": " + refusal.message());
            }
        }
        ahead.put(batch.fromOffset(), new Done(batch, answer));
        Done next = ahead.remove(state.offset());
        while (next != null) {
            advance(next);
            next = ahead.remove(state.offset());
        }
        if (System.nanoTime() - savedNanos >= SAVE_NANOS) {
            save();
        }
    }

    private void advance(Done done) {
        state =
                new ImportState(
                        state.blockLength(),
                        state.blockHash(),
                        state.salt(),
                        state.referenceSeconds(),
                        done.batch.toOffset(),
                        done.batch.linesRead(),
                        state.events() + done.answer.taken(),
                        state.refused() + done.batch.count() - done.answer.taken(),
                        state.firstId().isEmpty() ? done.answer.firstId() : state.firstId(),
                        state.rawSize());
    }

    /** The file is through to its end, where it has {@code rawSize} bytes. */
    synchronized void complete(long rawSize) throws IOException {
        state =
                new ImportState(
                        state.blockLength(),
                        state.blockHash(),
                        state.salt(),
                        state.referenceSeconds(),
                        state.offset(),
                        state.lines(),
                        state.events(),
                        state.refused(),
                        state.firstId(),
                        rawSize);
        save();
    }

    /** Keeps the state now. */
    synchronized void save() throws IOException {
        savedNanos = System.nanoTime();
        if (stateFile != null) {
            state.save(stateFile);
        }
    }

    /** How far it is without a gap. */
    synchronized ImportState state() {
        return state;
    }

    /** Events taken in this run. */
    synchronized long events() {
        return events;
    }

    /** The first errors, each with file and line. */
    synchronized List<String> errors() {
        return List.copyOf(errors);
    }
}
