package dev.belfry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EventBatchBuilderTest {
    @Test
    void build_hasEveryColumnAsLongAsTheEvents() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        for (int row = 0; row < 5; row++) {
            builder.source("s" + row);
            builder.timestampNanos(row);
            if (row == 3) {
                builder.type(EventType.ALERT);
                builder.traceId(1, 2);
                builder.spanId(3);
                builder.severityNumber(9);
                builder.observedNanos(4);
                builder.flags(5);
                builder.eventName("name");
                byte[] text = "[level]".getBytes(StandardCharsets.UTF_8);
                builder.level(text, 1, 5);
                builder.message(text, 0, 7);
            }
            builder.commit();
        }
        EventBatch batch = builder.build();
        assertThat(batch.count()).isEqualTo(5);
        assertThat(batch.types()).containsExactly(0, 0, 0, 3, 0);
        assertThat(batch.timestampsNanos()).containsExactly(0, 1, 2, 3, 4);
        assertThat(batch.sources().text(4)).isEqualTo("s4");
        assertThat(batch.messages().count()).isEqualTo(5);
        assertThat(batch.messages().text(3)).isEqualTo("[level]");
        assertThat(batch.levels().text(3)).isEqualTo("level");
        assertThat(batch.levels().text(4)).isNull();
        assertThat(batch.eventNames().text(3)).isEqualTo("name");
        assertThat(batch.traceIds()).containsExactly(0, 0, 0, 0, 0, 0, 1, 2, 0, 0);
        assertThat(batch.spanIds()).containsExactly(0, 0, 0, 3, 0);
        assertThat(batch.severityNumbers()).containsExactly(0, 0, 0, 9, 0);
        assertThat(batch.observedNanos()).containsExactly(0, 0, 0, 4, 0);
        assertThat(batch.flags()).containsExactly(0, 0, 0, 5, 0);
    }

    @Test
    void build_withoutIds_hasNoColumnsForThem() {
        EventBatchBuilder builder = new EventBatchBuilder(4);
        builder.source("s");
        builder.commit();
        EventBatch batch = builder.build();
        assertThat(batch.traceIds()).isNull();
        assertThat(batch.spanIds()).isNull();
        assertThat(batch.flags()).isNull();
        assertThat(batch.fields()).isEmpty();
    }

    @Test
    void rollback_leavesNothingOfTheEvent() {
        EventBatchBuilder builder = new EventBatchBuilder(2);
        builder.source("bad");
        builder.type(EventType.TRACE);
        builder.message("bad");
        builder.level("bad");
        builder.eventName("bad");
        builder.traceId(1, 1);
        builder.spanId(1);
        builder.severityNumber(1);
        builder.observedNanos(1);
        builder.flags(1);
        field(builder, FieldSpace.TAG, "only").add(0, ValueKind.STRING, "bad");
        field(builder, FieldSpace.TAG, "both").add(0, ValueKind.STRING, "bad");
        builder.rollback();
        builder.source("good");
        field(builder, FieldSpace.TAG, "both").add(0, ValueKind.STRING, "good");
        builder.commit();
        EventBatch batch = builder.build();
        assertThat(batch.count()).isEqualTo(1);
        assertThat(batch.types()).containsExactly(0);
        assertThat(batch.sources().text(0)).isEqualTo("good");
        assertThat(batch.messages().text(0)).isNull();
        assertThat(batch.levels().text(0)).isNull();
        assertThat(batch.eventNames().text(0)).isNull();
        assertThat(batch.traceIds()).containsExactly(0, 0);
        assertThat(batch.spanIds()).containsExactly(0);
        assertThat(batch.severityNumbers()).containsExactly(0);
        assertThat(batch.observedNanos()).containsExactly(0);
        assertThat(batch.flags()).containsExactly(0);
        assertThat(batch.fields()).hasSize(1);
        assertThat(batch.field(FieldSpace.TAG, "only")).isNull();
        FieldColumn both = Objects.requireNonNull(batch.field(FieldSpace.TAG, "both"));
        assertThat(both.rows()).containsExactly(0);
        assertThat(both.values().text(0)).isEqualTo("good");
    }

    @Test
    void setters_calledTwice_keepTheLast() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        builder.source("a");
        builder.source("b");
        builder.message("a");
        builder.message("b");
        builder.level("a");
        builder.level("b");
        field(builder, FieldSpace.PAYLOAD, "k").add(0, ValueKind.STRING, "a");
        field(builder, FieldSpace.PAYLOAD, "k").add(0, ValueKind.NUMBER, "7");
        builder.commit();
        EventBatch batch = builder.build();
        assertThat(batch.sources().text(0)).isEqualTo("b");
        assertThat(batch.messages().text(0)).isEqualTo("b");
        assertThat(batch.levels().text(0)).isEqualTo("b");
        FieldColumn field = batch.fields().getFirst();
        assertThat(field.count()).isEqualTo(1);
        assertThat(field.kind(0)).isEqualTo(ValueKind.NUMBER);
    }

    @Test
    void field_hasAColumn_upToTheLimitOfItsSpace() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        for (int key = 0; key < EventBatchBuilder.KEYS_MAX; key++) {
            field(builder, FieldSpace.TAG, "k" + key);
        }
        assertThat(builder.field(FieldSpace.TAG, "more")).isNull();
        assertThat(builder.field(FieldSpace.TAG, "k0")).isNotNull();
        assertThat(builder.field(FieldSpace.TAG, FieldColumn.REST)).isNotNull();
        assertThat(builder.field(FieldSpace.PAYLOAD, "more")).isNotNull();
    }

    @Test
    void commit_withoutSource_isABug() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        assertThatThrownBy(builder::commit)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("BUG:");
    }

    private static FieldColumn.Builder field(
            EventBatchBuilder builder, FieldSpace space, String key) {
        return Objects.requireNonNull(builder.field(space, key));
    }
}
