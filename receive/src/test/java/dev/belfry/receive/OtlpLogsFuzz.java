package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.otlp.LogsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Broken bodies give rows or a refusal, soon, and nothing else. */
final class OtlpLogsFuzz {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);
    private static final int ROUNDS = 60_000;

    @Test
    void protobuf_nearlyGood() throws IOException {
        byte[] json = example();
        ProtoWriter proto = LogsJson.read(json, json.length);
        List<byte[]> corpus = new ArrayList<>();
        corpus.add(Arrays.copyOf(proto.bytes(), proto.size()));
        corpus.addAll(small());
        run(corpus, false);
    }

    @Test
    void json_nearlyGood() throws IOException {
        run(List.of(example()), true);
    }

    private static void run(List<byte[]> corpus, boolean json) {
        for (byte[] body : corpus) {
            check(body, json, "corpus");
        }
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] body = Mutations.next(random, corpus);
            good += check(body, json, "seed " + (SEED + round)) ? 1 : 0;
        }
        assertThat(good).as("bodies that are good all the same").isGreaterThan(ROUNDS / 100);
    }

    private static boolean check(byte[] body, boolean json, String name) {
        try {
            DecodedEvents decoded =
                    OtlpLogs.decode(
                            body,
                            body.length,
                            json,
                            JsonEventsConfig.DEFAULTS,
                            Decoding.NOW,
                            SourceRule.ANY);
            assertThat(decoded.batch().count() + decoded.errors().size())
                    .as(name)
                    .isEqualTo(decoded.itemCount());
            Decoding.rows(decoded.batch());
            return true;
        } catch (BelfryException e) {
            assertThat(e.code()).as(name).isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(name + ": " + HexFormat.of().formatHex(body), e);
        }
    }

    /* What once broke something. */
    private static List<byte[]> small() {
        return List.of(
                HexFormat.of().parseHex("0a0412020a00"), HexFormat.of().parseHex("0a02120a"));
    }

    private static byte[] example() throws IOException {
        try (InputStream file = OtlpLogsFuzz.class.getResourceAsStream("/otlp/logs.json")) {
            return Objects.requireNonNull(file).readAllBytes();
        }
    }
}
