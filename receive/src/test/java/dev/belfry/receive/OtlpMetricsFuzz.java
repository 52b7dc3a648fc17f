package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.otlp.MetricsJson;
import dev.belfry.receive.protobuf.ProtoWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Broken bodies give samples or a refusal, soon, and nothing else. */
final class OtlpMetricsFuzz {
    private static final long SEED = Long.getLong("belfry.seed", 20_261_129L);
    private static final int ROUNDS = 20_000;
    private static final String EXAMPLE =
            """
            {"resourceMetrics":[{"resource":{"attributes":[
            {"key":"service.name","value":{"stringValue":"s"}},
            {"key":"list","value":{"arrayValue":{"values":[{"intValue":1}]}}}]},
            "scopeMetrics":[{"scope":{"name":"l"},"metrics":[
            {"name":"g","unit":"1","gauge":{"dataPoints":[{"asInt":1,"timeUnixNano":5,
            "exemplars":[{"asInt":1,"traceId":"00ff","filteredAttributes":[
            {"key":"k","value":{"doubleValue":1.5}}]}]}]}},
            {"name":"c","unit":"By/s","sum":{"isMonotonic":true,"aggregationTemporality":1,
            "dataPoints":[{"asDouble":1.5,"attributes":[{"key":"k","value":{"boolValue":true}}]}]}},
            {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":3,"sum":2,
            "bucketCounts":[1,2],"explicitBounds":[0.5],"exemplars":[{"asDouble":0.1}]}]}},
            {"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[{
            "count":3,"sum":2,"scale":10,"zeroCount":1,"positive":{"offset":-3,
            "bucketCounts":[1,2]},"negative":{"bucketCounts":[1]}}]}},
            {"name":"s","summary":{"dataPoints":[{"count":1,"sum":2,"quantileValues":[
            {"quantile":0.5,"value":1}]}]}}]}]}]}
            """;

    @Test
    void protobuf_nearlyGood() {
        byte[] json = EXAMPLE.getBytes(StandardCharsets.UTF_8);
        ProtoWriter written = MetricsJson.read(json, json.length);
        run(Arrays.copyOf(written.bytes(), written.size()), false);
    }

    @Test
    void json_nearlyGood() {
        run(EXAMPLE.getBytes(StandardCharsets.UTF_8), true);
    }

    private static void run(byte[] example, boolean json) {
        assertThat(check(example, json, "example")).isTrue();
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] body = Mutations.next(new Random(SEED + round), List.of(example));
            good += check(body, json, "seed " + (SEED + round)) ? 1 : 0;
        }
        assertThat(good).as("bodies that are good all the same").isGreaterThan(ROUNDS / 100);
    }

    private static boolean check(byte[] body, boolean json, String name) {
        MemoryResolver resolver = new MemoryResolver();
        try {
            DecodedSamples decoded =
                    OtlpMetrics.decode(
                            body,
                            body.length,
                            json,
                            OtlpMetricsConfig.DEFAULTS,
                            new KnownFamilies(),
                            SeriesIntake.of(resolver, Set.of()),
                            Decoding.NOW);
            assertThat(decoded.refused()).as(name).isLessThanOrEqualTo(decoded.itemCount());
            resolver.lines(decoded);
            return true;
        } catch (BelfryException e) {
            assertThat(e.code()).as(name).isIn(ErrorCode.VALIDATION_ERROR, ErrorCode.TOO_LARGE);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(name + ": " + HexFormat.of().formatHex(body), e);
        }
    }
}
