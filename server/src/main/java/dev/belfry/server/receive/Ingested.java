package dev.belfry.server.receive;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.server.metrics.OwnMetrics;
import java.util.HashMap;
import java.util.Map;

/** Counts what was taken in, by type. */
final class Ingested {
    private static final String BUSINESS_TYPE = "event_type";

    private final OwnMetrics metrics;

    Ingested(OwnMetrics metrics) {
        this.metrics = metrics;
    }

    void count(EventBatch batch) {
        metrics.eventsIngested.add(batch.count());
        int[] byType = new int[EventType.values().length];
        for (int row = 0; row < batch.count(); row++) {
            byType[batch.types()[row]]++;
        }
        FieldColumn business = batch.field(FieldSpace.TAG, BUSINESS_TYPE);
        if (business != null) {
            countBusiness(batch, business, byType);
        }
        for (int ordinal = 0; ordinal < byType.length; ordinal++) {
            if (byType[ordinal] > 0) {
                metrics.eventsIngestedByType.add(byType[ordinal], EventType.of(ordinal).text());
            }
        }
    }

    /** Events with a business type are counted under it, and no more under their own. */
    private void countBusiness(EventBatch batch, FieldColumn business, int[] byType) {
        Map<String, Integer> counts = new HashMap<>();
        for (int index = 0; index < business.count(); index++) {
            String value =
                    business.kind(index) == ValueKind.STRING ? business.values().text(index) : null;
            if (value != null) {
                counts.merge(value, 1, Integer::sum);
                byType[batch.types()[business.rows()[index]]]--;
            }
        }
        counts.forEach((value, count) -> metrics.eventsIngestedByType.add(count, value));
    }
}
