package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A selection against the rest, or against the time before. */
final class CompareTest {
    private static final String COMPARE = "/api/v1/monitoring/compare";
    private static final Instant START = Instant.parse("2026-01-24T10:00:00Z");

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    /*
     * 50 events a minute for 40 minutes. From minute 30 on version v2 runs on half of the hosts, and is slow
     * and fails; which host, user and request it is has nothing to do with it.
     */
    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        SplittableRandom random = new SplittableRandom(11);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            boolean late = i >= 1500;
            boolean bad = late && random.nextInt(2) == 0;
            lines.add(
                    """
                    {"event_type":"log","source":"%s","timestamp":"%s","level":"%s","message":"%s",
                     "tags":{"version":"%s","host":"h%d","request_id":"r%d","user":"u%d"},
                     "payload":{"duration_ms":%d%s}}\
                    """
                            .formatted(
                                    random.nextInt(2) == 0 ? "shop" : "bank",
                                    START.plusMillis(i * 1200L),
                                    bad ? "error" : "info",
                                    bad
                                            ? "order " + i + " failed: timed out"
                                            : "order " + i + " taken",
                                    bad ? "v2" : "v1",
                                    random.nextInt(10),
                                    i,
                                    random.nextInt(500),
                                    (bad ? 1000 : 10) + random.nextInt(bad ? 4000 : 90),
                                    bad ? ",\"retries\":3" : ""));
        }
        server.post(EVENTS, admin, "[" + String.join(",", lines) + "]").expect(201);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static JsonNode compare(String token, String body) {
        return server.post(COMPARE, token, body.replace('\'', '"')).expect(200).json();
    }

    private static List<String> different(JsonNode answer) {
        List<String> names = new ArrayList<>();
        for (JsonNode field : answer.at("/data/fields")) {
            if (field.get("score").asDouble() >= 0.1) {
                names.add(field.get("kind").asText() + ":" + field.get("field").asText());
            }
        }
        return names;
    }

    private static JsonNode field(JsonNode answer, String name) {
        for (JsonNode field : answer.at("/data/fields")) {
            if (field.get("field").asText().equals(name)) {
                return field;
            }
        }
        throw new AssertionError(name + " in " + answer);
    }

    @Test
    void selectionByTime_againstTheRest_findsWhatChanged_andNoIds() {
        JsonNode answer =
                compare(
                        admin,
                        """
                        {'query':'order','selection':{'start_time':'2026-01-24T10:30:00Z','end_time':'2026-01-24T10:40:00Z'}}\
                        """);

        assertThat(answer.at("/data/selection/count").asInt()).isEqualTo(500);
        assertThat(answer.at("/data/baseline/count").asInt()).isEqualTo(1500);
        assertThat(different(answer))
                .containsExactlyInAnyOrder(
                        "tag:version",
                        "column:level",
                        "payload:duration_ms",
                        "payload:retries",
                        "template:@message");
        assertThat(field(answer, "request_id").get("score").asDouble()).isLessThan(0.05);
        assertThat(field(answer, "user").get("score").asDouble()).isLessThan(0.05);
        assertThat(field(answer, "host").get("score").asDouble()).isZero();
        JsonNode version = field(answer, "version").get("values").get(0);
        assertThat(version.get("baseline").asInt() + version.get("selection").asInt())
                .isGreaterThan(200);
        assertThat(version.get("selection_share").asDouble()).isBetween(0.4, 0.6);
        JsonNode template = field(answer, "@message").get("values");
        assertThat(template.toString()).contains("order <*> failed: timed out", "%order%failed");
        JsonNode slow = field(answer, "duration_ms").get("values");
        for (JsonNode range : slow) {
            if (range.get("from").asDouble() >= 1000) {
                assertThat(range.get("baseline").asInt()).isZero();
            }
        }
        assertThat(answer.at("/data/sampled").asBoolean()).isFalse();
        assertThat(answer.at("/statistics/rows_read").asInt()).isGreaterThanOrEqualTo(2000);
    }

    @Test
    void selectionByQuery_leavesOutWhatItAsksFor() {
        JsonNode answer =
                compare(admin, "{'query':'source:shop','selection':{'query':'level:error'}}");

        assertThat(different(answer))
                .contains("tag:version", "payload:duration_ms", "payload:retries")
                .doesNotContain("column:level", "tag:host", "tag:request_id");
        JsonNode retries = field(answer, "retries");
        assertThat(retries.get("score").asDouble()).isGreaterThan(0.9);
        assertThat(retries.at("/values/0/selection_share").asDouble()).isIn(0.0, 1.0);
        for (JsonNode source : field(answer, "source").get("values")) {
            assertThat(source.get("value").asText()).isEqualTo("shop");
        }
    }

    @Test
    void baselineBefore_isTheTimeBefore_asLong() {
        JsonNode answer =
                compare(
                        admin,
                        """
                        {'start_time':'2026-01-24T10:30:00Z','end_time':'2026-01-24T10:35:00Z',
                         'filters':{'not.source':['bank'],'tag.host':'h1'},
                         'selection':{'query':'order'},'baseline':'before'}\
                        """);
        int selection = answer.at("/data/selection/count").asInt();
        int baseline = answer.at("/data/baseline/count").asInt();
        assertThat(selection).isPositive().isLessThan(60);
        assertThat(baseline).isPositive().isLessThan(60);
        JsonNode byTime =
                compare(
                        admin,
                        """
                        {'filters':{'not.source':['bank'],'tag.host':'h1'},'baseline':'before',
                         'selection':{'start_time':'2026-01-24T10:30:00Z','end_time':'2026-01-24T10:35:00Z'}}\
                        """);
        assertThat(byTime.at("/data/selection/count").asInt()).isEqualTo(selection);
        assertThat(byTime.at("/data/baseline/count").asInt()).isEqualTo(baseline);
    }

    @ParameterizedTest
    @CsvSource({"10:30, 10:50, 250, 500", "10:00, 10:25, 250, 500", "10:00, 10:50, 750, 0"})
    void selectionByTime_isAPartOfTheWhole(String from, String to, int selection, int baseline) {
        JsonNode answer =
                compare(
                        admin,
                        """
                        {'query':'order','start_time':'2026-01-24T10:20:00Z','end_time':'2026-01-24T10:35:00Z',
                         'selection':{'start_time':'2026-01-24T%s:00Z','end_time':'2026-01-24T%s:00Z'}}\
                        """
                                .formatted(from, to));
        assertThat(answer.at("/data/selection/count").asInt()).isEqualTo(selection);
        assertThat(answer.at("/data/baseline/count").asInt()).isEqualTo(baseline);
    }

    @Test
    void onlyOnesOwnEvents_areCompared() {
        String ursula = server.user(admin, "ursula", "user", "shop");
        JsonNode answer = compare(ursula, "{'selection':{'query':'level:error'}}");

        int all =
                answer.at("/data/selection/count").asInt()
                        + answer.at("/data/baseline/count").asInt();
        assertThat(all).isBetween(900, 1100);
        assertThat(answer.toString()).doesNotContain("bank");
        JsonNode nothing =
                compare(ursula, "{'filters':{'source':'bank'},'selection':{'query':'order'}}");
        assertThat(nothing.at("/data/selection/count").asInt()).isZero();
    }

    @Test
    void whatMakesNoSense_isRefused() {
        refused("{}", "selection");
        refused("{'selection':{}}", "selection");
        refused("{'selection':{'query':'a','start_time':'now-1h','end_time':'now'}}", "selection");
        refused("{'selection':{'start_time':'now-1h'}}", "selection");
        refused("{'selection':{'query':'a | stats count()'}}", "1:5");
        refused("{'selection':{'query':'a'},'baseline':'after'}", "baseline");
        refused("{'selection':{'query':'a'},'baseline':'before'}", "baseline");
        refused("{'selection':{'query':'a'},'filters':{'start_time':'now'}}", "filters.start_time");
        refused("{'selection':{'query':'a'},'limit':0}", "limit");
    }

    private static void refused(String body, String named) {
        TestServer.Answer answer = server.post(COMPARE, admin, body.replace('\'', '"')).expect(400);
        assertThat(answer.errorMessage()).contains(named);
    }
}
