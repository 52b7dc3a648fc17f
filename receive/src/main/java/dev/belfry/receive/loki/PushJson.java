package dev.belfry.receive.loki;

import dev.belfry.model.BelfryException;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonSyntaxException;
import dev.belfry.receive.json.JsonText;
import dev.belfry.receive.json.JsonType;
import dev.belfry.receive.protobuf.ProtoWriter;

/** Turns the JSON form of a push into the other, so that one decoder reads both; used once. */
public final class PushJson {
    /*
     *   {"streams": [{"stream": {NAME: VALUE, …},
     *                 "values": [["<epoch nanoseconds>", "line", {NAME: VALUE, …}?], …]}, …]}
     *
     * https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs. Values that are no strings are
     * taken as their text.
     */
    private static final long NANOS_OF_SECOND = 1_000_000_000L;

    private final JsonScanner scanner;
    private final ProtoWriter out;
    private final JsonText buffer = new JsonText();

    private PushJson(byte[] text, int length) {
        scanner = new JsonScanner(text, length);
        out = new ProtoWriter(length);
    }

    /**
     * The message that {@code body[0 .. length)} is the JSON of.
     *
     * @throws BelfryException VALIDATION_ERROR naming the byte and what was expected there
     */
    public static ProtoWriter read(byte[] body, int length) {
        PushJson json = new PushJson(body, length);
        try {
            json.object(json::request);
            if (!json.scanner.atEnd()) {
                throw json.scanner.wrong("the end of the body");
            }
            return json.out;
        } catch (JsonSyntaxException failure) {
            throw failure.refusal("body: no push as JSON");
        }
    }

    private void request() {
        if (is("streams")) {
            array(() -> {
                int start = out.begin(1);
                object(this::stream);
                out.end(start);
            });
        } else {
            scanner.value();
        }
    }

    private void stream() {
        if (is("stream")) {
            object(() -> pair(PushDecoder.LABEL_NUMBER));
        } else if (is("values")) {
            array(() -> {
                int start = out.begin(2);
                entry();
                out.end(start);
            });
        } else {
            scanner.value();
        }
    }

    private void entry() {
        expect('[', "an array of time, line and, if you like, metadata");
        time();
        expect(',', "','");
        if (scanner.token("a value") != '"') {
            throw scanner.wrong("the line as a string");
        }
        scanner.at++;
        scanner.string(buffer);
        out.bytes(2, buffer.bytes, 0, buffer.length);
        if (scanner.token("',' or ']'") == ',') {
            scanner.at++;
            if (scanner.token("metadata as an object") == 'n') {
                scanner.value();
            } else {
                object(() -> pair(3));
            }
        }
        expect(']', "']'");
    }

    private void time() {
        int at = at();
        JsonType type = scanner.value();
        long nanos = 0;
        boolean good = (type == JsonType.STRING || type == JsonType.NUMBER) && !scanner.escaped;
        int digit = scanner.from;
        boolean negative = good && digit < scanner.to && scanner.text[digit] == '-';
        if (negative) {
            digit++;
        }
        good &= scanner.to > digit && scanner.to - digit <= 19;
        for (; good && digit < scanner.to; digit++) {
            int next = scanner.text[digit] - '0';
            good = next >= 0 && next <= 9;
            nanos = nanos * 10 + next;
        }
        if (!good || nanos < 0) {
            scanner.at = at;
            throw scanner.wrong(
                    "the time in nanoseconds since 1970, such as \"1769248800000000000\"");
        }
        if (negative) {
            nanos = -nanos;
        }
        int start = out.begin(1);
        out.varint(1, Math.floorDiv(nanos, NANOS_OF_SECOND));
        out.varint(2, Math.floorMod(nanos, NANOS_OF_SECOND));
        out.end(start);
    }

    /* The name was passed; its value follows. */
    private void pair(int number) {
        int start = out.begin(number);
        text(1);
        JsonType type = scanner.value();
        if (type == JsonType.STRING) {
            text(2);
        } else {
            buffer.copy(scanner.text, scanner.from, scanner.to);
            out.bytes(2, buffer.bytes, 0, buffer.length);
        }
        out.end(start);
    }

    /* The string passed last, as field number. */
    private void text(int number) {
        if (scanner.escaped) {
            buffer.unescape(scanner.text, scanner.from, scanner.to);
            out.bytes(number, buffer.bytes, 0, buffer.length);
        } else {
            out.bytes(number, scanner.text, scanner.from, scanner.to - scanner.from);
        }
    }

    private boolean is(String name) {
        if (scanner.escaped || scanner.to - scanner.from != name.length()) {
            return false;
        }
        for (int index = 0; index < name.length(); index++) {
            if (scanner.text[scanner.from + index] != name.charAt(index)) {
                return false;
            }
        }
        return true;
    }

    private void object(Runnable member) {
        expect('{', "an object");
        if (!scanner.ends('}', "a name in quotes or '}'")) {
            do {
                scanner.name();
                member.run();
            } while (scanner.another('}'));
        }
    }

    private void array(Runnable item) {
        expect('[', "an array");
        if (!scanner.ends(']', "a value or ']'")) {
            do {
                item.run();
            } while (scanner.another(']'));
        }
    }

    private int at() {
        scanner.token("a value");
        return scanner.at;
    }

    private void expect(char wanted, String expected) {
        if (scanner.token(expected) != wanted) {
            throw scanner.wrong(expected);
        }
        scanner.at++;
    }
}
