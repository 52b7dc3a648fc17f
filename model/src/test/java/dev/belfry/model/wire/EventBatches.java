package dev.belfry.model.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.util.Arrays;
import java.util.Random;

/** Batches made from a seed, and their comparison. */
final class EventBatches {
    private EventBatches() {}

    /** Any batch that a builder can make, with all parts or few. */
    static EventBatch random(Random random, int countMax) {
        int count = random.nextInt(countMax + 1);
        int parts = random.nextInt(64);
        EventBatchBuilder builder = new EventBatchBuilder(random.nextInt(8));
        for (int row = 0; row < count; row++) {
            builder.type(EventType.of(random.nextInt(4)));
            builder.timestampNanos(random.nextLong());
            builder.source(text(random, 12));
            if (random.nextInt(4) != 0) {
                boolean large = (parts & 32) != 0 && random.nextInt(20) == 0;
                builder.message(text(random, large ? 70_000 : 100));
            }
            if ((parts & 1) != 0 && random.nextBoolean()) {
                builder.level(text(random, 5));
                builder.traceId(random.nextLong(), random.nextLong());
            }
            if ((parts & 2) != 0 && random.nextBoolean()) {
                builder.spanId(random.nextLong());
                builder.eventName(text(random, 300));
            }
            if ((parts & 4) != 0 && random.nextBoolean()) {
                builder.severityNumber(random.nextInt(25));
                builder.observedNanos(random.nextLong());
                builder.flags(random.nextInt());
            }
            if ((parts & 8) != 0) {
                fields(random, builder);
            }
            if (random.nextInt(10) == 0) {
                builder.rollback();
            } else {
                builder.commit();
            }
        }
        return builder.build();
    }

    private static void fields(Random random, EventBatchBuilder builder) {
        for (int field = random.nextInt(6); field > 0; field--) {
            FieldSpace space = FieldSpace.of(random.nextInt(3));
            FieldColumn.Builder column = builder.field(space, "key" + random.nextInt(8));
            ValueKind kind = ValueKind.of(random.nextInt(6));
            boolean empty =
                    kind == ValueKind.TRUE || kind == ValueKind.FALSE || kind == ValueKind.NULL;
            column.add(builder.count(), kind, empty ? "" : text(random, 20));
        }
    }

    private static String text(Random random, int lengthMax) {
        int length = random.nextInt(lengthMax + 1);
        StringBuilder text = new StringBuilder(length);
        for (int index = 0; index < length; index++) {
            text.append(random.nextInt(20) == 0 ? 'ß' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    static void assertEqual(EventBatch actual, EventBatch expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        assertThat(actual.types()).isEqualTo(expected.types());
        assertThat(actual.timestampsNanos()).isEqualTo(expected.timestampsNanos());
        assertEqual(actual.sources(), expected.sources());
        assertEqual(actual.messages(), expected.messages());
        assertEqual(actual.levels(), expected.levels());
        assertEqual(actual.eventNames(), expected.eventNames());
        assertThat(actual.traceIds()).isEqualTo(expected.traceIds());
        assertThat(actual.spanIds()).isEqualTo(expected.spanIds());
        assertThat(actual.severityNumbers()).isEqualTo(expected.severityNumbers());
        assertThat(actual.observedNanos()).isEqualTo(expected.observedNanos());
        assertThat(actual.flags()).isEqualTo(expected.flags());
        assertThat(actual.fields()).hasSameSizeAs(expected.fields());
        for (int index = 0; index < expected.fields().size(); index++) {
            FieldColumn one = actual.fields().get(index);
            FieldColumn other = expected.fields().get(index);
            assertThat(one.space()).isEqualTo(other.space());
            assertThat(one.key()).isEqualTo(other.key());
            assertThat(one.rows()).isEqualTo(other.rows());
            assertThat(one.kinds()).isEqualTo(other.kinds());
            assertEqual(one.values(), other.values());
        }
    }

    private static void assertEqual(BytesColumn actual, BytesColumn expected) {
        assertThat(actual.count()).isEqualTo(expected.count());
        for (int index = 0; index < expected.count(); index++) {
            assertThat(actual.isNull(index)).isEqualTo(expected.isNull(index));
            assertThat(Arrays.equals(actual.bytes(index), expected.bytes(index))).isTrue();
        }
    }
}
