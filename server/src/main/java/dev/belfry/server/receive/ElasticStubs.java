package dev.belfry.server.receive;

import dev.belfry.server.http.Call;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What clients of Elasticsearch ask for and set up before they send documents. */
final class ElasticStubs {
    /** What is asked for, by the first name of its path. */
    static final List<String> APIS =
            List.of(
                    "_license",
                    "_xpack",
                    "_cluster",
                    "_nodes",
                    "_cat",
                    "_ilm",
                    "_index_template",
                    "_component_template",
                    "_template",
                    "_ingest",
                    "_data_stream",
                    "_alias",
                    "_logstash");

    /** What is also set up. */
    static final Set<String> WRITABLE =
            Set.of(
                    "_ilm",
                    "_index_template",
                    "_component_template",
                    "_template",
                    "_ingest",
                    "_data_stream");

    private static final String VERSION = "8.19.0";
    private static final String NAME = "belfry";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]{1,255}");

    /** The answer to {@code GET /path}. */
    Reply get(Call call, String path) {
        String api = path.split("/", 2)[0];
        JsonText text = new JsonText(512);
        switch (api) {
            case "" -> root(text);
            case "_license" -> license(text);
            case "_xpack" -> xpack(text);
            case "_cluster" -> health(text);
            case "_nodes" -> nodes(text, host(call));
            case "_cat" -> {
                return cat(call);
            }
            case "_index_template" ->
                    text.object().name("index_templates").array().endArray().endObject();
            case "_component_template" ->
                    text.object().name("component_templates").array().endArray().endObject();
            case "_data_stream" ->
                    text.object().name("data_streams").array().endArray().endObject();
            default -> text.object().endObject();
        }
        return ElasticDialect.json(200, text, call.header("accept"));
    }

    /** The answer to whatever sets something up: nothing is needed here. */
    Reply put(Call call) {
        JsonText text = new JsonText(32).object().name("acknowledged").truth(true).endObject();
        return ElasticDialect.json(200, text, call.header("accept"));
    }

    private static void root(JsonText text) {
        text.object().name("name").text(NAME).name("cluster_name").text(NAME);
        text.name("cluster_uuid").text("YmVsZnJ5LWJlbGZyeS1iZQ");
        text.name("version").object().name("number").text(VERSION);
        text.name("build_flavor").text("default").name("build_type").text("tar");
        text.name("build_hash").text("0".repeat(40)).name("build_date");
        text.text("2026-01-01T00:00:00.000Z").name("build_snapshot").truth(false);
        text.name("lucene_version").text("9.12.2");
        text.name("minimum_wire_compatibility_version").text("7.17.0");
        text.name("minimum_index_compatibility_version").text("7.0.0").endObject();
        text.name("tagline").text("You Know, for Search").endObject();
    }

    private static void license(JsonText text) {
        text.object().name("license").object().name("status").text("active");
        text.name("uid").text(NAME).name("type").text("basic").name("issue_date");
        text.text("2026-01-01T00:00:00.000Z").name("issue_date_in_millis");
        text.number(1_767_225_600_000L).name("max_nodes").number(1_000);
        text.name("issued_to").text(NAME).name("issuer").text(NAME);
        text.name("start_date_in_millis").number(-1).endObject().endObject();
    }

    private static void xpack(JsonText text) {
        text.object().name("license").object().name("uid").text(NAME).name("type").text("basic");
        text.name("mode").text("basic").name("status").text("active").endObject();
        text.name("features").object();
        for (String feature : List.of("data_streams", "ilm", "security")) {
            text.name(feature).object().name("available").truth(true);
            text.name("enabled").truth(true).endObject();
        }
        text.endObject().name("tagline").text("You know, for X").endObject();
    }

    private static void health(JsonText text) {
        text.object().name("cluster_name").text(NAME).name("status").text("green");
        text.name("timed_out").truth(false).name("number_of_nodes").number(1);
        text.name("number_of_data_nodes").number(1);
        for (String shards :
                List.of(
                        "active_primary_shards",
                        "active_shards",
                        "relocating_shards",
                        "initializing_shards",
                        "unassigned_shards",
                        "delayed_unassigned_shards",
                        "number_of_pending_tasks",
                        "number_of_in_flight_fetch",
                        "task_max_waiting_in_queue_millis")) {
            text.name(shards).number(0);
        }
        text.name("active_shards_percent_as_number").number(100.0).endObject();
    }

    /* Clients that look for other nodes find this one where they found it. */
    private static void nodes(JsonText text, @Nullable String host) {
        text.object().name("_nodes").object().name("total").number(1);
        text.name("successful").number(1).name("failed").number(0).endObject();
        text.name("cluster_name").text(NAME).name("nodes").object();
        if (host != null) {
            text.name(NAME).object().name("name").text(NAME).name("host").text(host);
            text.name("version").text(VERSION).name("roles").value(List.of("data", "ingest"));
            text.name("http").object().name("bound_address").value(List.of(host));
            text.name("publish_address").text(host).endObject().endObject();
        }
        text.endObject().endObject();
    }

    private static @Nullable String host(Call call) {
        String host = call.header(":authority");
        return host != null && HOST.matcher(host).matches() ? host : null;
    }

    private static Reply cat(Call call) {
        String accept = call.header("accept");
        boolean json =
                call.parameter("format").orElse("").equals("json")
                        || accept != null && accept.toLowerCase(Locale.ROOT).contains("json");
        if (json) {
            return ElasticDialect.json(
                    200, new JsonText(8).array().endArray(), call.header("accept"));
        }
        return new Reply(
                200,
                "text/plain; charset=UTF-8",
                new byte[0],
                0,
                Map.of("x-elastic-product", "Elasticsearch"));
    }
}
