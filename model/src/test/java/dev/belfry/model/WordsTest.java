package dev.belfry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WordsTest {
    @Test
    void eventId_isReadBackFromItsUuid() {
        Random random = new Random(Long.getLong("belfry.seed", 20_260_124L));
        for (int round = 0; round < 1_000; round++) {
            EventId id =
                    new EventId(
                            random.nextLong() >>> 16,
                            random.nextInt(4_096),
                            random.nextLong() >>> 2);
            UUID uuid = id.uuid();
            assertThat(uuid.version()).isEqualTo(8);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(EventId.of(uuid)).isEqualTo(id);
        }
    }

    @Test
    void eventId_ofForeignUuid_isNotFound() {
        assertThatThrownBy(
                        () -> EventId.of(UUID.fromString("7d444840-9dc0-11d1-b245-5ffdce74fad2")))
                .isInstanceOfSatisfying(
                        BelfryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void eventId_outOfRange_isRefused() {
        assertThatThrownBy(() -> new EventId(-1, 0, 0)).hasMessageContaining("receivedMillis: -1");
        assertThatThrownBy(() -> new EventId(0, 4_096, 0)).hasMessageContaining("partition: 4096");
        assertThatThrownBy(() -> new EventId(0, 0, -1)).hasMessageContaining("offset: -1");
    }

    @Test
    void eventType_isReadBackFromItsText() {
        for (EventType type : EventType.values()) {
            assertThat(EventType.parse(type.text())).contains(type);
            assertThat(EventType.of(type.ordinal())).isEqualTo(type);
        }
        assertThat(EventType.parse("LOG")).isEmpty();
    }

    @Test
    void ordinals_thatFilesHold_areFixed() {
        assertThat(EventType.values())
                .containsExactly(EventType.LOG, EventType.METRIC, EventType.TRACE, EventType.ALERT);
        assertThat(FieldSpace.values())
                .containsExactly(FieldSpace.TAG, FieldSpace.PAYLOAD, FieldSpace.EVENT);
        assertThat(ValueKind.values())
                .containsExactly(
                        ValueKind.STRING,
                        ValueKind.NUMBER,
                        ValueKind.TRUE,
                        ValueKind.FALSE,
                        ValueKind.NULL,
                        ValueKind.JSON);
        assertThat(FieldSpace.of(1)).isEqualTo(FieldSpace.PAYLOAD);
        assertThat(ValueKind.of(5)).isEqualTo(ValueKind.JSON);
    }

    @Test
    void exceptions_carryWhatProgramsNeed() {
        BelfryException failure = new BelfryException(ErrorCode.TOO_LARGE, "x", Map.of("limit", 5));
        assertThat(failure.details()).containsEntry("limit", 5);
        assertThat(new BelfryException(ErrorCode.CONFLICT, "x").details()).isEmpty();
        assertThat(new CorruptFileException(Path.of("f"), 7, "magic 0", "magic 1"))
                .hasMessage("f at byte 7: magic 0 (expected: magic 1)");
    }
}
