package dev.belfry.receive.json;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names under which log documents hold what an event has columns for, and the names of those
 * fields that say where a line comes from, which become tags.
 */
public final class FieldNames {
    /*
     * Case does not count. Sources: the Elastic Common Schema (dotted names, and objects that stand for them),
     * OpenTelemetry's attributes, pino, bunyan, winston, zap, zerolog, logrus, logback, log4j, Python, serilog,
     * GELF, Google Cloud, CloudWatch, Kubernetes metadata of Fluent Bit, journald, syslog-ng and rsyslog.
     */
    private static final Map<FieldRole, List<String>> TAKEN =
            Map.of(
                    FieldRole.TIME,
                    List.of(
                            "@timestamp",
                            "timestamp",
                            "time",
                            "ts",
                            "datetime",
                            "eventtime",
                            "event_time",
                            "asctime",
                            "_time",
                            "@t",
                            "timereported",
                            "syslogtimestamp",
                            "isodate",
                            "_source_realtime_timestamp",
                            "__realtime_timestamp",
                            "date",
                            "t"),
                    FieldRole.LEVEL,
                    List.of(
                            "level",
                            "log.level",
                            "log_level",
                            "loglevel",
                            "severity",
                            "severity_text",
                            "severitytext",
                            "levelname",
                            "level_name",
                            "lvl",
                            "@l",
                            "log.syslog.severity.name",
                            "syslogseverity-text"),
                    FieldRole.SEVERITY_NUMBER,
                    List.of("severity_number", "severitynumber"),
                    FieldRole.MESSAGE,
                    List.of(
                            "message",
                            "msg",
                            "@message",
                            "_msg",
                            "@m",
                            "log",
                            "body",
                            "content",
                            "short_message",
                            "textpayload",
                            "event.original"),
                    FieldRole.SOURCE,
                    List.of(
                            "service",
                            "service.name",
                            "service_name",
                            "servicename",
                            "source",
                            "app",
                            "application",
                            "app_name",
                            "appname",
                            "application_name",
                            "applicationname"),
                    FieldRole.TRACE,
                    List.of(
                            "trace_id",
                            "traceid",
                            "trace.id",
                            "dd.trace_id",
                            "oteltraceid",
                            "x-b3-traceid",
                            "logging.googleapis.com/trace"),
                    FieldRole.SPAN,
                    List.of(
                            "span_id",
                            "spanid",
                            "span.id",
                            "dd.span_id",
                            "otelspanid",
                            "x-b3-spanid",
                            "logging.googleapis.com/spanid"),
                    FieldRole.TRACE_PARENT,
                    List.of("traceparent"),
                    FieldRole.EVENT_TYPE,
                    List.of("event_type", "eventtype"),
                    FieldRole.LOG_GROUP,
                    List.of(
                            "log_group",
                            "loggroup",
                            "log_group_name",
                            "aws.log.group.names",
                            "aws.log.group.name"));

    /* These say more than the role: they stay fields too, and rank behind those above. */
    private static final Map<FieldRole, List<String>> KEPT =
            Map.of(
                    FieldRole.SOURCE,
                    List.of(
                            "container.name",
                            "container_name",
                            "k8s.container.name",
                            "kubernetes.container.name",
                            "kubernetes.container_name",
                            "data_stream.dataset",
                            "event.dataset",
                            "programname",
                            "program",
                            "syslog_identifier",
                            "process.name"),
                    FieldRole.HOST,
                    List.of(
                            "host.name",
                            "hostname",
                            "host",
                            "host_name",
                            "_hostname",
                            "fromhost",
                            "computer_name"));

    private static final Set<String> TAGS =
            Set.of(
                    "module",
                    "logger",
                    "logger_name",
                    "component",
                    "caller",
                    "thread",
                    "thread_name",
                    "host",
                    "hostname",
                    "environment",
                    "env",
                    "region",
                    "zone",
                    "cluster",
                    "namespace",
                    "pod",
                    "container",
                    "version",
                    "event_type",
                    "method",
                    "status",
                    "stream",
                    "facility",
                    "log.logger",
                    "process.thread.name",
                    "event.module",
                    "event.action",
                    "log_group");

    private static final List<String> TAG_PREFIXES =
            List.of(
                    "agent.",
                    "aws.",
                    "cloud.",
                    "container.",
                    "data_stream.",
                    "dd.",
                    "deployment.",
                    "docker.",
                    "host.",
                    "k8s.",
                    "kubernetes.",
                    "labels.",
                    "log.syslog.",
                    "orchestrator.",
                    "service.");

    private static final Set<String> GROUPS =
            Set.of(
                    "agent",
                    "aws",
                    "cloud",
                    "container",
                    "data_stream",
                    "dd",
                    "deployment",
                    "docker",
                    "event",
                    "host",
                    "k8s",
                    "kubernetes",
                    "labels",
                    "log",
                    "orchestrator",
                    "process",
                    "service",
                    "span",
                    "trace");

    private record Place(FieldRole role, int rank, boolean kept) {}

    private static final Map<String, Place> PLACES = places();

    private FieldNames() {}

    private static Map<String, Place> places() {
        Map<String, Place> places = new HashMap<>();
        TAKEN.forEach((role, names) ->
                names.forEach(
                        name -> places.put(name, new Place(role, names.indexOf(name), false))));
        KEPT.forEach((role, names) ->
                names.forEach(name ->
                        places.put(name, new Place(role, 100 + names.indexOf(name), true))));
        places.put("tags", new Place(FieldRole.TAGS, 0, false));
        places.put("payload", new Place(FieldRole.PAYLOAD, 0, false));
        return Map.copyOf(places);
    }

    /** What {@code name}, dotted when its member stands in a group, says. */
    public static FieldMeaning meaning(String name) {
        /* In capitals it is journald's and syslog-ng's; in small letters it may be anybody's, as of a ticket. */
        if (name.equals("PRIORITY")) {
            return new FieldMeaning(FieldRole.SYSLOG_SEVERITY, 0, false, true, false, false);
        }
        String key = name.toLowerCase(Locale.ROOT);
        @Nullable Place place = PLACES.get(key);
        boolean id = name.endsWith("_id") || name.endsWith("Id") || name.endsWith(".id");
        boolean strict = id || key.equals("module") || key.equals("event_type");
        boolean tag =
                strict
                        || TAGS.contains(key)
                        || TAG_PREFIXES.stream().anyMatch(key::startsWith)
                        || place != null && place.kept;
        boolean group = GROUPS.contains(key);
        return place == null
                ? new FieldMeaning(FieldRole.NONE, 0, false, tag, strict, group)
                : new FieldMeaning(place.role, place.rank, place.kept, tag, strict, group);
    }

    /** Whether a field of this name tells that its table is a log. */
    public static boolean isTelling(String name) {
        return switch (meaning(name).role()) {
            case TIME, LEVEL, MESSAGE -> true;
            default -> false;
        };
    }
}
