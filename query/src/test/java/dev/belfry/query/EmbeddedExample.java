package dev.belfry.query;

import dev.belfry.journal.Appended;
import dev.belfry.model.Event;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that keeps its own events in a folder, without any server. */
final class EmbeddedExample {
    private EmbeddedExample() {}

    static List<String> run(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Engine engine = Engine.open(folder)) {
            Appended appended = engine.append(threeEvents(), "embedded", null);

            EventFilter errors =
                    new EventFilter(
                            TimeRange.ALL,
                            List.of("log"),
                            List.of("payment-service"),
                            List.of("error"),
                            null,
                            "\"payment 17\"",
                            Map.of("currency", List.of("EUR")),
                            Map.of(),
                            Owner.ALL);
            EventPage page =
                    engine.events().search(errors, Order.NEWEST_FIRST, 10, 0, null, tenSeconds());
            for (Event event : page.events()) {
                lines.add(event.level() + ": " + event.message());
            }
            /* What was appended is found at once. */
            Event first =
                    engine.events()
                            .find(Engine.id(appended, 0), Owner.ALL, tenSeconds())
                            .orElseThrow();
            lines.add(first.source() + ": " + first.message());
            lines.add(engine.status().store().events() + " events stored");
        }
        return lines;
    }

    private static EventBatch threeEvents() {
        EventBatchBuilder batch = new EventBatchBuilder(3);
        for (int payment = 16; payment <= 18; payment++) {
            boolean declined = payment == 17;
            batch.type(EventType.LOG);
            batch.source("payment-service");
            batch.timestampNanos(1_795_000_000_000_000_000L + payment);
            batch.level(declined ? "error" : "info");
            batch.message("payment " + payment + (declined ? " declined" : " completed"));
            batch.field(FieldSpace.TAG, "currency").add(batch.count(), ValueKind.STRING, "EUR");
            batch.field(FieldSpace.PAYLOAD, "amount").add(batch.count(), ValueKind.NUMBER, "12.50");
            batch.commit();
        }
        return batch.build();
    }

    /* A query has a time limit, a memory limit, a limit of rows; the last says not to take less than everything. */
    private static QueryContext tenSeconds() {
        return new QueryContext(Duration.ofSeconds(10), 64 << 20, 1000, false);
    }
}
