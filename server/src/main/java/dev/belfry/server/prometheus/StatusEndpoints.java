package dev.belfry.server.prometheus;

import dev.belfry.identity.Permission;
import dev.belfry.model.BelfryException;
import dev.belfry.query.Engine;
import dev.belfry.query.EngineStatus;
import dev.belfry.query.Promql;
import dev.belfry.server.config.LiveConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.Cardinality;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What Prometheus' API tells of the server itself, and what Belfry has not got of Prometheus'. */
public final class StatusEndpoints {
    /* As Go reads them; nothing is no. */
    private static final Set<String> BOOLEANS =
            Set.of(
                    "", "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false",
                    "False");

    /* Clients choose by the version what they ask; the language and the calls are those of this one. */
    private static final String PROMETHEUS_VERSION = "3.14.0";

    private static final Access READERS = Access.of(Permission.EVENTS_READ);
    private static final Access ADMINS = Access.of(Permission.ADMIN);
    private static final List<String> GET = List.of("GET");

    /* Entries of a list of cardinality; more would be a copy of the index. */
    private static final int TOP_DEFAULT = 10;
    private static final int TOP_MAX = 10_000;

    private final Supplier<Engine> engine;
    private final Supplier<Boolean> ready;
    private final LiveConfig config;
    private final Path data;
    private final String version;
    private final String retention;
    private final InstantSource clock;
    private final Instant started;

