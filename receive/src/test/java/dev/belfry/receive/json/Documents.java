package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.receive.Decoding;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;

/** Takes log documents for tests, each as one line of text. */
final class Documents {
    private Documents() {}

    /** The row of one document, in which {@code '} stands for {@code "}. */
    static String row(String document) {
        return row(document, null);
    }

    /** The same where the sender's own name is {@code fallback}. */
    static String row(String document, String fallback) {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        DocumentParser parser = parser(builder);
        parser.fallbackSource(fallback);
        byte[] text = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        builder.timestampNanos(Decoding.NOW);
        if (!parser.take(text, 0, text.length)) {
            builder.rollback();
            return parser.errorCode() + " " + parser.error();
        }
        builder.commit();
        return Decoding.rows(builder.build()).getFirst();
    }

    static DocumentParser parser(EventBatchBuilder builder) {
        return new DocumentParser(builder, JsonEventsConfig.DEFAULTS, Decoding.NOW, SourceRule.ANY);
    }
}
