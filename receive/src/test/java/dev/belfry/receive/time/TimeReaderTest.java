package dev.belfry.receive.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.time.Timestamps;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeReaderTest {
    private static final long REFERENCE = Timestamps.parse("2026-03-01T12:00:00Z") / 1_000_000_000L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-24T10:00:00.123Z INFO x | 2026-01-24T10:00:00.123Z",
                "2026-01-24 10:00:00,123 INFO x | 2026-01-24T10:00:00.123Z",
                "[2026-01-24 10:00:00,123] INFO x | 2026-01-24T10:00:00.123Z",
                "2026-01-24 10:00:00 +0200 x | 2026-01-24T08:00:00Z",
                "2026-01-24 10:00:00.5 UTC [12] LOG: x | 2026-01-24T10:00:00.500Z",
                "2026-01-24T10:00:00-05:30 x | 2026-01-24T15:30:00Z",
                "2026/01/24 10:00:00 [error] 1#0: x | 2026-01-24T10:00:00Z",
                "2026-01-24-10.00.00.123456 x | 2026-01-24T10:00:00.123456Z",
                "20260124-1:2:3:45 x | 2026-01-24T01:02:03.450Z",
                "20260124 100000 x | 2026-01-24T10:00:00Z",
                "260124 100000 148 INFO x | 2026-01-24T10:00:00Z",
                "- 1769248800 2026.01.24 x | 2026-01-24T10:00:00Z",
                "1769248800.25 x | 2026-01-24T10:00:00.250Z",
                "1769248800123 x | 2026-01-24T10:00:00.123Z",
                "1.2.3.4 - - [24/Jan/2026:10:00:00 +0100] x | 2026-01-24T09:00:00Z",
                "24 Jan 2026 10:00:00 x | 2026-01-24T10:00:00Z",
                "24-Jan-2026 10:00:00.123 INFO x | 2026-01-24T10:00:00.123Z",
                "24.01.2026 10:00:00 x | 2026-01-24T10:00:00Z",
                "01/24/2026 1:00:00 PM x | 2026-01-24T13:00:00Z",
                "24/01/2026, 10:00:00 x | 2026-01-24T10:00:00Z",
                "01-24 10:00:00.123  1234  1234 I x | 2026-01-24T10:00:00.123Z",
                "[01.24 10:00:00] x | 2026-01-24T10:00:00Z",
                "Jan 24 10:00:00 host sshd[1]: x | 2026-01-24T10:00:00Z",
                "Dec 31 23:59:59 host x | 2025-12-31T23:59:59Z",
                "Mar  1 12:00:00 host x | 2026-03-01T12:00:00Z",
                "Mar  3 12:00:00 host x | 2025-03-03T12:00:00Z",
                "Feb 29 12:00:00 host x | 2024-02-29T12:00:00Z",
                "<34>Jan 24 10:00:00 host su: x | 2026-01-24T10:00:00Z",
                "<34>1 2026-01-24T10:00:00.003Z host su - x | 2026-01-24T10:00:00.003Z",
                "Jan 24 2026 10:00:00 x | 2026-01-24T10:00:00Z",
                "Jan 24, 2026 1:00:00 AM x | 2026-01-24T01:00:00Z",
                "[Sat Jan 24 10:00:00 2026] [error] x | 2026-01-24T10:00:00Z",
                "[Sat Jan 24 10:00:00.123456 2026] [core:error] x | 2026-01-24T10:00:00.123456Z",
                "Sat, 24 Jan 2026 10:00:00 GMT x | 2026-01-24T10:00:00Z",
                "Aug 24 05:34:00 CST 1987 host x | 1987-08-24T05:34:00Z",
                "1990 Oct 22 10:52:01 TZ-6 x | 1990-10-22T10:52:01Z",
                "I0124 10:00:00.123456 1 file.go:1] x | 2026-01-24T10:00:00.123456Z",
                "level=info ts=2026-01-24T10:00:00Z x | 2026-01-24T10:00:00Z",
            })
    void find_readsWhatProgramsWrite(String line, String expected) {
        TimeReader times = new TimeReader(ZoneOffset.UTC, REFERENCE);
        assertThat(times.find(line)).isTrue();
        assertThat(Timestamps.format(times.epochNanos())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no time here",
                "\tat dev.belfry.Main.main(Main.java:12)",
                "2026-13-24 10:00:00 month",
                "2026-01-24 without a clock",
                "version 1.2.3 of something",
                "192.168.0.1 connected",
                "phone 1234567890 called",
                "May the force be with you",
                "Feb 31 10:00:00 never",
                "4111111111111111 card",
            })
    void find_seesNoTime_whereThereIsNone(String line) {
        assertThat(new TimeReader(ZoneOffset.UTC, REFERENCE).find(line)).isFalse();
    }

    @Test
    void zone_isThatOfTimesWithoutOne() {
        TimeReader times = new TimeReader(ZoneId.of("Europe/Berlin"), REFERENCE);
        assertThat(times.find("2026-07-01 10:00:00 x")).isTrue();
        assertThat(Timestamps.format(times.epochNanos())).isEqualTo("2026-07-01T08:00:00Z");
        assertThat(times.find("2026-07-01 10:00:00Z x")).isTrue();
        assertThat(Timestamps.format(times.epochNanos())).isEqualTo("2026-07-01T10:00:00Z");
    }

    @Test
    void find_tellsWhereTheTimeStands() {
        TimeReader times = new TimeReader(ZoneOffset.UTC, REFERENCE);
        assertThat(times.find("[2026-01-24 10:00:00,123] INFO")).isTrue();
        assertThat(times.from()).isEqualTo(1);
        assertThat(times.to()).isEqualTo(24);
    }
}
