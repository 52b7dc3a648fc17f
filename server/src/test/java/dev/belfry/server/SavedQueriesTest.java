package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved queries: whose they are, and those that run by themselves. */
final class SavedQueriesTest {
    private static final String QUERIES = "/api/v1/monitoring/queries";

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;
    private static String ursula;
    private static String victor;

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        ursula = server.user(admin, "ursula", "user", "shop");
        victor = server.user(admin, "victor", "user", "bank");
        server.post(
                        EVENTS,
                        admin,
                        """
                        [{"event_type":"log","source":"shop","message":"a"},
                         {"event_type":"log","source":"shop","message":"b"},
                         {"event_type":"log","source":"bank","message":"c"}]\
                        """)
                .expect(201);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static JsonNode save(String token, String body) {
        return server.post(QUERIES, token, body.replace('\'', '"')).expect(201).data();
    }

    @Test
    void savedQueries_areTheirOwners_andSharedOnesAllSees() {
        JsonNode own =
                save(ursula, "{'name':'mine','query':'stats count()','start_time':'now-1h'}");
        JsonNode shared =
                save(
                        ursula,
                        """
                        {'name':'ours','query':'level:error -route:/x','kind':'search','shared':true,
                         'columns':['@timestamp','tags.host']}\
                        """);
        assertThat(own.get("kind").asText()).isEqualTo("insight");
        assertThat(own.get("schedule").isNull()).isTrue();
        assertThat(own.get("own").asBoolean()).isTrue();

        JsonNode seen = server.get(QUERIES, victor).expect(200).json();
        assertThat(seen.get("data").findValuesAsText("name")).containsExactly("ours");
        assertThat(seen.at("/data/0/own").asBoolean()).isFalse();
        assertThat(seen.at("/pagination/total").asInt()).isEqualTo(1);
        String mine = QUERIES + "/" + own.get("id").asText();
        String ours = QUERIES + "/" + shared.get("id").asText();
        server.get(mine, victor).expect(404);
        server.send("PUT", mine, victor, "{\"name\":\"x\"}").expect(404);
        server.send("DELETE", mine, victor, "").expect(404);
        server.get(ours, victor).expect(200);
        server.send("PUT", ours, victor, "{\"name\":\"x\"}").expect(403);
        server.send("DELETE", ours, victor, "").expect(403);
        server.get(ours + "/results", victor).expect(403);

        JsonNode changed =
                server.send("PUT", mine, ursula, "{\"start_time\":null,\"columns\":[\"a\"]}")
                        .expect(200)
                        .data();
        assertThat(changed.get("start_time").isNull()).isTrue();
        assertThat(changed.get("query").asText()).isEqualTo("stats count()");
        assertThat(changed.get("columns").toString()).isEqualTo("[\"a\"]");
        assertThat(server.get(mine, ursula).data()).isEqualTo(changed);
        server.send("DELETE", mine, ursula, "").expect(200);
        server.get(mine, ursula).expect(404);
        server.send("DELETE", ours, admin, "").expect(200);
        assertThat(server.get("/api/v1/audit?action=saved_query.", admin).data())
                .hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void whatMakesNoSense_isRefused_namingIt() {
        refused("{'query':'stats count()'}", 400, "name");
        refused("{'name':' ','query':'stats count()'}", 400, "name");
        refused("{'name':'n','query':'stats coun()'}", 400, "1:7");
        refused("{'name':'n','query':'a | stats count()','kind':'search'}", 400, "1:5");
        refused("{'name':'n','query':'a','kind':'sql'}", 400, "kind");
        refused("{'name':'n','query':'a','start_time':'yesterday'}", 400, "start_time");
        refused("{'name':'n','query':'a','schedule':'10s'}", 400, "schedule");
        refused("{'name':'n','query':'a','columns':['a\\nb']}", 400, "columns");
        refused("{'name':'n','query':'a','rows':1}", 400, "rows");
        save(victor, "{'name':'twice','query':'a'}");
        refused("{'name':'twice','query':'b'}", 409, "twice");
    }

    private static void refused(String body, int status, String named) {
        TestServer.Answer answer =
                server.post(QUERIES, victor, body.replace('\'', '"')).expect(status);
        assertThat(answer.errorMessage()).contains(named);
    }

    @Test
    void scheduledQuery_runsInItsOwnersRights_andItsAnswersAreKept() {
        JsonNode query =
                save(ursula, "{'name':'every','query':'stats count() by source','schedule':'5m'}");
        assertThat(query.get("schedule").asText()).isEqualTo("5m");
        String results = QUERIES + "/" + query.get("id").asText() + "/results";
        JsonNode kept =
                Waiting.until(
                        () -> server.get(results, ursula).expect(200).data(),
                        found -> !found.isEmpty());
        assertThat(kept.get(0).get("good").asBoolean()).isTrue();
        assertThat(kept.at("/0/result/columns").toString()).isEqualTo("[\"source\",\"count()\"]");
        assertThat(kept.at("/0/result/rows").toString()).isEqualTo("[[\"shop\",2]]");
        assertThat(kept.at("/0/result/statistics/rows_read").asInt()).isEqualTo(2);
        JsonNode told = server.get(QUERIES + "/" + query.get("id").asText(), ursula).data();
        assertThat(told.at("/last_run/at")).isEqualTo(kept.at("/0/at"));
        assertThat(told.at("/last_run/good").asBoolean()).isTrue();
        server.clock().forward(Duration.ofMinutes(6));
        Waiting.until(
                () -> server.get(results, ursula).expect(200).data(), found -> found.size() == 2);
    }

    @Test
    void key_readsSavedQueries_butSavesNone() {
        String key = server.key(victor, "\"monitoring:events:read\"");
        server.get(QUERIES, key).expect(200);
        server.post(QUERIES, key, "{\"name\":\"k\",\"query\":\"a\"}").expect(403);
    }
}
