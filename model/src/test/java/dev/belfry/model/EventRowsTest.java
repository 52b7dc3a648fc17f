package dev.belfry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Index.atIndex;

import org.junit.jupiter.api.Test;

class EventRowsTest {
    @Test
    void replaced_hasOtherRowsAtTheirPlaces() {
        EventBatchBuilder builder = new EventBatchBuilder(2);
        for (int row = 0; row < 100; row++) {
            builder.source("sender");
            builder.timestampNanos(row);
            if (row != 70) {
                builder.message("message " + row);
            }
            if (row == 3) {
                builder.spanId(33);
            }
            builder.severityNumber(row % 25);
            builder.commit();
        }
        EventBatchBuilder others = new EventBatchBuilder(2);
        others.type(EventType.METRIC);
        others.source("inner");
        others.timestampNanos(-1);
        others.traceId(1, 2);
        others.flags(1);
        others.commit();
        others.source("refused");
        others.timestampNanos(-2);
        others.message("other");
        others.level("warn");
        others.eventName("name");
        others.commit();
        EventBatch batch =
                EventRows.replaced(
                        builder.build(),
                        others.build(),
                        new int[] {3, 99},
                        new boolean[] {false, true});
        assertThat(batch.count()).isEqualTo(100);
        assertThat(batch.sources().text(2)).isEqualTo("sender");
        assertThat(batch.sources().text(3)).isEqualTo("inner");
        assertThat(batch.sources().text(99)).isEqualTo("sender");
        assertThat(batch.messages().text(0)).isEqualTo("message 0");
        assertThat(batch.messages().isNull(3)).isTrue();
        assertThat(batch.messages().text(4)).isEqualTo("message 4");
        assertThat(batch.messages().isNull(70)).isTrue();
        assertThat(batch.messages().text(98)).isEqualTo("message 98");
        assertThat(batch.messages().text(99)).isEqualTo("other");
        assertThat(batch.levels().text(98)).isNull();
        assertThat(batch.levels().text(99)).isEqualTo("warn");
        assertThat(batch.eventNames().text(3)).isNull();
        assertThat(batch.eventNames().text(99)).isEqualTo("name");
        assertThat(batch.timestampsNanos()).contains(-1, atIndex(3)).contains(-2, atIndex(99));
        assertThat(batch.types()[3]).isEqualTo((byte) EventType.METRIC.ordinal());
        assertThat(batch.traceIds()).hasSize(200).contains(1, atIndex(6)).contains(2, atIndex(7));
        assertThat(batch.spanIds()).hasSize(100).containsOnly(0);
        assertThat(batch.severityNumbers()).contains((byte) 2, atIndex(2));
        assertThat(batch.severityNumbers()).contains((byte) 0, atIndex(3));
        assertThat(batch.flags()[3]).isEqualTo(1);
        assertThat(batch.observedNanos()).isNull();
    }
}
