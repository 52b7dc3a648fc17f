package dev.belfry.model.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampsTest {
    private static final long SEED = Long.getLong("belfry.seed", 20_260_124L);

    @Test
    void parse_agreesWithJavaTime() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            long nanos = random.nextLong() >> random.nextInt(40);
            Instant instant = instantOf(nanos);
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((random.nextInt(2 * 1080) - 1080) * 60);
            String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(instant.atOffset(offset));
            if (text.length() > 19 && text.charAt(16) != ':') {
                text = instant.atOffset(offset).format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
            }
            if (text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*")) {
                assertThat(Timestamps.parse(text)).as("seed %d: %s", SEED, text).isEqualTo(nanos);
            }
        }
    }

    @Test
    void format_agreesWithJavaTime() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            long nanos = random.nextLong() >> random.nextInt(40);
            if (round % 3 == 0) {
                nanos -= Math.floorMod(nanos, 1_000_000_000L);
            }
            if (nanos == Timestamps.NONE) {
                continue;
            }
            assertThat(Timestamps.format(nanos))
                    .as("seed %d: %d", SEED, nanos)
                    .isEqualTo(instantOf(nanos).toString());
        }
    }

    @Test
    void format_isReadBack() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            long nanos = random.nextLong();
            byte[] text = Timestamps.format(nanos).getBytes(StandardCharsets.US_ASCII);
            assertThat(Timestamps.parse(text, 0, text.length)).isEqualTo(nanos);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-24T10:00:00Z, 2026-01-24T10:00:00Z",
        "2026-01-24t10:00:00z, 2026-01-24T10:00:00Z",
        "2026-01-24 10:00:00.5+02:00, 2026-01-24T08:00:00.500Z",
        "2026-01-24T10:00:00-0530, 2026-01-24T15:30:00Z",
        "2026-01-24T10:00:00+01, 2026-01-24T09:00:00Z",
        "'2026-01-24T10:00:00,123456789Z', 2026-01-24T10:00:00.123456789Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
        "2024-02-29T23:59:59.000001Z, 2024-02-29T23:59:59.000001Z",
        "1677-09-21T00:12:43.145224193Z, 1677-09-21T00:12:43.145224193Z",
        "2262-04-11T23:47:16.854775807Z, 2262-04-11T23:47:16.854775807Z",
    })
    void parse_takesWhatRfc3339Allows(String text, String expected) {
        assertThat(Timestamps.format(Timestamps.parse(text))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-01-24",
                "2026-01-24T10:00:00",
                "2026-13-24T10:00:00Z",
                "2026-02-29T10:00:00Z",
                "2026-01-24T24:00:00Z",
                "2026-01-24T10:60:00Z",
                "2026-01-24T10:00:61Z",
                "2026-01-24T10:00:00.Z",
                "2026-01-24T10:00:00.1234567890Z",
                "2026-01-24T10:00:00+24:00",
                "2026-01-24T10:00:00+02:0",
                "2026-01-24T10:00:00ZZ",
                "2026-01-24_10:00:00Z",
                "2026/01/24T10:00:00Z",
                "2O26-01-24T10:00:00Z",
                "1677-09-21T00:12:43.145224192Z",
                "2262-04-11T23:47:16.854775808Z",
                "0000-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "２026-01-24T10:00:00Z"
            })
    void parse_refusesTheRest_namingValueAndExpectation(String text) {
        assertThat(Timestamps.tryParse(text)).isEqualTo(Timestamps.NONE);
        assertThatThrownBy(() -> Timestamps.parse(text))
                .isInstanceOf(BelfryException.class)
                .hasMessageStartingWith("timestamp: " + text + " (expected: RFC 3339")
                .extracting(failure -> ((BelfryException) failure).code())
                .isEqualTo(ErrorCode.VALIDATION_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "-1, 1969-12-31T23:59:59Z",
        "1714979289, 2024-05-06T07:08:09Z",
        "1714979289.5, 2024-05-06T07:08:09.500Z",
        "-1.5, 1969-12-31T23:59:58.500Z",
        "1714979289500, 2024-05-06T07:08:09.500Z",
        "1714979289500.25, 2024-05-06T07:08:09.500250Z",
        "1714979289500123, 2024-05-06T07:08:09.500123Z",
        "1714979289500123456, 2024-05-06T07:08:09.500123456Z",
        "1.714979289e9, 2024-05-06T07:08:09Z",
        "9223372036854775807, 2262-04-11T23:47:16.854775807Z",
    })
    void parseEpoch_takesUnitFromMagnitude(String number, String expected) {
        byte[] bytes = number.getBytes(StandardCharsets.US_ASCII);
        assertThat(Timestamps.format(Timestamps.parseEpoch(bytes, 0, bytes.length)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775808",
                "99999999999",
                "1e400",
                "1e999999999",
                "1e-999999999",
                "-",
                "",
                "x"
            })
    void parseEpoch_refusesWhatIsOutOfRange(String number) {
        byte[] bytes = number.getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> Timestamps.parseEpoch(bytes, 0, bytes.length))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("expected:");
    }

    private static Instant instantOf(long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
    }

    @Test
    void epochSeconds_agreesWithJavaTime_onEveryDay() {
        OffsetDateTime day = OffsetDateTime.of(1676, 12, 31, 13, 14, 15, 0, ZoneOffset.UTC);
        while (day.getYear() < 2263) {
            long expected = day.toEpochSecond();
            assertThat(
                            Timestamps.epochSeconds(
                                    day.getYear(),
                                    day.getMonthValue(),
                                    day.getDayOfMonth(),
                                    13,
                                    14,
                                    15))
                    .isEqualTo(expected);
            day = day.plusDays(1);
        }
    }
}
