package dev.belfry.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventBatchCodecTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);

    @Test
    void decode_givesBackWhatWasEncoded() {
        for (int round = 0; round < 400; round++) {
            EventBatch batch = EventBatches.random(new Random(SEED + round), round % 60);
            EventBatches.assertEqual(EventBatchCodec.decode(EventBatchCodec.encode(batch)), batch);
        }
    }

    @Test
    void decode_ofSeveralInOneWriter_readsEach() {
        WireWriter writer = new WireWriter(0);
        writer.u8(7);
        EventBatch first = EventBatches.random(new Random(SEED), 20);
        EventBatch second = EventBatches.random(new Random(SEED + 1), 20);
        EventBatchCodec.encode(first, writer);
        EventBatchCodec.encode(second, writer);
        WireReader reader = new WireReader(writer.array(), 1, writer.size() - 1);
        EventBatches.assertEqual(EventBatchCodec.decode(reader), first);
        EventBatches.assertEqual(EventBatchCodec.decode(reader), second);
        assertThat(reader.remaining()).isZero();
    }

    @Test
    void decode_ofTheGoldenFileOfVersion1_givesItsEvents() throws IOException {
        byte[] golden = resource("/wire/event-batch-1.bin");
        EventBatches.assertEqual(EventBatchCodec.decode(golden), goldenBatch());
        assertThat(EventBatchCodec.encode(goldenBatch())).isEqualTo(golden);
    }

    @Test
    void decode_ofUnknownVersion_namesBoth() {
        byte[] bytes = EventBatchCodec.encode(goldenBatch());
        bytes[0] = 99;
        assertThatThrownBy(() -> EventBatchCodec.decode(bytes))
                .isInstanceOf(WireFormatException.class)
                .hasMessage("byte 0: batch version 99 (expected: 1)");
    }

    @Test
    void decode_ofEveryPrefix_saysItIsCut() {
        byte[] bytes = EventBatchCodec.encode(goldenBatch());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> EventBatchCodec.decode(cut))
                    .isInstanceOf(WireFormatException.class);
        }
    }

    @Test
    void decode_ofMoreBytes_isRefused() {
        byte[] bytes = EventBatchCodec.encode(goldenBatch());
        assertThatThrownBy(() -> EventBatchCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(WireFormatException.class)
                .hasMessageContaining("1 more bytes");
    }

    @Test
    void decode_ofDamage_isAWireFormatExceptionOrABatchThatCanBeRead() {
        for (int round = 0; round < 20_000; round++) {
            Random random = new Random(SEED + round);
            byte[] bytes = EventBatchCodec.encode(EventBatches.random(random, 6));
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] + 1);
            }
            try {
                EventBatch batch = EventBatchCodec.decode(bytes);
                EventBatchCodec.decode(EventBatchCodec.encode(batch));
            } catch (WireFormatException refused) {
                assertThat(refused).hasMessageContaining("expected");
            }
        }
    }

    private static EventBatch goldenBatch() {
        EventBatchBuilder builder = new EventBatchBuilder(3);
        builder.timestampNanos(1_714_979_289_500_123_456L);
        builder.source("web-server");
        builder.message("Grüße \u0000 from 日本");
        builder.level("error");
        builder.traceId(0x0123456789abcdefL, 0xfedcba9876543210L);
        builder.spanId(42);
        add(builder, FieldSpace.TAG, "service", ValueKind.STRING, "api");
        add(builder, FieldSpace.PAYLOAD, "count", ValueKind.NUMBER, "1.50e3");
        add(builder, FieldSpace.PAYLOAD, "nested", ValueKind.JSON, "[1, {\"a\":null}]");
        builder.commit();
        builder.type(EventType.ALERT);
        builder.timestampNanos(-1);
        builder.source("b");
        add(builder, FieldSpace.TAG, "service", ValueKind.STRING, "");
        add(builder, FieldSpace.TAG, "ok", ValueKind.TRUE, "");
        add(builder, FieldSpace.EVENT, "trace_id", ValueKind.STRING, "not hex");
        builder.commit();
        builder.type(EventType.TRACE);
        builder.timestampNanos(Long.MAX_VALUE);
        builder.source("c");
        builder.message("x".repeat(300));
        builder.severityNumber(17);
        builder.observedNanos(5);
        builder.flags(1);
        builder.eventName("device.crash");
        add(builder, FieldSpace.TAG, "service", ValueKind.NULL, "");
        add(builder, FieldSpace.TAG, "ok", ValueKind.FALSE, "");
        add(builder, FieldSpace.PAYLOAD, FieldColumn.REST, ValueKind.JSON, "{\"k\":1}");
        builder.commit();
        return builder.build();
    }

    private static void add(
            EventBatchBuilder builder, FieldSpace space, String key, ValueKind kind, String text) {
        Objects.requireNonNull(builder.field(space, key)).add(builder.count(), kind, text);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream input = EventBatchCodecTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(input, name).readAllBytes();
        }
    }
}
