package dev.belfry.model.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeExpressionTest {
    private static final long NOW = Timestamps.parse("2026-03-31T10:20:30.123456789Z");

    @ParameterizedTest
    @CsvSource({
        "now, 2026-03-31T10:20:30.123456789Z",
        "' now ', 2026-03-31T10:20:30.123456789Z",
        "now-15m, 2026-03-31T10:05:30.123456789Z",
        "now+1h, 2026-03-31T11:20:30.123456789Z",
        "now-1d12h, ",
        "now/d, 2026-03-31T00:00:00Z",
        "now-1d/d, 2026-03-30T00:00:00Z",
        "now-1d/d+8h, 2026-03-30T08:00:00Z",
        "now/w, 2026-03-30T00:00:00Z",
        "now/M, 2026-03-01T00:00:00Z",
        "now/y, 2026-01-01T00:00:00Z",
        "now/h, 2026-03-31T10:00:00Z",
        "now/s, 2026-03-31T10:20:30Z",
        "now-1M, 2026-02-28T10:20:30.123456789Z",
        "now-1y, 2025-03-31T10:20:30.123456789Z",
        "now-500ms/s, 2026-03-31T10:20:29Z",
        "2026-01-24, 2026-01-24T00:00:00Z",
        "2026-01-24T10:00:00, 2026-01-24T10:00:00Z",
        "2026-01-24T10:00:00.5, 2026-01-24T10:00:00.500Z",
        "2026-01-24T10:00:00+02:00, 2026-01-24T08:00:00Z",
        "2026-01-24T10:00:00 02:00, 2026-01-24T08:00:00Z",
        "1714979289500, 2024-05-06T07:08:09.500Z",
    })
    void parse_readsEveryForm(String text, String expected) {
        if (expected == null) {
            assertThatThrownBy(() -> TimeExpression.parse(text, NOW))
                    .isInstanceOf(BelfryException.class);
        } else {
            assertThat(Timestamps.format(TimeExpression.parse(text, NOW))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "now-",
                "now-5",
                "now-m",
                "now/",
                "now/x",
                "now-15q",
                "nowish",
                "now-999999999999y",
                "now-999999999999999999w",
                "now+300y",
                "now-9999999999999999999s",
                "2026-02-30",
                "99999999999999999999"
            })
    void parse_refusesTheRest_namingTheForms(String text) {
        assertThatThrownBy(() -> TimeExpression.parse(text, NOW))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("(expected: ");
    }
}
