package dev.belfry.receive.lines;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.Decoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EventReaderTest {
    private static final long REFERENCE = Timestamps.parse("2026-03-01T12:00:00Z") / 1_000_000_000L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':1}^{'b':2} | NDJSON",
                "[^{'a':1},^{'b':2}^] | NDJSON",
                "1.2.3.4 - - [24/Jan/2026:10:00:00 +0100] 'GET / HTTP/1.1' 200 1 | CLF",
                "time,level,message^2026-01-24,INFO,a | CSV",
                "time;msg^1;2^3;4 | CSV",
                "ts=1 level=info msg='a b c'^ts=2 level=warn | LOGFMT",
                "Jan 24 10:00:00 host a: x=1 y=2 | TEXT",
                "anything at all | TEXT",
                "a, b, and c^d, e, and f | TEXT",
                "PAR1xxxx | PARQUET",
                "# TYPE a counter^a 1 1700000000000 | PROMETHEUS",
                "a{b='c'} 1 1700000000000^d{b='c'} NaN 1700000000000 | PROMETHEUS",
                "# TYPE a gauge^a 1^# EOF | OPENMETRICS",
                "a{b='c'} 1 1700000000.5 | OPENMETRICS",
                "a 1 1700000000^b 2 1700000000 | TEXT",
                "# a comment^word 12 | TEXT",
            })
    void detect_tellsTheFormat(String text, LogFormat expected) {
        assertThat(FormatDetector.detect(bytes(text))).isEqualTo(expected);
    }

    @Test
    void text_joinsLinesThatBelongTogether() throws IOException {
        assertThat(
                        rows(
                                "2026-01-24 10:00:00,1 ERROR failed^java.lang.Error: x^\tat a.B.c(B.java:1)"
                                        + "^^Caused by: y^2026-01-24 10:00:01,2 INFO next^"))
                .containsExactly(
                        "{event_type=log, level=ERROR, message=2026-01-24 10:00:00,1 ERROR failed\n"
                                + "java.lang.Error: x\n\tat a.B.c(B.java:1)\nCaused by: y,"
                                + " source=src, timestamp=2026-01-24T10:00:00.100Z}",
                        "{event_type=log, level=INFO, message=2026-01-24 10:00:01,2 INFO next,"
                                + " source=src, timestamp=2026-01-24T10:00:01.200Z}");
    }

    @Test
    void text_withoutTimes_isAnEventALine_atTheFilesTime() throws IOException {
        assertThat(rows("first^second^  indented^third"))
                .containsExactly(row("first"), row("second\n  indented"), row("third"));
    }

    private static String row(String message) {
        return "{event_type=log, message="
                + message
                + ", source=src,"
                + " timestamp=2026-03-01T12:00:00Z}";
    }

    @Test
    void syslog_givesHostProgramPidAndPriority() throws IOException {
        assertThat(
                        rows(
                                "<38>Jan 24 10:00:00 db-3 sshd[24206]: error: bad^"
                                        + "<165>1 2026-01-24T10:00:00Z host app 8710 ID4 - text^"
                                        + "Jan 24 10:00:00 combo su(pam_unix): opened^"
                                        + "<192>1 2026-01-24T10:00:00Z h a - - - m"))
                .map(row -> row.replaceFirst(" message=.*, source=src", ""))
                .containsExactly(
                        "{TAG.facility=NUMBER 4, TAG.host=STRING db-3, TAG.pid=NUMBER 24206,"
                                + " TAG.program=STRING sshd, event_type=log, level=info,,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{TAG.facility=NUMBER 20, TAG.host=STRING host, TAG.msgid=STRING ID4,"
                                + " TAG.pid=NUMBER 8710, TAG.program=STRING app, event_type=log,"
                                + " level=notice,, timestamp=2026-01-24T10:00:00Z}",
                        "{TAG.host=STRING combo, TAG.program=STRING su(pam_unix), event_type=log,,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{event_type=log,, timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void accessLog_givesRequestAndClient_whateverStandsBefore() throws IOException {
        String time = " - - [24/Jan/2026:10:00:00 +0000] ";
        assertThat(
                        rows(
                                "1.2.3.4"
                                        + time
                                        + "'GET /a?b=1 HTTP/1.1' 200 5 '-' 'curl'^"
                                        + "10.0.0.2, 10.0.0.1, 85.1.2.3"
                                        + time
                                        + "'POST /b HTTP/2.0' 502 -^"
                                        + "''^"
                                        + "shop.example.com 192.168.0.1"
                                        + time
                                        + "'' 400 0 '-' '-' '-'"))
                .map(row -> row.replaceFirst(" message=.*, source=src", ""))
                .containsExactly(
                        "{PAYLOAD.bytes=NUMBER 5, PAYLOAD.client_ip=STRING 1.2.3.4,"
                                + " PAYLOAD.path=STRING /a?b=1, PAYLOAD.protocol=STRING HTTP/1.1,"
                                + " PAYLOAD.user_agent=STRING curl, TAG.method=STRING GET,"
                                + " TAG.status=NUMBER 200, event_type=log, level=info,,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{PAYLOAD.client_ip=STRING 85.1.2.3, PAYLOAD.forwarded_for=STRING 10.0.0.2,"
                                + " 10.0.0.1, 85.1.2.3, PAYLOAD.path=STRING /b,"
                                + " PAYLOAD.protocol=STRING HTTP/2.0, TAG.method=STRING POST,"
                                + " TAG.status=NUMBER 502, event_type=log, level=error,,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{event_type=log,, timestamp=2026-03-01T12:00:00Z}",
                        "{PAYLOAD.bytes=NUMBER 0, PAYLOAD.client_ip=STRING 192.168.0.1,"
                                + " PAYLOAD.forwarded_for=STRING shop.example.com 192.168.0.1,"
                                + " TAG.host=STRING shop.example.com, TAG.status=NUMBER 400,"
                                + " event_type=log, level=warn,, timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void json_ofAnyShape_isPutInItsPlace() throws IOException {
        assertThat(
                        rows(
                                "{'time':1769248800123,'severity':'warning','msg':'slow','http':{'s':1},"
                                        + "'service':'api','request_id':'r','n':1.50,'ok':false,'x':null,"
                                        + "'traceId':'t','tags':{'env':'p'},'event_type':'login'}^"
                                        + "{'event_type':'alert','source':'s','timestamp':'2026-01-24T10:00:00Z'}^"
                                        + "{'level':30,'message':'pino','time':'2026-01-24 10:00:00'}^"
                                        + "{'cut':"))
                .containsExactly(
                        "{PAYLOAD.http=JSON {\"s\":1}, PAYLOAD.n=NUMBER 1.50, PAYLOAD.ok=FALSE,"
                                + " PAYLOAD.x=NULL, TAG.env=STRING p, TAG.event_type=STRING login,"
                                + " TAG.request_id=STRING r, event_type=log, level=warning,"
                                + " message=slow, source=api, timestamp=2026-01-24T10:00:00.123Z,"
                                + " trace_id=t}",
                        "{event_type=alert, source=s, timestamp=2026-01-24T10:00:00Z}",
                        "{event_type=log, level=info, message=pino, source=src,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{event_type=log, message={\"cut\":, source=src,"
                                + " timestamp=2026-03-01T12:00:00Z}");
    }

    @Test
    void logfmt_isPutInItsPlace() throws IOException {
        assertThat(
                        rows(
                                "ts=2026-01-24T10:00:00.5Z level=info caller=a.go:1 msg='x \\'y\\' z'"
                                        + " n=07 d=2.5s empty= f=1^plain words^a=1 b=2"))
                .containsExactly(
                        "{PAYLOAD.d=STRING 2.5s, PAYLOAD.empty=STRING, PAYLOAD.f=NUMBER 1,"
                                + " PAYLOAD.n=STRING 07, TAG.caller=STRING a.go:1, event_type=log,"
                                + " level=info, message=x \"y\" z, source=src,"
                                + " timestamp=2026-01-24T10:00:00.500Z}",
                        "{event_type=log, message=plain words, source=src,"
                                + " timestamp=2026-03-01T12:00:00Z}",
                        "{PAYLOAD.a=NUMBER 1, PAYLOAD.b=NUMBER 2, event_type=log, message=a=1 b=2,"
                                + " source=src, timestamp=2026-03-01T12:00:00Z}");
    }

    @Test
    void table_isARowAnEvent_withQuotedValues() throws IOException {
        assertThat(
                        rows(
                                "date,time,level,message,code^2026-01-24,10:00:00,WARN,'a ''b'', c^d',7^"
                                        + "2026-01-24,10:00:01,INFO,,x^"))
                .containsExactly(
                        "{PAYLOAD.code=NUMBER 7, PAYLOAD.date=STRING 2026-01-24,"
                                + " PAYLOAD.time=STRING 10:00:00, event_type=log, level=WARN,"
                                + " message=a \"b\", c\nd, source=src,"
                                + " timestamp=2026-01-24T10:00:00Z}",
                        "{PAYLOAD.code=STRING x, PAYLOAD.date=STRING 2026-01-24,"
                                + " PAYLOAD.time=STRING 10:00:01, event_type=log, level=INFO,"
                                + " message=2026-01-24,10:00:01,INFO,,x, source=src,"
                                + " timestamp=2026-01-24T10:00:01Z}");
    }

    @Test
    void reading_fromAnyEndOffset_givesTheSameEvents() throws IOException {
        Random random = new Random(Long.getLong("belfry.seed", 20_260_124L));
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 300; line++) {
            text.append(random.nextInt(3) == 0 ? "\tat frame " : "2026-01-24 10:00:00 INFO ");
            text.append("ä".repeat(random.nextInt(2_000))).append(line);
            text.append(random.nextInt(5) == 0 ? "\r\n\n" : "\n");
        }
        byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
        List<Long> ends = new ArrayList<>();
        List<Long> lines = new ArrayList<>();
        List<String> whole = read(file, 0, 0, ends, lines);
        for (int event = 0; event < whole.size(); event += 7) {
            List<String> rest =
                    read(
                            file,
                            ends.get(event),
                            lines.get(event),
                            new ArrayList<>(),
                            new ArrayList<>());
            assertThat(rest).isEqualTo(whole.subList(event + 1, whole.size()));
        }
        assertThat(ends.getLast()).isEqualTo(file.length);
    }

    @Test
    void linesWithoutEnd_areCutIntoEvents() throws IOException {
        byte[] file = "x".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        List<String> events = read(file, 0, 0, new ArrayList<>(), new ArrayList<>());
        assertThat(events).hasSizeGreaterThan(3);
        assertThat(
                        events.stream()
                                .mapToLong(row -> row.chars().filter(c -> c == 'x').count())
                                .sum())
                .isEqualTo(1_000_000);
    }

    /* Quotes are written ' and line ends ^. */
    private static byte[] bytes(String text) {
        return text.replace('\'', '"').replace('^', '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> rows(String text) throws IOException {
        return read(bytes(text), 0, 0, new ArrayList<>(), new ArrayList<>());
    }

    private static List<String> read(
            byte[] file, long offset, long line, List<Long> ends, List<Long> lines)
            throws IOException {
        byte[] sample = Arrays.copyOf(file, Math.min(file.length, FormatDetector.SAMPLE_BYTES));
        EventReader.Setting setting =
                new EventReader.Setting(
                        FormatDetector.detect(sample), sample, ZoneOffset.UTC, REFERENCE, false);
        List<String> rows = new ArrayList<>();
        LineEvent event = new LineEvent("src", false);
        int from = (int) offset;
        try (EventReader reader =
                new EventReader(
                        new ByteArrayInputStream(file, from, file.length - from),
                        setting,
                        offset,
                        line)) {
            while (reader.next(event)) {
                ByteArrayOutputStream json = new ByteArrayOutputStream();
                event.writeTo(json);
                DecodedEvents decoded = Decoding.decode(json.toByteArray());
                assertThat(decoded.errors()).isEmpty();
                rows.addAll(Decoding.rows(decoded.batch()));
                ends.add(reader.endOffset());
                lines.add(reader.linesRead());
            }
        }
        return rows;
    }
}
