package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Columns like others but for some values. */
final class Columns {
    private Columns() {}

    /** The column with the places of {@code spans}, which lie in its data, replaced. */
    static BytesColumn replaced(BytesColumn values, Spans spans) {
        BytesColumn.Builder builder = new BytesColumn.Builder(values.count(), values.sizeBytes());
        int span = 0;
        for (int index = 0; index < values.count(); index++) {
            if (values.isNull(index)) {
                builder.addNull();
                continue;
            }
            int first = span;
            while (span < spans.count() && spans.from(span) < values.end(index)) {
                span++;
            }
            if (first == span) {
                builder.add(values.data(), values.start(index), values.length(index));
            } else {
                builder.add(
                        replaced(
                                values.data(),
                                values.start(index),
                                values.end(index),
                                spans,
                                first,
                                span));
            }
        }
        return builder.build();
    }

    /** {@code data[from .. to)} with the places {@code [firstSpan, lastSpan)} replaced. */
    static byte[] replaced(
            byte[] data, int from, int to, Spans spans, int firstSpan, int lastSpan) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(to - from + 32);
        int at = from;
        for (int span = firstSpan; span < lastSpan; span++) {
            text.write(data, at, spans.from(span) - at);
            text.writeBytes(spans.replacement(span).getBytes(StandardCharsets.US_ASCII));
            at = spans.to(span);
        }
        text.write(data, at, to - at);
        return text.toByteArray();
    }
}
