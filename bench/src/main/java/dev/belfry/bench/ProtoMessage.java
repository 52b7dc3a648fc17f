package dev.belfry.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of Protocol Buffers being written. */
final class ProtoMessage {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoMessage pair(int number, String key, String value) {
        ProtoMessage any = new ProtoMessage().text(1, value);
        return message(number, new ProtoMessage().text(1, key).message(2, any));
    }

    ProtoMessage number(int number, String key, long value) {
        ProtoMessage any = new ProtoMessage().varint(3, value);
        return message(number, new ProtoMessage().text(1, key).message(2, any));
    }

    ProtoMessage varint(int number, long value) {
        raw((long) number << 3);
        raw(value);
        return this;
    }

    ProtoMessage fixed64(int number, long value) {
        raw((long) number << 3 | 1);
        for (int shift = 0; shift < 64; shift += 8) {
            out.write((int) (value >>> shift));
        }
        return this;
    }

    ProtoMessage text(int number, String value) {
        return data(number, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoMessage message(int number, ProtoMessage value) {
        return data(number, value.bytes());
    }

    ProtoMessage data(int number, byte[] value) {
        raw((long) number << 3 | 2);
        raw(value.length);
        out.writeBytes(value);
        return this;
    }

    /** This and {@code value} after it, in a message of its own. */
    ProtoMessage with(int number, ProtoMessage value) {
        ProtoMessage longer = new ProtoMessage();
        longer.out.writeBytes(bytes());
        return longer.message(number, value);
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
