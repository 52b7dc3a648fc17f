package dev.belfry.receive.importer;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.receive.Inflation;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.importer.BelfryClient.FailedException;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonMembers.Member;
import dev.belfry.receive.prometheus.ReadSeries;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Batches of samples that another server has, read window by window. */
final class RemoteHistory implements Batches {
    /*
     * A window is one request. Windows are two hours long, as Prometheus' blocks are, and begin where those begin. What
     * a window has is sent as requests of remote write, each when it has come off the stream; a window that breaks is
     * read once more, since samples may be sent twice. The offset of a batch is a time: the window's end for its last
     * one, a little more than the offset before for the others. So an import that was interrupted reads the window
     * again in which it was.
     */
    static final long WINDOW_MILLIS = 7_200_000;

    private static final int BATCH_BYTES_MAX = 1 << 20;
    private static final int FRAME_BYTES_MAX = 64 << 20;
    private static final int SAMPLES_BYTES_MAX = 512 << 20;
    private static final int METADATA_BYTES_MAX = 64 << 20;
    private static final int TRIES_MAX = 5;
    private static final long PAUSE_MILLIS = 500;

    private final RemoteClient client;
    private final RemoteOptions options;
    private final @Nullable String source;
    private final long fromMillis;
    private final long toMillis;
    private long offset;
    private long next;
    private long end;
    private int tries;
    private String probe = "";
    private boolean told;
    private @Nullable Window window;

    /** What is left of the answer for a window. */
    private interface Window {
        /** Adds the next piece to {@code series}; false at the end. */
        boolean add(ReadSeries series) throws IOException;

        void close() throws IOException;
    }

    /**
     * The history from {@code fromMillis} to {@code toMillis}, inclusive.
     *
     * @param source the label of all samples; null for none
     * @param offset what is acknowledged, 0 for nothing
     */
    RemoteHistory(
            RemoteClient client,
            RemoteOptions options,
            @Nullable String source,
            long fromMillis,
            long toMillis,
            long offset) {
        this.client = client;
        this.options = options;
        this.source = source;
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
        this.offset = offset;
        this.next = Math.max(fromMillis, Math.floorDiv(offset, WINDOW_MILLIS) * WINDOW_MILLIS);
    }

    @Override
    public @Nullable Batch next() throws IOException, FailedException, InterruptedException {
        while (window != null || next <= toMillis) {
            try {
                Batch batch = read();
                tries = 0;
                if (batch != null) {
                    return batch;
                }
            } catch (IOException broken) {
                close();
                if (++tries == TRIES_MAX) {
                    throw new FailedException(options.url() + ": " + broken);
                }
                Thread.sleep(PAUSE_MILLIS * tries);
            } catch (BelfryException wrong) {
                throw new FailedException(options.url() + ": " + wrong.getMessage());
            }
        }
        return null;
    }

    /* The next batch of the window that is open, or of the next one; null when it has no more. */
    private @Nullable Batch read() throws IOException, FailedException, InterruptedException {
        Window open = window;
        if (open == null) {
            long after = (Math.floorDiv(next, WINDOW_MILLIS) + 1) * WINDOW_MILLIS;
            end = Math.min(toMillis, after - 1);
            open = open();
            window = open;
        }
        ReadSeries series = new ReadSeries(next, end, this::labelled);
        boolean more = true;
        while (more && series.size() < BATCH_BYTES_MAX) {
            more = open.add(series);
        }
        if (!more) {
            close();
            next = end + 1;
        }
        return series.samples() == 0 ? null : batch(series, more ? offset + 1 : next);
    }

    private Labels labelled(Labels labels) {
        return source == null ? labels : labels.with("source", source);
    }

    private Batch batch(ReadSeries series, long to) throws FailedException, InterruptedException {
        if (probe.isEmpty()) {
            probe = SampleProbe.of(series.firstLabels(), null, series.firstMillis());
        }
        int count = series.samples();
        if (!told) {
            tell(series);
            told = true;
        }
        long from = offset;
        offset = Math.max(to, from + 1);
        return new Batch(
                Batch.Kind.REMOTE_WRITE, from, offset, 0, series.body(), new long[count], 0, probe);
    }