    /**
     * Tells of {@code engine}.
     *
     * @param ready whether everything is answered
     * @param version Belfry's own
     * @param retention how long samples are kept, in words
     */
    public StatusEndpoints(
            Supplier<Engine> engine,
            Supplier<Boolean> ready,
            LiveConfig config,
            Path data,
            String version,
            String retention,
            InstantSource clock) {
        this.engine = engine;
        this.ready = ready;
        this.config = config;
        this.data = data;
        this.version = version;
        this.retention = retention;
        this.clock = clock;
        this.started = clock.instant();
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        add(all, "status/buildinfo", READERS, "Which version this is", _ -> buildInfo());
        add(all, "status/runtimeinfo", READERS, "How the process runs", _ -> runtimeInfo());
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/status/tsdb",
                        READERS,
                        "What the metric store holds, and what most series come from",
                        List.of(Parameter.of("limit", Shape.WHOLE, "Entries of each list.", "10")),
                        this::tsdb));
        add(all, "status/walreplay", READERS, "How far recovery is", _ -> replay());
        add(all, "status/config", ADMINS, "The configuration in force", _ -> yaml());
        add(all, "status/flags", ADMINS, "The configuration, key by key", _ -> flags());
        add(all, "features", READERS, "What is supported", _ -> features());
        add(all, "notifications", READERS, "Notes of the server", _ -> constant("[]"));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/rules",
                        READERS,
                        "Rules",
                        List.of(
                                Parameter.of("type", Shape.TEXT, "alert or record.", "alert"),
                                Parameter.many(
                                        "match[]", Shape.TEXT, "Labels of rules.", "{team=\"a\"}"),
                                Parameter.of("exclude_alerts", Shape.TEXT, "Rules only.", "true"),
                                Parameter.of("group_limit", Shape.TEXT, "Groups at most.", "10"),
                                Parameter.of(
                                        "group_next_token",
                                        Shape.TEXT,
                                        "Where the answer before ended.",
                                        "")),
                        StatusEndpoints::rules));
        add(all, "alerts", READERS, "Alerts", _ -> constant("{\"alerts\":[]}"));
        add(
                all,
                "alertmanagers",
                READERS,
                "Alertmanagers",
                _ -> constant("{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}"));
        all.addAll(
                PrometheusApi.declare(
                        List.of("POST", "PUT"),
                        "/api/v1/admin/tsdb/snapshot",
                        ADMINS,
                        "Not supported yet",
                        List.of(),
                        _ -> unsupported("snapshot: is not supported yet (expected: no call)")));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/-/healthy",
                        Access.PUBLIC,
                        "Whether the process answers",
                        List.of(),
                        _ -> plain(200, "Belfry is healthy.\n")));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/-/ready",
                        Access.PUBLIC,
                        "Whether everything is answered",
                        List.of(),
                        _ ->
                                ready.get()
                                        ? plain(200, "Belfry is ready.\n")
                                        : plain(503, "Service Unavailable\n")));
        return all.stream()
                .map(endpoint -> endpoint.path().contains("/-/") ? endpoint.hushed() : endpoint)
                .toList();
    }

    private static void add(
            List<Endpoint> all,
            String name,
            Access access,
            String summary,
            Endpoint.Handler handler) {
        all.addAll(
                PrometheusApi.declare(GET, "/api/v1/" + name, access, summary, List.of(), handler));
    }

    private static Reply plain(int status, String text) {
        return Reply.text(status, "text/plain; charset=utf-8", text);
    }

    /* There are none; what is asked for is checked as where there are some. */
    private static Reply rules(Call call) {
        Form form = Form.of(call);
        form.all("match[]").forEach(SeriesEndpoints::matchers);
        String type = form.get("type");
        if (!List.of("", "alert", "record").contains(type)) {
            throw ApiFailure.parameter("type", "not supported value " + Promql.quoted(type));
        }
        String without = form.get("exclude_alerts");
        if (!BOOLEANS.contains(without)) {
            throw ApiFailure.parameter(
                    "exclude_alerts",
                    "error converting exclude_alerts: strconv.ParseBool: parsing "
                            + Promql.quoted(without)
                            + ": invalid syntax");
        }
        String limit = form.get("group_limit");
        String next = form.get("group_next_token");
        if (limit.isEmpty() && !next.isEmpty()) {
            throw ApiFailure.parameter(
                    "group_next_token",
                    "group_limit needs to be present in order to paginate over the groups");
        }
        checkGroupLimit(limit);
        if (!next.isEmpty()) {
            throw ApiFailure.parameter(
                    "group_next_token",
                    "invalid group_next_token '" + next + "'. were rule groups changed?");
        }
        return constant("{\"groups\":[]}");
    }

    private static void checkGroupLimit(String limit) {
        try {
            if (!limit.isEmpty() && Long.parseLong(limit) <= 0) {
                throw ApiFailure.parameter("group_limit", "group_limit needs to be greater than 0");
            }
        } catch (NumberFormatException e) {
            throw ApiFailure.parameter(
                    "group_limit",
                    "group_limit needs to be a valid number: strconv.ParseInt: parsing "
                            + Promql.quoted(limit)
                            + ": invalid syntax");
        }
    }

    private static Reply constant(String json) {
        return PrometheusApi.success(out -> out.raw(json));
    }

    private static Reply unsupported(String message) {
        return new ApiJson()
                .raw("{\"status\":\"error\",\"errorType\":\"not_implemented\",\"error\":")
                .text(message)
                .raw('}')
                .reply(501);
    }

    private Reply buildInfo() {
        return PrometheusApi.success(json -> {
            json.raw("{\"version\":").text(PROMETHEUS_VERSION);
            json.raw(",\"revision\":").text("belfry-" + version);
            json.raw(",\"branch\":\"belfry\",\"buildUser\":\"\",\"buildDate\":\"\"");
            json.raw(",\"goVersion\":\"\"}");
        });
    }

    private Reply runtimeInfo() {
        Runtime runtime = Runtime.getRuntime();
        return PrometheusApi.success(json -> {
            json.raw("{\"startTime\":").text(started.toString());
            json.raw(",\"CWD\":").text(data.toString());
            json.raw(",\"hostname\":").text(hostname());
            json.raw(",\"serverTime\":").text(clock.instant().toString());
            json.raw(",\"reloadConfigSuccess\":true,\"lastConfigTime\":");
            json.text(started.toString());
            json.raw(",\"corruptionCount\":");
            json.number(engine.get().status().journal().damageCount());
            json.raw(",\"goroutineCount\":").number(Thread.activeCount());
            json.raw(",\"GOMAXPROCS\":").number(runtime.availableProcessors());
            json.raw(",\"GOMEMLIMIT\":").number(runtime.maxMemory());
            json.raw(",\"GOGC\":\"\",\"GODEBUG\":\"\",\"storageRetention\":").text(retention);
            json.raw('}');
        });
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "";
        }
    }

    /* Names and counts of all series are for those who may read all. */
    private Reply tsdb(Call call) {
        int limit = topLimit(Form.of(call).get("limit"));
        boolean all = call.principal().readsEverything();
        Cardinality found = engine.get().metrics().cardinality(all ? limit : 1);
        return PrometheusApi.success(json -> {
            json.raw("{\"headStats\":{\"numSeries\":").number(found.series());
            json.raw(",\"numLabelPairs\":").number(found.pairs());
            json.raw(",\"createdInTheLastHour\":").number(found.createdInTheLastHour());
            json.raw(",\"forgottenInTheLastHour\":").number(found.forgottenInTheLastHour());
            json.raw('}');
            counts(json, "seriesCountByMetricName", all ? found.seriesByMetric() : List.of());
            counts(json, "labelValueCountByLabelName", all ? found.valuesByLabel() : List.of());
            counts(json, "memoryInBytesByLabelName", all ? found.bytesByLabel() : List.of());
            counts(json, "seriesCountByLabelValuePair", all ? found.seriesByPair() : List.of());
            json.raw('}');
        });
    }

    private static int topLimit(String text) {
        if (text.isEmpty()) {
            return TOP_DEFAULT;
        }
        if (!text.matches("0*[1-9][0-9]{0,8}")) {
            throw ApiFailure.badData("limit must be a positive number");
        }
        if (Integer.parseInt(text) > TOP_MAX) {
            throw ApiFailure.badData("limit must not exceed " + TOP_MAX);
        }
        return Integer.parseInt(text);
    }

    private static void counts(ApiJson json, String name, List<Cardinality.Count> counts) {
        json.raw(',').name(name).raw('[');
        for (int index = 0; index < counts.size(); index++) {
            Cardinality.Count count = counts.get(index);
            json.raw(index == 0 ? "{\"name\":" : ",{\"name\":").text(count.name());
            json.raw(",\"value\":").number(count.count()).raw('}');
        }
        json.raw(']');
    }

    private Reply replay() {
        EngineStatus status;
        try {
            status = engine.get().status();
        } catch (BelfryException e) {
            throw ApiFailure.of(e);
        }
        return PrometheusApi.success(json -> {
            json.raw("{\"min\":").number(status.journal().firstOffset());
            json.raw(",\"max\":").number(status.journal().durableEnd());
            json.raw(",\"current\":").number(status.metrics().appliedEnd()).raw('}');
        });
    }

    private Reply flags() {
        Map<String, String> flags = new TreeMap<>();
        for (LiveConfig.Shown shown : config.all()) {
            flags.put(shown.key().name(), shown.value() == null ? "" : shown.value());
        }
        return PrometheusApi.success(json -> {
            json.raw('{');
            boolean first = true;
            for (Map.Entry<String, String> flag : flags.entrySet()) {
                json.raw(first ? "" : ",").name(flag.getKey()).text(flag.getValue());
                first = false;
            }
            json.raw('}');
        });
    }

    private Reply yaml() {
        StringBuilder yaml = new StringBuilder();
        List<String> open = List.of();
        TreeMap<String, String> values = new TreeMap<>();
        for (LiveConfig.Shown shown : config.all()) {
            if (shown.value() != null && !shown.value().isEmpty()) {
                values.put(shown.key().name(), shown.value());
            }
        }
        for (Map.Entry<String, String> entry : values.entrySet()) {
            List<String> path = List.of(entry.getKey().split("\\."));
            int same = 0;
            while (same < open.size()
                    && same < path.size() - 1
                    && open.get(same).equals(path.get(same))) {
                same++;
            }
            for (int level = same; level < path.size() - 1; level++) {
                yaml.append("  ".repeat(level)).append(path.get(level)).append(":\n");
            }
            yaml.append("  ".repeat(path.size() - 1)).append(path.getLast()).append(": ");
            yaml.append(Promql.quoted(entry.getValue())).append('\n');
            open = path.subList(0, path.size() - 1);
        }
        return PrometheusApi.success(json -> json.raw("{\"yaml\":").text(yaml.toString()).raw('}'));
    }

    private static Reply features() {
        return PrometheusApi.success(json -> {
            json.raw("{\"api\":{\"admin\":true,\"label_values_match\":true");
            json.raw(",\"lifecycle\":false,\"otlp_write_receiver\":true,\"query_stats\":true");
            json.raw(",\"query_warnings\":true,\"remote_write_receiver\":true");
            json.raw(",\"time_range_labels\":true,\"time_range_series\":true}");
            json.raw(",\"promql\":{\"anchored\":true,\"at_modifier\":true,\"bool\":true");
            json.raw(",\"by\":true,\"delayed_name_removal\":true,\"duration_expr\":true");
            json.raw(",\"fill\":true,\"group_left\":true,\"group_right\":true");
            json.raw(",\"ignoring\":true,\"negative_offset\":true,\"offset\":true,\"on\":true");
            json.raw(",\"per_step_stats\":false,\"smoothed\":true,\"subqueries\":true");
            json.raw(",\"type_and_unit_labels\":false,\"without\":true}");
            json.raw(",\"promql_functions\":{");
            boolean first = true;
            for (String name : Promql.functions()) {
                json.raw(first ? "" : ",").name(name).raw("true");
                first = false;
            }
            json.raw("}}");
        });
    }
}
