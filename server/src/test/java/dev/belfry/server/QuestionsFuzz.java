package dev.belfry.server;

import static dev.belfry.server.TestServer.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.testkit.Seeds;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked over HTTP, in each language, is answered or refused as the asker's mistake, in
 * time, and Belfry goes on.
 */
final class QuestionsFuzz {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/v1/monitoring/";
    private static final int QUESTIONS = 500;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private static final List<String> PIECES =
            List.of(
                    "filter ",
                    "stats count() by bin(1m), level",
                    "parse @message /(?<g>x+)+$/",
                    "parse @message \"a*b*\" as c, d",
                    "pattern @message",
                    "sort @timestamp desc",
                    "limit 99999999999999999999",
                    "fields concat(@message, @message)",
                    " | ",
                    "level:error -x \"a b\"",
                    "SELECT * FROM events",
                    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
                    " WHERE message LIKE '%a%'",
                    " ORDER BY random()",
                    "; DROP TABLE events",
                    "sum by (source) (rate(up[5m]))",
                    "{__name__=~\".+\"}",
                    "up[1000y:1ms]",
                    "histogram_quantile(0.9, up)",
                    "label_replace(up, \"a\", \"$1\", \"b\", \"(((a*)*)*)*\")",
                    " offset -1e9s ",
                    " @ 1e300 ",
                    "1e308 * 1e308",
                    "topk(-1, up)",
                    "((((((((",
                    "))))",
                    "[5m:",
                    "\"",
                    "'",
                    "\\",
                    "\u0000",
                    "\ud83d",
                    "😀",
                    "%",
                    "*",
                    "/(a+)+b/",
                    "null",
                    "-0",
                    "NaN",
                    " and ",
                    " or ",
                    " unless ",
                    " in [",
                    "not ",
                    "\n");
    private static final List<Object> VALUES =
            List.of(
                    0,
                    -1,
                    1e300,
                    Long.MAX_VALUE,
                    "",
                    "now",
                    "now-5000000y",
                    "2026-01-24T10:00:00Z",
                    "9999999-01-01T00:00:00Z",
                    List.of(),
                    Map.of("a", List.of(1, 2)),
                    true,
                    "1ms",
                    "0s");

    @TempDir private static Path data;
    private static TestServer server;
    private static String admin;

    private final Random random = new Random(Seeds.seed("questions over HTTP"));

    @BeforeAll
    static void start() {
        server = TestServer.start(data, "--logging.store", "false");
        admin = server.admin();
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            events.append("{\"event_type\":\"log\",\"source\":\"s")
                    .append(i % 5)
                    .append("\",\"level\":\"error\",\"message\":\"")
                    .append("a".repeat(i * 10))
                    .append("\",\"payload\":{\"ms\":")
                    .append(i)
                    .append("}}\n");
        }
        server.post(EVENTS, admin, events.toString()).expect(201);
        server.post(
                        "/api/v1/import/prometheus",
                        admin,
                        "up{source=\"a\"} 1\nup{source=\"b\"} 0\nmany_total{le=\"0.1\"} 5\n")
                .expect(204);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void questions_areAnsweredOrRefused_inTime() throws Exception {
        int answered = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            String text = text();
            long begin = System.nanoTime();
            String what;
            TestServer.Answer answer;
            if (random.nextInt(3) == 0) {
                what = path(text);
                answer = server.get(what, admin);
            } else {
                String path = API + one(List.of("query", "compare", "sql", "query"));
                String body = body(text, path.endsWith("compare"));
                what = path + " " + body;
                answer = server.post(path, admin, body);
            }
            assertThat(System.nanoTime() - begin).as(what).isLessThan(PATIENCE_NANOS);
            if (answer.status() != 200) {
                assertThat(answer.status()).as(what + "\n" + answer.text()).isBetween(400, 499);
                assertThat(answer.text()).as(what).contains("error");
            } else {
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(QUESTIONS / 20);
        server.get("/api/v1/health", admin).expect(200);
    }

    private String text() {
        if (random.nextInt(20) == 0) {
            return one(PIECES).repeat(1 + random.nextInt(3_000));
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(one(PIECES));
        }
        return text.toString();
    }

    private String path(String text) {
        String query =
                URLEncoder.encode(
                        text.substring(0, Math.min(300, text.length())), StandardCharsets.UTF_8);
        String value = URLEncoder.encode(one(VALUES).toString(), StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0 -> API + "events?q=" + query + "&limit=" + value;
            case 1 -> API + "events/histogram?q=" + query + "&start_time=" + value;
            case 2 -> "/api/v1/query?query=" + query + "&timeout=5s";
            case 3 -> "/api/v1/query_range?timeout=5s&start=0&end=100&step=10&query=" + query;
            case 4 -> "/api/v1/series?match[]=" + query + "&start=" + value;
            case 5 -> API + "metrics?name=" + query + "&step=" + value;
            case 6 -> API + "patterns?q=" + query + "&limit=" + value;
            default -> "/api/v1/label/" + query.replace("+", "%20") + "/values";
        };
    }

    private String body(String text, boolean comparison) throws Exception {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("query", comparison ? "" : text);
        if (comparison) {
            body.put("selection", Map.of("query", text));
        }
        for (String name : List.of("start_time", "end_time", "limit", "nothing")) {
            if (random.nextInt(12) == 0) {
                body.put(name, one(VALUES));
            }
        }
        String json = JSON.writeValueAsString(body);
        return random.nextInt(15) == 0 ? json.substring(random.nextInt(json.length())) : json;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
