package dev.belfry.receive.protobuf;

import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.json.JsonText;
import dev.belfry.receive.json.JsonType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Turns the JSON form of a message into its bytes, so that one decoder reads both; used once. */
public final class ProtoJson {
    /*
     * https://protobuf.dev/programming-guides/json with what OTLP changes: ids are hexadecimal, and unknown names
     * are passed over. null is the same as absent. Numbers of 64 bits are numbers or strings.
     */
    private static final BigInteger UNSIGNED_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger SIGNED_MIN = BigInteger.ONE.shiftLeft(63).negate();
    private static final int NUMBER_CHARACTERS_MAX = 40;
    private static final int EXPONENT_MAX = 40;

    private final JsonScanner scanner;
    private final ProtoWriter out;
    private final JsonText buffer = new JsonText();
    private final int depthMax;

    private ProtoJson(byte[] text, int length, int depthMax) {
        this.scanner = new JsonScanner(text, length);
        this.out = new ProtoWriter(length);
        this.depthMax = depthMax;
    }

    /**
     * The message of {@code type} that {@code text[0 .. length)} is.
     *
     * @param depthMax messages in one another; deeper ones are left empty
     * @throws JsonSyntaxException when it is no JSON, or no JSON of that message
     */
    public static ProtoWriter read(byte[] text, int length, MessageType type, int depthMax) {
        ProtoJson json = new ProtoJson(text, length, depthMax);
        if (json.scanner.token("an object") != '{') {
            throw json.scanner.wrong("an object");
        }
        json.message(type, 1);
        if (!json.scanner.atEnd()) {
            throw json.scanner.wrong("the end of the body");
        }
        return json.out;
    }

    private void message(MessageType type, int depth) {
        scanner.at++;
        if (!scanner.ends('}', "a name in quotes or '}'")) {
            do {
                scanner.name();
                MessageType.Field field = field(type);
                byte first = scanner.token("a value");
                if (field == null || first == 'n') {
                    scanner.value();
                } else if (field.repeated()) {
                    array(field, depth);
                } else {
                    one(field, depth);
                }
            } while (scanner.another('}'));
        }
    }

    private MessageType.@Nullable Field field(MessageType type) {
        if (!scanner.escaped) {
            return type.find(scanner.text, scanner.from, scanner.to);
        }
        buffer.unescape(scanner.text, scanner.from, scanner.to);
        return type.find(buffer.bytes, 0, buffer.length);
    }

    private void array(MessageType.Field field, int depth) {
        if (scanner.token("an array") != '[') {
            throw scanner.wrong("an array");
        }
        scanner.at++;
        if (!scanner.ends(']', "a value or ']'")) {
            do {
                one(field, depth);
            } while (scanner.another(']'));
        }
    }

    private void one(MessageType.Field field, int depth) {
        if (field.message() != null) {
            if (scanner.token("an object") != '{') {
                throw scanner.wrong("an object");
            }
            int start = out.begin(field.number());
            if (depth >= depthMax) {
                scanner.value();
            } else {
                message(field.message(), depth + 1);
            }
            out.end(start);
            return;
        }
        int valueAt = scanner.at;
        JsonType type = scanner.value();
        switch (field.kind()) {
            case STRING -> {
                string(type, valueAt);
                out.bytes(field.number(), buffer.bytes, 0, buffer.length);
            }
            case BOOL -> out.varint(field.number(), bool(type, valueAt) ? 1 : 0);
            case VARINT -> out.varint(field.number(), integer(field, type, valueAt));
            case ZIGZAG -> {
                long value = integer(field, type, valueAt);
                out.varint(field.number(), value << 1 ^ value >> 63);
            }
            case FIXED64 -> out.fixed64(field.number(), integer(field, type, valueAt));
            case FIXED32 -> out.fixed32(field.number(), (int) integer(field, type, valueAt));
            case DOUBLE ->
                    out.fixed64(field.number(), Double.doubleToRawLongBits(real(type, valueAt)));
            case HEX -> bytes(field.number(), hex(type, valueAt));
            case BYTES -> bytes(field.number(), base64(type, valueAt));
            case MESSAGE -> throw new IllegalStateException("BUG: a message without a type");
        }
    }

    private void bytes(int number, byte[] value) {
        out.bytes(number, value, 0, value.length);
    }

    private void string(JsonType type, int valueAt) {
        if (type != JsonType.STRING) {
            throw wrong(valueAt, "a string");
        }
        if (scanner.escaped) {
            buffer.unescape(scanner.text, scanner.from, scanner.to);
        } else {
            buffer.copy(scanner.text, scanner.from, scanner.to);
        }
    }

    private boolean bool(JsonType type, int valueAt) {
        return switch (type) {
            case TRUE -> true;
            case FALSE -> false;
            case STRING, NUMBER, NULL, ARRAY, OBJECT -> throw wrong(valueAt, "true or false");
        };
    }

    private long integer(MessageType.Field field, JsonType type, int valueAt) {
        String text = scalar(type, valueAt, "an integer");
        Integer word = field.words().get(text);
        if (word != null) {
            return word;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return large(text, valueAt);
        }
    }

    /* 2^63 to 2^64 - 1, and what is whole in another form, such as 1e3. */
    private long large(String text, int valueAt) {
        try {
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) <= EXPONENT_MAX) {
                BigInteger whole = number.toBigIntegerExact();
                if (whole.compareTo(UNSIGNED_MAX) <= 0 && whole.compareTo(SIGNED_MIN) >= 0) {
                    return whole.longValue();
                }
            }
        } catch (ArithmeticException _) {
            // Said below: it has a fraction.
        } catch (NumberFormatException _) {
            // Said below: it is no number.
        }
        throw wrong(valueAt, "an integer of 64 bits");
    }

    private double real(JsonType type, int valueAt) {
        String text = scalar(type, valueAt, "a number");
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw wrong(valueAt, "a number, \"NaN\", \"Infinity\" or \"-Infinity\"");
        }
    }

    private String scalar(JsonType type, int valueAt, String expected) {
        if (type != JsonType.NUMBER && type != JsonType.STRING) {
            throw wrong(valueAt, expected);
        }
        int length = scanner.to - scanner.from;
        if (length > NUMBER_CHARACTERS_MAX && type == JsonType.STRING) {
            throw wrong(valueAt, expected);
        }
        if (length > 10 * NUMBER_CHARACTERS_MAX) {
            throw wrong(valueAt, expected + " of at most 400 characters");
        }
        return new String(scanner.text, scanner.from, length, StandardCharsets.UTF_8).strip();
    }

    private byte[] hex(JsonType type, int valueAt) {
        string(type, valueAt);
        byte[] value = new byte[buffer.length / 2];
        if (buffer.length % 2 != 0) {
            throw wrong(valueAt, "an even number of hexadecimal digits");
        }
        for (int index = 0; index < value.length; index++) {
            int high = Character.digit(buffer.bytes[2 * index], 16);
            int low = Character.digit(buffer.bytes[2 * index + 1], 16);
            if (high < 0 || low < 0) {
                throw wrong(valueAt, "hexadecimal digits");
            }
            value[index] = (byte) (high << 4 | low);
        }
        return value;
    }

    private byte[] base64(JsonType type, int valueAt) {
        string(type, valueAt);
        String text = new String(buffer.bytes, 0, buffer.length, StandardCharsets.ISO_8859_1);
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException _) {
            throw wrong(valueAt, "base 64");
        }
    }

    private JsonSyntaxException wrong(int valueAt, String expected) {
        scanner.at = valueAt;
        return scanner.wrong(expected);
    }
}
