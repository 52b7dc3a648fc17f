package dev.belfry.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.store.AppliedBatch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RecentBatchesTest {
    private final RecentBatches batches = new RecentBatches(1000);

    @Test
    void oldest_makesRoom_andWhoComesTooLateSeesHowManyWereMissed() {
        for (int i = 0; i < 5; i++) {
            batches.add(batch(10, 300));
        }
        assertThat(batches.end()).isEqualTo(50);
        RecentBatches.Numbered oldest = batches.from(0);
        assertThat(oldest.first()).isEqualTo(20);
        assertThat(oldest.end()).isEqualTo(30);
        assertThat(batches.from(oldest.end()).first()).isEqualTo(30);
        assertThat(batches.from(50)).isNull();
    }

    @Test
    void newest_isKept_evenAloneOverTheBound() {
        batches.add(batch(10, 300));
        batches.add(batch(70, 5000));
        assertThat(batches.from(0).first()).isEqualTo(10);
        batches.add(batch(10, 300));
        assertThat(batches.from(0).first()).isEqualTo(80);
    }

    @Test
    void cleared_numbersGoOn() {
        batches.add(batch(10, 300));
        batches.clear();
        assertThat(batches.from(0)).isNull();
        batches.add(batch(10, 900));
        assertThat(batches.from(0).first()).isEqualTo(10);
    }

    private static AppliedBatch batch(int count, int bytes) {
        String[] texts = new String[count];
        Arrays.fill(texts, "x");
        BytesColumn column = BytesColumn.of(texts);
        EventBatch events =
                new EventBatch(
                        count,
                        new byte[count],
                        new long[count],
                        column,
                        column,
                        column,
                        column,
                        null,
                        null,
                        null,
                        null,
                        null,
                        List.of());
        return new AppliedBatch(events, 0, 0, "someone", bytes);
    }
}
