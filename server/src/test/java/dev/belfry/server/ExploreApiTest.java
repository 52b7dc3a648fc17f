package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Explore page asks: neighbours of an event, and message templates. */
final class ExploreApiTest {
    private static final String BASE = "/api/v1/monitoring";
    private static final Instant START = Instant.parse("2026-01-24T10:00:00Z");

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;
    private static String ursula;
    private static final List<String> ids = new ArrayList<>();

    /* 30 lines of two hosts of "shop", one of "other" between each and the next; every tenth is an error. */
    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        ursula = server.user(admin, "ursula", "user", "shop");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String time = START.plusSeconds(i).toString();
            lines.add(
                    """
                    {"event_type":"log","source":"shop","timestamp":"%s","level":"%s",
                     "message":"%s","tags":{"host":"h%d","log_group":"/a/b"}}\
                    """
                            .formatted(
                                    time,
                                    i % 10 == 9 ? "error" : "info",
                                    i % 10 == 9
                                            ? "payment " + i + " refused by bank"
                                            : "order " + i + " taken in " + i * 3 + " ms",
                                    i % 2));
            lines.add(
                    "{\"event_type\":\"log\",\"source\":\"other\",\"timestamp\":\""
                            + time
                            + "\",\"message\":\"secret "
                            + i
                            + "\"}");
        }
        JsonNode stored =
                server.post(EVENTS, admin, "[" + String.join(",", lines) + "]").expect(201).data();
        stored.get("ids").forEach(id -> ids.add(id.asText()));
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static List<String> messages(JsonNode events) {
        List<String> messages = new ArrayList<>();
        events.forEach(event -> messages.add(event.get("message").asText()));
        return messages;
    }

    @Test
    void context_isTheLinesAround_ofTheSameSource_inTheirOrder() {
        String path = EVENTS + "/" + ids.get(20) + "/context";
        JsonNode around = server.get(path + "?before=3&after=2", ursula).expect(200).data();

        assertThat(messages(around.get("before")))
                .containsExactly(
                        "order 7 taken in 21 ms",
                        "order 8 taken in 24 ms",
                        "payment 9 refused by bank");
        assertThat(around.at("/event/id").asText()).isEqualTo(ids.get(20));
        assertThat(messages(around.get("after")))
                .containsExactly("order 11 taken in 33 ms", "order 12 taken in 36 ms");

        JsonNode sameHost =
                server.get(path + "?before=2&after=0&by=host&by=zone", ursula).expect(200).data();
        assertThat(messages(sameHost.get("before")))
                .containsExactly("order 6 taken in 18 ms", "order 8 taken in 24 ms");
        assertThat(sameHost.get("after")).isEmpty();
        JsonNode whole = server.get(path, admin).expect(200).data();
        assertThat(whole.get("before")).hasSize(10);
        assertThat(whole.get("after")).hasSize(19);
    }

    @Test
    void context_ofWhatOneMayNotSee_isNotFound() {
        server.get(EVENTS + "/" + ids.get(21) + "/context", admin).expect(200);
        server.get(EVENTS + "/" + ids.get(21) + "/context", ursula).expect(404);
        server.get(EVENTS + "/x/context", ursula).expect(404);
        server.get(EVENTS + "/" + ids.get(20) + "/context?before=501", ursula).expect(400);
    }

    @Test
    void patterns_haveCountsExamplesAndTrends_ofWhatOneMaySee() {
        JsonNode answer =
                server.get(
                                BASE
                                        + "/patterns?start_time=2026-01-24T10:00:00Z"
                                        + "&end_time=2026-01-24T10:00:30Z&buckets=3",
                                ursula)
                        .expect(200)
                        .json();

        JsonNode first = answer.get("data").get(0);
        assertThat(first.get("pattern").asText()).isEqualTo("order <*> taken in <*>");
        assertThat(first.get("count").asInt()).isEqualTo(27);
        assertThat(first.get("share").asDouble()).isEqualTo(0.9);
        assertThat(first.get("example").asText()).startsWith("order ");
        assertThat(first.get("first_seen").asText()).isEqualTo("2026-01-24T10:00:00Z");
        assertThat(first.get("last_seen").asText()).isEqualTo("2026-01-24T10:00:28Z");
        assertThat(first.get("trend").toString()).isEqualTo("[9,9,9]");
        JsonNode second = answer.get("data").get(1);
        assertThat(second.get("pattern").asText()).isEqualTo("payment <*> refused by bank");
        assertThat(answer.get("data")).hasSize(2);
        assertThat(answer.at("/trend/interval_ms").asInt()).isEqualTo(10_000);
        assertThat(answer.at("/trend/sampled").asBoolean()).isFalse();
        assertThat(answer.at("/pagination/total").asInt()).isEqualTo(2);
        assertThat(answer.at("/statistics/rows_read").asInt()).isLessThanOrEqualTo(60);

        String query =
                "{\"query\":\"filter @message like '"
                        + second.get("like").asText()
                        + "' | stats count() as n\"}";
        JsonNode counted = server.post(BASE + "/query", ursula, query).expect(200).data();
        assertThat(counted.at("/rows/0/0").asInt()).isEqualTo(3);
    }

    @Test
    void patterns_ofNothing_areNone() {
        JsonNode none = server.get(BASE + "/patterns?q=nowhere", admin).expect(200).json();
        assertThat(none.get("data")).isEmpty();
        JsonNode hidden = server.get(BASE + "/patterns?source=other", ursula).expect(200).json();
        assertThat(hidden.get("data")).isEmpty();
        assertThat(hidden.at("/statistics/rows_read").asInt()).isLessThanOrEqualTo(30);
        server.get(BASE + "/patterns?limit=0", admin).expect(400);
        JsonNode one = server.get(BASE + "/patterns?source=shop&limit=1", admin).json();
        assertThat(one.get("data")).hasSize(1);
        assertThat(one.at("/statistics/truncated").asBoolean()).isTrue();
    }

    @Test
    void fields_ofOneName_andByPrefix() {
        JsonNode hosts =
                server.get(BASE + "/fields?field=tags.host&prefix=H", ursula).expect(200).data();
        assertThat(hosts).hasSize(1);
        assertThat(hosts.get(0).get("name").asText()).isEqualTo("tags.host");
        assertThat(hosts.at("/0/values").findValuesAsText("value")).containsExactly("h0", "h1");
        assertThat(hosts.at("/0/values/0/count").asInt()).isEqualTo(15);
        JsonNode one = server.get(BASE + "/fields?field=host&prefix=h1", ursula).data();
        assertThat(one.at("/0/values").findValuesAsText("value")).containsExactly("h1");
        assertThat(server.get(BASE + "/fields?field=host&prefix=h%25", ursula).data()).isEmpty();
        JsonNode named = server.get(BASE + "/fields?prefix=log", ursula).data();
        assertThat(named.findValuesAsText("name")).containsExactly("tags.log_group");
        JsonNode levels = server.get(BASE + "/fields?field=level&source=shop", ursula).data();
        assertThat(levels.at("/0/values").findValuesAsText("value"))
                .containsExactly("info", "error");
        assertThat(server.get(BASE + "/fields?field=source&prefix=oth", ursula).data()).isEmpty();
    }

    @Test
    void query_isASearchThatAllQuestionsTake() {
        String query = "query=order%20%7C%20filter%20host%20%3D%20%22h1%22";
        JsonNode found = server.get(EVENTS + "?limit=100&" + query, ursula).expect(200).data();
        assertThat(found).hasSize(12);
        JsonNode histogram = server.get(EVENTS + "/histogram?" + query, ursula).expect(200).data();
        assertThat(histogram.get("total").asInt()).isEqualTo(12);
        assertThat(server.get(BASE + "/patterns?" + query, ursula).data()).hasSize(1);
        TestServer.Answer refused =
                server.get(EVENTS + "?query=filter%20a%20%3D", ursula).expect(400);
        assertThat(refused.json().at("/error/details/column").asInt()).isEqualTo(11);
        server.get(EVENTS + "?query=limit%201", ursula).expect(400);
    }
}
