package dev.belfry.receive.json;

import static dev.belfry.receive.json.Documents.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.receive.Decoding;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DocumentParserTest {
    /* The two examples of the seed's logging strategy. */
    private static final String LINE =
            """
            {
              "timestamp": "2026-01-24T10:00:00.000Z",
              "level": "INFO",
              "service": "eventflow-backend",
              "module": "EventService",
              "message": "Event ingested successfully",
              "event_id": "uuid",
              "stream_id": "uuid",
              "event_type": "user_registered",
              "request_id": "uuid",
              "duration_ms": 45,
              "metadata": {
                "org_id": "uuid",
                "api_key_id": "uuid"
              }
            }
            """;
    private static final String ERROR_LINE =
            """
            {
              "timestamp": "2026-01-24T10:00:00Z",
              "level": "ERROR",
              "error": {
                "type": "ValidationError",
                "message": "Invalid event payload",
                "stack": "...",
                "context": {
                  "event_id": "uuid",
                  "stream_id": "uuid"
                }
              },
              "request_id": "uuid"
            }
            """;

    @Test
    void logLine_isTheSameEventAsByTheJsonApi() {
        assertThat(row(LINE)).isEqualTo(Decoding.row(LINE)).contains("source=eventflow-backend");
        assertThat(row(LINE, "index")).isEqualTo(Decoding.row(LINE));
        assertThat(row(ERROR_LINE)).isEqualTo(Decoding.row(ERROR_LINE)).contains("source=unknown");
    }

    @Test
    void lineThatNamesItsService_hasNoTagsButModuleTypeAndIds() {
        String line =
                "{'service':'api','level':'info','message':'m','status':500,'host':'h','userId':7,"
                        + "'environment':'p','log_group':'/g','trace_id':'t'}";
        assertThat(row(line))
                .isEqualTo(Decoding.row(line.replace('\'', '"')))
                .isEqualTo(
                        "{PAYLOAD.environment=STRING p, PAYLOAD.host=STRING h, PAYLOAD.status=NUMBER"
                                + " 500, TAG.log_group=STRING /g, TAG.userId=NUMBER 7,"
                                + " event_type=log, level=info, message=m, source=api,"
                                + " timestamp=2026-01-24T10:00:00Z, trace_id=t}");
    }

    @Test
    void elasticCommonSchema_isPutInItsPlace_flatOrNested() {
        String expected =
                "{PAYLOAD.ecs.version=STRING 1.2.0, PAYLOAD.http=JSON {\"a\":[1]},"
                        + " PAYLOAD.log.origin.file.line=NUMBER 7, TAG.host.name=STRING web-1,"
                        + " TAG.kubernetes.labels.app=STRING shop, TAG.kubernetes.pod.name=STRING p,"
                        + " TAG.log.logger=STRING a.B, TAG.process.thread.name=STRING main,"
                        + " TAG.service.version=STRING 3, event_type=log, level=WARN, message=slow,"
                        + " source=shop, span_id=00f067aa0ba902b7,"
                        + " timestamp=2026-01-24T10:00:00.123Z,"
                        + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736}";
        assertThat(
                        row(
                                "{'@timestamp':'2026-01-24T10:00:00.123Z','log.level':'WARN','message':'slow',"
                                        + "'ecs.version':'1.2.0','service.name':'shop','service.version':'3',"
                                        + "'host.name':'web-1','log.logger':'a.B','process.thread.name':'main',"
                                        + "'log.origin.file.line':7,'kubernetes.pod.name':'p',"
                                        + "'kubernetes.labels.app':'shop','http':{'a':[1]},"
                                        + "'trace.id':'4bf92f3577b34da6a3ce929d0e0e4736',"
                                        + "'span.id':'00f067aa0ba902b7'}"))
                .isEqualTo(expected);
        assertThat(
                        row(
                                "{'@timestamp':'2026-01-24T10:00:00.123Z',"
                                        + "'log':{'level':'WARN','logger':'a.B','origin':{'file':{'line':7}}},"
                                        + "'message':'slow','ecs.version':'1.2.0',"
                                        + "'service':{'name':'shop','version':'3'},'host':{'name':'web-1'},"
                                        + "'process':{'thread':{'name':'main'}},"
                                        + "'kubernetes':{'pod':{'name':'p'},'labels':{'app':'shop'}},"
                                        + "'http':{'a':[1]},'trace':{'id':'4bf92f3577b34da6a3ce929d0e0e4736'},"
                                        + "'span':{'id':'00f067aa0ba902b7'}}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'msg':'a'} | message=a",
                "{'log':'a^'} | message=a,",
                "{'body':'a'} | message=a",
                "{'event':{'original':'a'}} | message=a",
                "{'event':{'original':'a'},'message':'b'} | PAYLOAD.event.original=STRING a",
                "{'msg':'a','message':'b'} | PAYLOAD.msg=STRING a",
                "{'msg':'a','message':'b'} | message=b",
                "{'message':'a','message':'b'} | message=b",
                "{'message':{'a':1},'msg':'b'} | message=b",
                "{'message':{'a':1},'msg':'b'} | PAYLOAD.message=JSON {\"a\":1}",
                "{'message':7} | message=7",
                "{'MESSAGE':'a','PRIORITY':'3'} | level=err, message=a",
                "{'MESSAGE':'a','PRIORITY':'notice'} | level=notice, message=a",
                "{'MESSAGE':'a','PRIORITY':'high'} | TAG.PRIORITY=STRING high",
                "{'message':'a','priority':'3'} | PAYLOAD.priority=STRING 3",
                "{'level':30} | level=info",
                "{'level':35} | level=35",
                "{'level':3,'short_message':'a'} | level=err",
                "{'levelname':'WARNING'} | level=WARNING",
                "{'severity':'Error'} | level=Error",
                "{'severity_number':17} | level=error",
                "{'severity_text':'Ouch','severity_number':17} | level=Ouch",
                "{'level':'0123456789012345678901234567890123456789012345678901'} | PAYLOAD.level=STRING 0",
                "{'level':null} | {event_type=log, source=unknown, timestamp=2026-01-24T10:00:00Z}",
                "{'x':null} | PAYLOAD.x=NULL",
                "{'ts':1769248801} | timestamp=2026-01-24T10:00:01Z",
                "{'ts':1769248801.25} | timestamp=2026-01-24T10:00:01.250Z",
                "{'time':1769248801001} | timestamp=2026-01-24T10:00:01.001Z",
                "{'time':'1769248801001000'} | timestamp=2026-01-24T10:00:01.001Z",
                "{'time':1769248801001000001} | timestamp=2026-01-24T10:00:01.001000001Z",
                "{'time':12.5} | PAYLOAD.time=NUMBER 12.5",
                "{'time':'soon'} | PAYLOAD.time=STRING soon",
                "{'time':'soon','ts':1769248801} | timestamp=2026-01-24T10:00:01Z",
                "{'time':'24/Jan/2026:10:00:01 +0000'} | timestamp=2026-01-24T10:00:01Z",
                "{'asctime':'2026-01-24 10:00:01,250'} | timestamp=2026-01-24T10:00:01.250Z",
                "{'date':'2026-01-24','time':'10:00:01'} | timestamp=2026-01-24T10:00:01Z",
                "{'source':'a','service':'b'} | source=b",
                "{'service_name':'a'} | source=a",
                "{'app':'a'} | source=a",
                "{'container':{'name':'a'}} | source=a",
                "{'container':{'name':'a'}} | TAG.container.name=STRING a",
                "{'host':{'name':'a'}} | source=a",
                "{'data_stream':{'dataset':'nginx'}} | source=nginx",
                "{'data_stream':{'dataset':'generic'}} | source=unknown",
                "{'traceparent':'00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'} |"
                        + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
                "{'logging.googleapis.com/trace':'projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736'} |"
                        + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736",
                "{'dd':{'trace_id':'123','span_id':'5'}} | span_id=5",
                "{'X-B3-TraceId':'80f198ee56343ba8'} | trace_id=80f198ee56343ba8",
                "{'aws':{'log':{'group':{'names':['/a/b']}}}} | TAG.log_group=STRING /a/b",
                "{'aws.log.group.names':'/a/b'} | TAG.log_group=STRING /a/b",
                "{'event_type':'alert'} | event_type=alert",
                "{'tags':{'a':1,'b':{'c':2}},'payload':{'d':true}} | PAYLOAD.d=TRUE, TAG.a=NUMBER 1, TAG.b=JSON {\"c\":2}",
                "{'tags':['a']} | PAYLOAD.tags=JSON [\"a\"]",
                "{'k\\u0000\\u00e4':'\\ud800'} | PAYLOAD.k\uFFFDä=STRING \uFFFD",
                "{'log':{},'host':{}} | PAYLOAD.host=JSON {}, PAYLOAD.log=JSON {}",
                "{} | {event_type=log, source=unknown, timestamp=2026-01-24T10:00:00Z}",
            })
    void usualNames_becomeColumns(String document, String expected) {
        assertThat(row(document.replace("^", "\\n"))).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | document: '[' at byte 0 (expected: an object)",
                "'a' | document: '\"' at byte 0 (expected: an object)",
                "{'a':1}x | document: 'x' at byte 7 (expected: the end of the document)",
                "{'a': | document: the end at byte 5 (expected: a value)",
                "{'a' 1} | document: '1' at byte 5 (expected: ':')",
            })
    void whatIsNoDocument_isSaid(String document, String error) {
        assertThat(row(document)).isEqualTo("VALIDATION_ERROR " + error);
    }

    @Test
    void limits_areSaid() {
        assertThat(row("{'a':" + "[".repeat(64) + "]".repeat(64) + "}"))
                .contains("document: 65 levels of nesting (expected: at most 64)");
        assertThat(row("{'a':'" + "x".repeat(256 << 10) + "'}"))
                .startsWith("TOO_LARGE document: 262152 bytes");
        StringBuilder many = new StringBuilder("{'a':1");
        for (int member = 0; member < 10_000; member++) {
            many.append(",'").append(member).append("':1");
        }
        assertThat(row(many + "}")).contains("document: more than 10000 members");
    }

    @Test
    void refusedDocument_leavesTheRowAsItWas() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        DocumentParser parser =
                new DocumentParser(
                        builder,
                        JsonEventsConfig.DEFAULTS,
                        Decoding.NOW,
                        SourceRule.only(Set.of("mine")));
        builder.timestampNanos(Decoding.NOW);
        builder.message("as it was");
        builder.source("mine");
        byte[] text = bytes("{\"service\":\"other\",\"message\":\"new\",\"a\":1}");
        assertThat(parser.take(text, 0, text.length)).isFalse();
        assertThat(parser.errorCode().name()).isEqualTo("FORBIDDEN");
        builder.commit();
        EventBatch batch = builder.build();
        assertThat(Decoding.rows(batch))
                .containsExactly(
                        "{event_type=log, message=as it was, source=mine,"
                                + " timestamp=2026-01-24T10:00:00Z}");
    }

    @Test
    void whatTheDocumentDoesNotName_staysAsItWasSet() {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        DocumentParser parser = Documents.parser(builder);
        parser.fallbackSource("collector");
        builder.timestampNanos(Decoding.NOW + 1);
        builder.level("debug");
        byte[] text = bytes("  {\"msg\":\"m\"} ");
        assertThat(parser.take(text, 0, text.length)).isTrue();
        assertThat(parser.hasMessage()).isTrue();
        assertThat(parser.hasLevel()).isFalse();
        assertThat(parser.hasTime()).isFalse();
        builder.commit();
        assertThat(Decoding.rows(builder.build()))
                .containsExactly(
                        "{event_type=log, level=debug, message=m, source=collector,"
                                + " timestamp=2026-01-24T10:00:00.000000001Z}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
