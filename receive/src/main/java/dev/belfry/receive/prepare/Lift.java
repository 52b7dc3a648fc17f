package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.Preparation.Lifting;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.columns.JsonBytes;
import dev.belfry.receive.json.DocumentParser;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/** Makes fields of messages that are a JSON object or logfmt. */
final class Lift {
    /*
     * Each such message is read as a log document, with what its event has as what holds where the document is
     * silent. So a log line inside any protocol becomes the event that it is on its own. Rows that are no document
     * stay as they are.
     */
    private static final int FIRST_KEY_MAX = 64;

    /** The source of events that were sent without one. */
    private static final String NO_SOURCE = "unknown";

    private Lift() {}

    /** The batch with its documents lifted: the same one where there are none. */
    static EventBatch lift(EventBatch batch, SourceRule sources, Lifting lifting) {
        int[] rows = new int[8];
        int count = 0;
        for (int row = 0; row < batch.count(); row++) {
            if (isCandidate(batch, row)) {
                rows = count == rows.length ? Arrays.copyOf(rows, count * 2) : rows;
                rows[count++] = row;
            }
        }
        return count == 0 ? batch : lift(batch, Arrays.copyOf(rows, count), sources, lifting);
    }

    private static boolean isCandidate(EventBatch batch, int row) {
        if (batch.types()[row] != EventType.LOG.ordinal()) {
            return false;
        }
        byte[] data = batch.messages().data();
        int at = batch.messages().start(row);
        int to = batch.messages().end(row);
        while (at < to && Bytes.isSpace(data[at])) {
            at++;
        }
        if (to - at < 3) {
            return false;
        }
        if (data[at] == '{') {
            while (Bytes.isSpace(data[to - 1])) {
                to--;
            }
            return data[to - 1] == '}';
        }
        if (!Bytes.isLetter(data[at])) {
            return false;
        }
        int last = Math.min(to, at + FIRST_KEY_MAX);
        while (at < last && (Bytes.isWord(data[at]) || data[at] == '.')) {
            at++;
        }
        return at < last && data[at] == '=';
    }

    private static EventBatch lift(
            EventBatch batch, int[] candidates, SourceRule sources, Lifting lifting) {
        EventBatchBuilder builder = new EventBatchBuilder(candidates.length, Long.MAX_VALUE);
        DocumentParser parser =
                new DocumentParser(
                        builder,
                        JsonEventsConfig.DEFAULTS,
                        batch.timestampsNanos()[candidates[0]],
                        SourceRule.ANY);
        JsonBytes json = new JsonBytes();
        int[] rows = new int[candidates.length];
        for (int row : candidates) {
            BytesColumn sent = batch.sources();
            parser.fallbackSource(sent.data(), sent.start(row), sent.end(row));
            Rows.silentButMessage(batch, row, builder);
            if (!take(parser, batch.messages(), row, json)) {
                builder.rollback();
                continue;
            }
            boolean adds = lifting == Lifting.ADDS;
            if (adds) {
                Rows.silent(batch, row, builder);
            } else if (!parser.hasMessage()) {
                Rows.message(batch, row, builder);
            }
            boolean keepsLevel = !parser.hasLevel() || adds && hasLevel(batch, row);
            if (keepsLevel && batch.severityNumbers() != null) {
                builder.severityNumber(batch.severityNumbers()[row]);
            }
            rows[builder.count()] = row;
            builder.commit();
        }
        int count = builder.count();
        if (count == 0) {
            return batch;
        }
        EventBatch lifted = builder.build();
        boolean[] refused = refused(batch, lifted, rows, sources, lifting);
        return Rows.replaced(batch, lifted, Arrays.copyOf(rows, count), refused);
    }

    private static boolean hasLevel(EventBatch batch, int row) {
        byte[] numbers = batch.severityNumbers();
        return !batch.levels().isNull(row) || numbers != null && numbers[row] != 0;
    }

    private static boolean take(
            DocumentParser parser, BytesColumn messages, int row, JsonBytes json) {
        byte[] data = messages.data();
        int from = messages.start(row);
        int to = messages.end(row);
        while (Bytes.isSpace(data[from])) {
            from++;
        }
        if (data[from] == '{') {
            return parser.take(data, from, to);
        }
        return Logfmt.read(data, from, to, json) && parser.take(json.bytes, 0, json.length);
    }

    /* Which rows keep the source that they came with: always, or since the sender may not write the one inside. */
    private static boolean[] refused(
            EventBatch batch, EventBatch lifted, int[] rows, SourceRule sources, Lifting lifting) {
        boolean[] refused = new boolean[lifted.count()];
        if (lifting == Lifting.REPLACES && sources.equals(SourceRule.ANY)) {
            return refused;
        }
        Set<String> good = new HashSet<>();
        for (int index = 0; index < lifted.count(); index++) {
            String source = Objects.requireNonNull(lifted.sources().text(index));
            String sent = Objects.requireNonNull(batch.sources().text(rows[index]));
            if (source.equals(sent)) {
                continue;
            }
            if (lifting == Lifting.ADDS && !sent.equals(NO_SOURCE)) {
                refused[index] = true;
                continue;
            }
            if (good.contains(source)) {
                continue;
            }
            refused[index] = sources.refusal(source) != null;
            if (!refused[index]) {
                good.add(source);
            }
        }
        return refused;
    }

    /** The name of the tag that holds a source which the sender may not write. */
    static final String REFUSED_SOURCE = "service";

    /** Where {@link #REFUSED_SOURCE} stands. */
    static final FieldSpace REFUSED_SPACE = FieldSpace.TAG;
}
