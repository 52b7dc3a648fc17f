package dev.belfry.receive.lines;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LevelReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INFO started | INFO",
                "[main] WARN  c.e.Main - slow | WARN",
                "[error] 1#0: open() failed | error",
                "[core:error] [pid 1] x | error",
                "- INFO  [thread] x | INFO",
                "148 INFO dfs.DataNode: x | INFO",
                "R02-M1-N0 RAS KERNEL FATAL x | FATAL",
                "<warn> x | warn",
                "level=debug msg=x | debug",
                "lvl=\"warn\" x | warn",
                "severity=ERROR x | ERROR",
                "(WARNING) x | WARNING",
                "error: cannot open | error",
                "an error in the middle | ",
                "the info page | ",
                "INFORMAL talk | ",
                "user alert_box | ",
                "errors=0 | ",
            })
    void find_takesWhatTheFormMarks(String line, String expected) {
        assertThat(LevelReader.find(line, 0)).isEqualTo(expected);
    }
}
