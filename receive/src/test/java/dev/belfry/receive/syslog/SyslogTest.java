package dev.belfry.receive.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.SyslogFrames;
import dev.belfry.receive.SyslogMessages;
import dev.belfry.receive.SyslogSettings;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyslogTest {
    private static final long NOW = Timestamps.parse("2026-01-02T00:00:00Z");
    private static final SyslogSettings SETTINGS =
            new SyslogSettings(null, ZoneOffset.UTC, 64 << 10);

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \uFEFF'su root' failed~su crit 2003-10-11T22:14:15.003Z ['su root' failed] app_name=su facility=auth hostname=mymachine.example.com msg_id=ID47 severity=2",
                "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's~myproc notice 2003-08-24T12:14:15.000003Z [%% It's] app_name=myproc facility=local4 hostname=192.0.2.1 proc_id=8710 severity=5",
                "<165>1 2003-10-11T22:14:15Z h e - ID47 [exampleSDID@32473 iut=\"3\" eventID=\"1011\"][b@2 k=\"\"][c@1] m~e notice 2003-10-11T22:14:15Z [m] app_name=e b@2.k= c@1={} exampleSDID@32473.eventID=1011 exampleSDID@32473.iut=3 facility=local4 hostname=h msg_id=ID47 severity=5",
                "<14>1 2024-01-01T00:00:00.5+05:30 w api 77 - [e@1 q=\"say \\\"hi\\\"\" b=\"a\\\\b\" c=\"x\\]y\" d=\"x\\ny\"] body [not sd]~api info 2023-12-31T18:30:00.500Z [body [not sd]] app_name=api e@1.b=a\\b e@1.c=x]y e@1.d=x\\ny e@1.q=say \"hi\" facility=user hostname=w proc_id=77 severity=6",
                "<0>1 - - - - - -~10.0.0.9 emerg 2026-01-02T00:00:00Z [] facility=kern severity=0",
                "<34>Oct 11 22:14:15 mymachine su: 'su root' failed~su crit 2025-10-11T22:14:15Z ['su root' failed] app_name=su facility=auth hostname=mymachine severity=2",
                "Use the BFG!~10.0.0.9 null 2026-01-02T00:00:00Z [Use the BFG!] ",
                "<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz 10.1.2.3 sched[0]: Folks!~10.0.0.9 emerg 2026-01-02T00:00:00Z [1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz 10.1.2.3 sched[0]: Folks!] facility=kern severity=0",
                "<0>2025 Oct 22 10:52:01 scapegoat sched[0]: Folks!~sched emerg 2025-10-22T10:52:01Z [Folks!] app_name=sched facility=kern hostname=scapegoat proc_id=0 severity=0",
                "<38>Mar  7 06:25:01 db-3 sshd[24206]: Accepted~sshd info 2025-03-07T06:25:01Z [Accepted] app_name=sshd facility=auth hostname=db-3 proc_id=24206 severity=6",
                "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: failure; rhost=218.188.2.4 ~sshd(pam_unix) null 2025-06-14T15:16:01Z [failure; rhost=218.188.2.4] app_name=sshd(pam_unix) hostname=combo proc_id=19939",
                "<189>29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured~10.0.0.9 notice 2026-01-02T00:00:00Z [29: foo: *Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured] facility=local7 severity=5",
                "<189>*Apr 29 13:58:40.411: %SYS-5-CONFIG_I: Configured~10.0.0.9 notice 2025-04-29T13:58:40.411Z [%SYS-5-CONFIG_I: Configured] facility=local7 msg_id=SYS-5-CONFIG_I severity=5",
                "<166>Jan 24 2025 10:00:00 fw1 : %ASA-6-302013: Built~fw1 info 2025-01-24T10:00:00Z [%ASA-6-302013: Built] facility=local4 hostname=fw1 msg_id=ASA-6-302013 severity=6",
                "<30>2024-05-06T07:08:09.123456+02:00 host1 systemd[1]: Started~systemd info 2024-05-06T05:08:09.123456Z [Started] app_name=systemd facility=daemon hostname=host1 proc_id=1 severity=6",
                "<13>Oct 11 22:14:15 su: no host~su notice 2025-10-11T22:14:15Z [no host] app_name=su facility=user severity=5",
                "<13>Jan  1 00:00:00 h kernel: x~kernel notice 2026-01-01T00:00:00Z [x] app_name=kernel facility=user hostname=h severity=5",
                "<13>Dec 31 23:59:59 h kernel: x~kernel notice 2025-12-31T23:59:59Z [x] app_name=kernel facility=user hostname=h severity=5",
                "<192>1 2024-01-01T00:00:00Z h a - - - m~10.0.0.9 null 2026-01-02T00:00:00Z [<192>1 2024-01-01T00:00:00Z h a - - - m] syslog.malformed=PRI",
                "<034>1 2024-01-01T00:00:00Z h a - - - m~10.0.0.9 null 2026-01-02T00:00:00Z [<034>1 2024-01-01T00:00:00Z h a - - - m] syslog.malformed=PRI",
                "<34>1 2024-13-01T00:00:00Z h a - - - m~10.0.0.9 crit 2026-01-02T00:00:00Z [1 2024-13-01T00:00:00Z h a - - - m] facility=auth severity=2 syslog.malformed=TIMESTAMP",
                "<34>1 2024-01-01T00:00:00Z h a - - [a@1 k=\"v] m~a crit 2024-01-01T00:00:00Z [[a@1 k=\"v] m] app_name=a facility=auth hostname=h severity=2 syslog.malformed=STRUCTURED-DATA",
                "<>~10.0.0.9 null 2026-01-02T00:00:00Z [<>] syslog.malformed=PRI",
                "<13>1 2024-01-01T00:00:00Z h a - - - {\"level\":\"warn\"}~a notice 2024-01-01T00:00:00Z [{\"level\":\"warn\"}] app_name=a facility=user hostname=h severity=5",
            })
    void message_isRead(String message, String expected) {
        assertThat(read(SETTINGS, message))
                .isEqualTo(expected == null ? "" : expected.stripTrailing());
    }

    @Test
    void cef_isTakenApart() {
        assertThat(
                        read(
                                SETTINGS,
                                "<134>Feb 14 19:04:54 www1 CEF:0|Ven\\|dor|WAF|13.1|100|blocked \\\\ x|6|"
                                        + "dhost=www.example.org request=/x?a=1&b=2 msg=a\\=b \\\\ c\\nd act=blocked a | cs1=allow all "))
                .isEqualTo(
                        "www1 info 2025-02-14T19:04:54Z [CEF:0|Ven\\|dor|WAF|13.1|100|blocked \\\\ x|6|"
                                + "dhost=www.example.org request=/x?a=1&b=2 msg=a\\=b \\\\ c\\nd act=blocked a | cs1=allow all]"
                                + " act=blocked a | cef.device_product=WAF cef.device_vendor=Ven|dor"
                                + " cef.device_version=13.1 cef.name=blocked \\ x cef.severity=6"
                                + " cef.signature_id=100 cef.version=0 cs1=allow all dhost=www.example.org"
                                + " facility=local0 hostname=www1 msg=a=b \\ c\nd request=/x?a=1&b=2 severity=6");
        assertThat(read(SETTINGS, "CEF:1|v|p|1|id|n|High|")).contains("cef.severity=High");
    }

    @Test
    void zone_isOfTimesWithoutOne() {
        SyslogSettings berlin = new SyslogSettings("net", ZoneId.of("Europe/Berlin"), 1024);
        assertThat(read(berlin, "<13>Jul  1 12:00:00 h x y"))
                .startsWith("net notice 2025-07-01T10:00:00Z [x y]");
        assertThat(read(berlin, "<13>Jan  1 12:00:00.5 h p: y"))
                .startsWith("p notice 2026-01-01T11:00:00.500Z [y]");
    }

    @Test
    void source_thatMayNotBeWritten_isTheListeners() {
        SyslogSettings settings = new SyslogSettings("net", ZoneOffset.UTC, 1024);
        SyslogMessages messages =
                new SyslogMessages(settings, NOW, SourceRule.only(Set.of("net")), "p");
        assertThat(add(messages, "<13>Oct 11 22:14:15 h su: x")).isTrue();
        SyslogMessages none = new SyslogMessages(SETTINGS, NOW, SourceRule.only(Set.of("x")), "p");
        assertThat(add(none, "<13>Oct 11 22:14:15 h su: x")).isFalse();
        assertThat(messages.build().sources().text(0)).isEqualTo("net");
        assertThat(none.count()).isZero();
    }

    @Test
    void frames_mayBeMixedAndCut() {
        String stream =
                "40 <13>1 2024-01-01T00:00:00Z h a - - - one42 <13>1 2024-01-01T00:00:00Z h a - - - two\nx"
                        + "<13>plain\n\n12 days later\r\n<13>nul\0"
                        + "5 <13>z"
                        + "1234567890123 <13>a\n<13>last";
        List<String> expected =
                List.of(
                        "<13>1 2024-01-01T00:00:00Z h a - - - one",
                        "<13>1 2024-01-01T00:00:00Z h a - - - two\nx",
                        "<13>plain",
                        "12 days later\r",
                        "<13>nul",
                        "<13>z",
                        "1234567890123 <13>a",
                        "<13>last");
        for (int step = 1; step < 40; step++) {
            assertThat(frames(stream, step, 64 << 10)).as("step %s", step).isEqualTo(expected);
        }
    }

    @Test
    void frame_thatIsTooLong_isCut() {
        String stream =
                "<13>" + "a".repeat(100) + "\n<13>b\n120 <13>" + "c".repeat(116) + "5 <13>d";
        for (int step = 1; step < 60; step += 7) {
            assertThat(frames(stream, step, 50))
                    .containsExactly(
                            "<13>" + "a".repeat(46), "<13>b", "<13>" + "c".repeat(46), "<13>d");
        }
    }

    @Test
    void frames_ofEveryLength_endAtLineFeedOrNul() {
        StringBuilder stream = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int length = 1; length < 40; length++) {
            for (String filler : List.of("a", "\u000B", "\u0001", "\t", "\u008A", "\u0080")) {
                String message = "<" + filler.repeat(length);
                expected.add(message);
                stream.append(message).append(length % 3 == 0 ? '\0' : '\n');
            }
        }
        for (int step : new int[] {1, 7, 8, 100_000}) {
            assertThat(frames(stream.toString(), step, 1000)).isEqualTo(expected);
        }
    }

    private static List<String> frames(String stream, int step, int max) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        SyslogFrames frames = new SyslogFrames(max);
        List<String> found = new ArrayList<>();
        SyslogFrames.Sink sink =
                (data, from, to) ->
                        found.add(new String(data, from, to - from, StandardCharsets.UTF_8));
        int at = 0;
        int size = 0;
        while (size < bytes.length) {
            size = Math.min(bytes.length, size + step);
            at = frames.take(bytes, at, size, sink);
        }
        frames.end(bytes, at, size, sink);
        return found;
    }

    @Test
    void randomMessages_areKeptOrPassedOver() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        System.out.println("SyslogTest seed " + seed);
        Random random = new Random(seed);
        String[] parts = {
            "<13>",
            "<",
            ">",
            "1 ",
            "2024-01-01T00:00:00Z ",
            "- ",
            "Oct 11 22:14:15 ",
            "[a@1 ",
            "k=\"v\"",
            "]",
            "\\",
            "\"",
            "h ",
            "su[",
            "12]:",
            ": ",
            "%",
            "CEF:0|",
            "|",
            "a=b ",
            "\u00e9",
            "\uFEFF",
            "*",
            "2026 ",
            "x",
            " "
        };
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(16); part >= 0; part--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            SyslogMessages messages = new SyslogMessages(SETTINGS, NOW, SourceRule.ANY, "p");
            assertThat(messages.add(bytes, 0, bytes.length)).as(text.toString()).isTrue();
            messages.build();
        }
    }

    @Test
    void peer_isOfEachMessage() {
        SyslogSettings settings = new SyslogSettings(null, SETTINGS.zone(), 8_192);
        SyslogMessages messages = new SyslogMessages(settings, NOW, SourceRule.ANY, "10.0.0.1");
        assertThat(add(messages, "first")).isTrue();
        messages.peer("10.0.0.2");
        assertThat(add(messages, "second")).isTrue();
        EventBatch batch = messages.build();
        assertThat(batch.sources().text(0)).isEqualTo("10.0.0.1");
        assertThat(batch.sources().text(1)).isEqualTo("10.0.0.2");
    }

    private static boolean add(SyslogMessages messages, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return messages.add(bytes, 0, bytes.length);
    }

    private static String read(SyslogSettings settings, String text) {
        SyslogMessages messages = new SyslogMessages(settings, NOW, SourceRule.ANY, "10.0.0.9");
        assertThat(add(messages, text)).isTrue();
        EventBatch batch = messages.build();
        Set<String> fields = new TreeSet<>();
        for (FieldColumn field : batch.fields()) {
            fields.add(field.key() + "=" + field.values().text(0));
        }
        return (batch.sources().text(0)
                        + " "
                        + batch.levels().text(0)
                        + " "
                        + Timestamps.format(batch.timestampsNanos()[0])
                        + " ["
                        + batch.messages().text(0)
                        + "] "
                        + String.join(" ", fields))
                .stripTrailing();
    }
}
