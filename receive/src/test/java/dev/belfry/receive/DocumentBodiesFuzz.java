package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.wire.EventBatchCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mutated and hostile bodies: decoded, or refused by a BelfryException, soon and in bounds. */
final class DocumentBodiesFuzz {
    private static final long SEED = Long.getLong("belfry.seed", 20_261_121L);
    private static final int ROUNDS = 4_000;
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final HecEvents.Metadata NONE =
            new HecEvents.Metadata(null, null, null, null, null);
    private static final byte[][] PIECES = {
        bytes("{"),
        bytes("}"),
        bytes("["),
        bytes("]"),
        bytes("\""),
        bytes("\\"),
        bytes("\n"),
        bytes("\\u0000"),
        bytes("\\ud800"),
        bytes("null"),
        bytes("1e999999999"),
        bytes(":"),
        bytes(","),
        bytes("\"message\":"),
        bytes("\"service\":"),
        bytes("\"event\":"),
        bytes("\"time\":"),
        bytes("{\"create\":{}}\n"),
        {(byte) 0xFF},
        {0},
        {(byte) 0xC3},
    };

    /** What reads the bodies. */
    enum Kind {
        EVENTS("documents.ndjson"),
        BULK("bulk.ndjson"),
        HEC("hec.json"),
        HEC_RAW("documents.ndjson"),
        DATADOG("datadog.json");

        private final String corpus;

        Kind(String corpus) {
            this.corpus = corpus;
        }

        DecodedEvents decode(byte[] body) {
            JsonEventsConfig limits = JsonEventsConfig.DEFAULTS;
            int length = body.length;
            long now = Decoding.NOW;
            SourceRule any = SourceRule.ANY;
            return switch (this) {
                case EVENTS -> JsonEvents.decode(body, length, null, limits, now, any);
                case BULK -> new BulkEvents(limits, "").decode(body, length, now, any);
                case HEC -> new HecEvents(limits, NONE).decode(body, length, now, any);
                case HEC_RAW -> new HecEvents(limits, NONE).decodeRaw(body, length, now, any);
                case DATADOG -> DatadogLogs.decode(body, length, limits, now, any);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void mutatedBodies_areDecodedOrRefused(Kind kind) throws IOException {
        byte[] good = corpus(kind.corpus);
        int taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] body = good;
            for (int count = random.nextInt(4); count >= 0; count--) {
                body = mutated(body, random);
            }
            taken += check(kind, body, "seed " + (SEED + round));
        }
        assertThat(taken).as("events of " + kind).isPositive();
    }

    private static byte[] mutated(byte[] body, Random random) {
        int at = random.nextInt(body.length + 1);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(body, at);
            case 1 -> joined(body, at, PIECES[random.nextInt(PIECES.length)], at);
            case 2 -> joined(body, at, new byte[0], Math.min(body.length, at + random.nextInt(30)));
            case 3 -> {
                int from = random.nextInt(body.length + 1);
                int to = Math.min(body.length, from + random.nextInt(200));
                yield joined(body, at, Arrays.copyOfRange(body, from, to), at);
            }
            case 4 -> {
                byte[] copy = body.clone();
                if (at < copy.length) {
                    copy[at] = (byte) random.nextInt(256);
                }
                yield copy;
            }
            default -> {
                byte[] copy = body.clone();
                if (at < copy.length) {
                    copy[at] ^= (byte) (1 << random.nextInt(8));
                }
                yield copy;
            }
        };
    }

    private static byte[] joined(byte[] body, int end, byte[] piece, int from) {
        byte[] all = new byte[end + piece.length + body.length - from];
        System.arraycopy(body, 0, all, 0, end);
        System.arraycopy(piece, 0, all, end, piece.length);
        System.arraycopy(body, from, all, end + piece.length, body.length - from);
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void hostileBodies_areBounded(Kind kind) {
        String deep = "[".repeat(2_000_000);
        String objects = "{\"log\":".repeat(500_000);
        String longKey = "k".repeat(200_000);
        StringBuilder grouped = new StringBuilder("{\"host\":{\"" + longKey + "\":{");
        StringBuilder duplicates = new StringBuilder("{\"message\":\"a\"");
        StringBuilder members = new StringBuilder("{\"a\":0");
        for (int member = 0; member < 9_000; member++) {
            grouped.append(member == 0 ? "" : ",").append('"').append(member).append("\":1");
            duplicates.append(",\"message\":\"").append(member).append('"');
            members.append(",\"m").append(member).append("\":").append(member);
        }
        List<String> documents =
                List.of(
                        "{\"a\":" + deep,
                        objects,
                        "{\"a\":[" + "0,".repeat(4_000_000),
                        "{\"" + "k".repeat(8 << 20) + "\":1}",
                        grouped + "}}}",
                        duplicates + "}",
                        members + "}",
                        "{\"time\":" + "9".repeat(100_000) + "}",
                        "{\"time\":1e" + "9".repeat(60) + ",\"a\":" + "9".repeat(100_000) + "}",
                        "{\"time\":\"" + "9".repeat(100_000) + "\"}",
                        "{\"message\":\"\\ud800\\udc\"}",
                        "{\"" + "\\u0000".repeat(1_000) + "\":\"\\udfff\\ud800\"}");
        for (String document : documents) {
            check(kind, bytes(wrapped(kind, document)), document.substring(0, 12));
        }
        check(kind, bytes("{}\n".repeat(300_000)), "many");
        check(kind, bytes(",".repeat(1_000_000)), "commas");
        check(kind, bytes("\n".repeat(1_000_000)), "lines");
    }

    private static String wrapped(Kind kind, String document) {
        return switch (kind) {
            case BULK -> "{\"create\":{}}\n" + document + "\n";
            case HEC -> "{\"event\":" + document + ",\"fields\":" + document + "}";
            case DATADOG -> "[" + document + "]";
            case EVENTS, HEC_RAW -> document;
        };
    }

    @Test
    void keysWithoutEnd_shareOneColumn() {
        StringBuilder body = new StringBuilder();
        for (int document = 0; document < 2_000; document++) {
            body.append("{\"create\":{}}\n{\"k").append(document).append("\":1,\"x_id\":2}\n");
        }
        DecodedEvents decoded = Kind.BULK.decode(bytes(body.toString()));
        assertThat(decoded.batch().count()).isEqualTo(2_000);
        assertThat(decoded.batch().fields()).hasSizeLessThan(520);
    }

    /* How many events were taken. */
    private static int check(Kind kind, byte[] body, String what) {
        long start = System.nanoTime();
        int count = 0;
        try {
            DecodedEvents decoded = kind.decode(body);
            count = decoded.batch().count();
            assertThat(count + decoded.errors().size()).as(what).isEqualTo(decoded.itemCount());
            byte[] wire = EventBatchCodec.encode(decoded.batch());
            assertThat(EventBatchCodec.decode(wire).count()).as(what).isEqualTo(count);
        } catch (BelfryException refused) {
            assertThat(refused.getMessage()).as(what).isNotEmpty().hasSizeLessThan(2_000);
        } catch (RuntimeException | StackOverflowError bug) {
            throw new AssertionError(kind + ", " + what, bug);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what).isLessThan(LONGEST);
        return count;
    }

    private static byte[] corpus(String name) throws IOException {
        try (InputStream stream = DocumentBodiesFuzz.class.getResourceAsStream("corpus/" + name)) {
            if (stream == null) {
                throw new IOException("corpus: " + name + " is not there");
            }
            return stream.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