    private Window open() throws IOException, FailedException, InterruptedException {
        List<List<RemoteRead.Matcher>> selectors =
                options.matchers().isEmpty() ? List.of(ReadSeries.all()) : options.matchers();
        List<RemoteRead.Query> queries = new ArrayList<>();
        for (List<RemoteRead.Matcher> matchers : selectors) {
            queries.add(new RemoteRead.Query(next, end, matchers));
        }
        RemoteClient.Answer answer =
                client.read(ReadSeries.request(new RemoteRead.Request(queries, true)));
        if (answer.contentType().contains("ChunkedReadResponse")) {
            return new Frames(answer.body());
        }
        try (InputStream body = answer.body()) {
            byte[] whole = Inflation.inflate(body.readAllBytes(), "snappy", SAMPLES_BYTES_MAX);
            return new Answers(whole, ReadSeries.series(whole, whole.length).iterator());
        }
    }

    /** A stream of frames: length as varint, CRC-32C of four bytes, message. */
    private record Frames(InputStream body) implements Window {
        @Override
        public boolean add(ReadSeries series) throws IOException {
            int length = length();
            if (length < 0) {
                return false;
            }
            byte[] checksum = body.readNBytes(4);
            byte[] message = body.readNBytes(length);
            if (message.length < length) {
                throw new EOFException("the stream ends within a frame");
            }
            CRC32C found = new CRC32C();
            found.update(message);
            int expected = 0;
            for (byte each : checksum) {
                expected = expected << 8 | each & 0xFF;
            }
            if ((int) found.getValue() != expected) {
                throw new IOException("a frame whose checksum is not that of its bytes");
            }
            series.addChunks(message, length);
            return true;
        }

        private int length() throws IOException {
            long length = 0;
            for (int shift = 0; shift < 35; shift += 7) {
                int read = body.read();
                if (read < 0) {
                    if (shift > 0) {
                        throw new EOFException("the stream ends within a frame");
                    }
                    return -1;
                }
                length |= (long) (read & 0x7F) << shift;
                if (read < 0x80) {
                    break;
                }
            }
            if (length > FRAME_BYTES_MAX) {
                throw new IOException(
                        "a frame of "
                                + length
                                + " bytes (expected: at most "
                                + FRAME_BYTES_MAX
                                + ")");
            }
            return (int) length;
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** An answer of samples. */
    private record Answers(byte[] message, Iterator<int[]> series) implements Window {
        @Override
        public boolean add(ReadSeries into) {
            if (!series.hasNext()) {
                return false;
            }
            into.addSamples(message, series.next());
            return true;
        }

        @Override
        public void close() {}
    }

    /* Types, units and help; a server that does not tell them has none. */
    private void tell(ReadSeries series) throws FailedException, InterruptedException {
        String text;
        try (InputStream body = client.get("/api/v1/metadata").body()) {
            text = new String(body.readNBytes(METADATA_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException | FailedException untold) {
            return;
        }
        for (Member family : members(member(text, "data"))) {
            List<String> all = JsonMembers.items(family.text());
            if (all != null && !all.isEmpty()) {
                String one = all.getFirst();
                series.metadata(
                        family.name(),
                        type(member(one, "type")),
                        member(one, "help"),
                        member(one, "unit"));
            }
        }
    }

    private static List<Member> members(String object) {
        List<Member> members = JsonMembers.read(object);
        return members == null ? List.of() : members;
    }

    private static String member(String object, String name) {
        for (Member each : members(object)) {
            if (each.name().equals(name)) {
                return each.text();
            }
        }
        return "";
    }

    private static MetricType type(String text) {
        for (MetricType type : MetricType.values()) {
            if (type.text().equals(text.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        return MetricType.UNKNOWN;
    }

    @Override
    public long rawPosition() {
        return Math.max(0, next - fromMillis);
    }

    @Override
    public void close() throws IOException {
        Window open = window;
        window = null;
        if (open != null) {
            open.close();
        }
    }
}
