package dev.belfry.server.prometheus;

import dev.belfry.model.series.SeriesSamples;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BiConsumer;

/** A long list of series as JSON, made by several threads while what came before is sent. */
final class SeriesPieces {
    /*
     *   series   0 … 8   9 … 17   18 … 26   27 …
     *            sent    made     made      waits until the first is gone
     */
    private static final int SAMPLES_OF_PIECE = 2_048;

    /* About as long as a sample of many digits. */
    private static final int BYTES_OF_SAMPLE = 40;
    private static final int BYTES_OF_SERIES = 400;

    /** Pieces that are made or wait to be sent: one for each of a few processors. */
    private static final int PIECES_MAX = Math.min(4, Runtime.getRuntime().availableProcessors());

    private SeriesPieces() {}

    /** Whether all are numbers, whose text is never much longer than expected. */
    static boolean divides(List<SeriesSamples> series) {
        return PIECES_MAX > 1 && series.stream().allMatch(each -> each.histograms() == null);
    }

    /** Writes the list, each series with what {@code samples} makes of its samples. */
    static void write(
            ApiJson json, List<SeriesSamples> series, BiConsumer<ApiJson, SeriesSamples> samples) {
        ArrayDeque<FutureTask<ApiJson>> pieces = new ArrayDeque<>();
        json.raw('[');
        try {
            int from = 0;
            while (from < series.size()) {
                int to = from;
                int size = 0;
                while (to < series.size() && size < SAMPLES_OF_PIECE) {
                    size += series.get(to++).size();
                }
                pieces.add(begun(series.subList(from, to), from == 0, size, samples));
                from = to;
                if (pieces.size() == PIECES_MAX) {
                    json.all(made(pieces.remove()));
                }
            }
            while (!pieces.isEmpty()) {
                json.all(made(pieces.remove()));
            }
        } finally {
            pieces.forEach(piece -> piece.cancel(false));
        }
        json.raw(']');
    }

    private static FutureTask<ApiJson> begun(
            List<SeriesSamples> series,
            boolean first,
            int size,
            BiConsumer<ApiJson, SeriesSamples> samples) {
        FutureTask<ApiJson> piece =
                new FutureTask<>(() -> {
                    int capacity = size * BYTES_OF_SAMPLE + series.size() * BYTES_OF_SERIES;
                    ApiJson json = ApiJson.ofCapacity(capacity);
                    boolean begins = first;
                    for (SeriesSamples each : series) {
                        QueryEndpoints.series(json, each, begins, samples);
                        begins = false;
                    }
                    return json;
                });
        Thread.ofVirtual().start(piece);
        return piece;
    }

    private static ApiJson made(FutureTask<ApiJson> piece) {
        try {
            return piece.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("an answer was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("BUG: " + e.getCause(), e);
        }
    }
}
