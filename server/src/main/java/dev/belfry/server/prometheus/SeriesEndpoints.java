package dev.belfry.server.prometheus;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricReader;
import dev.belfry.query.Engine;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlFailure;
import dev.belfry.server.events.QueryDesk;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Which series, labels and metrics there are, and taking series away. */
public final class SeriesEndpoints {
    private static final Access READERS = Access.of(Permission.EVENTS_READ);
    private static final Access ADMINS = Access.of(Permission.ADMIN);
    private static final List<String> BOTH = List.of("GET", "POST");
    private static final List<String> GET = List.of("GET");
    private static final String TRUNCATED = "results truncated due to limit";
    private static final String ESCAPED = "U__";

    private static final List<Parameter> SELECTION =
            List.of(
                    Parameter.many(
                            "match[]", Shape.TEXT, "Series that pass one of these count.", "up"),
                    Parameter.of("start", Shape.TEXT, "Epoch seconds or RFC 3339.", "1769248800"),
                    Parameter.of("end", Shape.TEXT, "Epoch seconds or RFC 3339.", "1769252400"),
                    Parameter.of("limit", Shape.WHOLE, "At most so many; 0: all.", "100"));

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final Supplier<Identity> identity;

    /** Answers from {@code engine} by {@code desk}; deletions are recorded in the audit trail. */
    public SeriesEndpoints(Supplier<Engine> engine, QueryDesk desk, Supplier<Identity> identity) {
        this.engine = engine;
        this.desk = desk;
        this.identity = identity;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/series",
                        READERS,
                        "The series that pass one of the selectors",
                        SELECTION,
                        this::series));
        all.addAll(
                PrometheusApi.declare(
                        BOTH,
                        "/api/v1/labels",
                        READERS,
                        "The names of labels",
                        SELECTION,
                        this::labels));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/label/{name}/values",
                        READERS,
                        "The values of a label",
                        SELECTION,
                        this::values));
        all.addAll(
                PrometheusApi.declare(
                        GET,
                        "/api/v1/metadata",
                        READERS,
                        "Types, units and helps of metrics",
                        List.of(
                                Parameter.of("metric", Shape.TEXT, "Only this one.", "up"),
                                Parameter.of("limit", Shape.WHOLE, "Metrics at most.", "100"),
                                Parameter.of(
                                        "limit_per_metric",
                                        Shape.WHOLE,
                                        "Entries of a metric at most.",
                                        "1")),
                        this::metadata));
        all.addAll(
                PrometheusApi.declare(
                        List.of("POST", "PUT"),
                        "/api/v1/admin/tsdb/delete_series",
                        ADMINS,
                        "Delete samples of the caller's series that pass one of the selectors;"
                                + " recorded in the audit trail",
                        SELECTION,
                        this::delete));
        all.addAll(
                PrometheusApi.declare(
                        List.of("POST", "PUT"),
                        "/api/v1/admin/tsdb/clean_tombstones",
                        ADMINS,
                        "Take what was deleted out of all files at once; it leaves the disk when"
                                + " blocks are merged, too",
                        List.of(),
                        this::carryOutDeletions));
        return all;
    }

    private <T> List<T> ask(Call call, Form form, Function<MetricReader, List<T>> question)
            throws InterruptedException {
        return desk.run(
                "series",
                call.endpoint().path() + " " + String.join(" ", form.all("match[]")),
                call,
                List::size,
                context ->
                        question.apply(
                                BoundedSeries.of(
                                        engine.get().metrics(), call.principal(), context)));
    }

    /** The selectors of {@code match[]}. */
    static List<List<LabelMatcher>> selectors(Form form) {
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String text : form.all("match[]")) {
            List<LabelMatcher> matchers = matchers(text);
            if (matchers.stream().allMatch(matcher -> matcher.matches(""))) {
                throw ApiFailure.badData("match[] must contain at least one non-empty matcher");
            }
            selectors.add(matchers);
        }
        return selectors;
    }

    /** The matchers that {@code match[]} gives; they may match everything. */
    static List<LabelMatcher> matchers(String text) {
        try {
            return Promql.matchers(text);
        } catch (PromqlFailure failure) {
            throw ApiFailure.badData(String.valueOf(failure.getMessage()));
        }
    }

    private static void checkSelects(Form form) {
        if (form.all("match[]").isEmpty()) {
            throw new ApiFailure(ApiFailure.Type.BAD_DATA, "no match[] parameter provided");
        }
    }

    private static List<List<LabelMatcher>> requiredSelectors(Form form) {
        checkSelects(form);
        // Prometheus names the parameter here, and not where it may be missing.
        try {
            return selectors(form);
        } catch (ApiFailure failure) {
            throw ApiFailure.parameter("match[]", String.valueOf(failure.getMessage()));
        }
    }

    private static int oneMore(int limit) {
        return limit == 0 || limit == Integer.MAX_VALUE ? 0 : limit + 1;
    }

    private Reply series(Call call) throws InterruptedException {
        Form form = Form.of(call);
        checkSelects(form);
        int limit = form.limit();
        long start = form.time("start", Times.MIN_MILLIS);
        long end = form.time("end", Times.MAX_MILLIS);
        List<List<LabelMatcher>> selectors = requiredSelectors(form);
        List<Labels> found =
                ask(call, form, reader -> reader.series(selectors, start, end, oneMore(limit)));
        boolean cut = limit > 0 && found.size() > limit;
        List<Labels> shown = cut ? found.subList(0, limit) : found;
        return PrometheusApi.streamed(
                json -> {
                    json.raw('[');
                    for (int index = 0; index < shown.size(); index++) {
                        if (index > 0) {
                            json.raw(',');
                        }
                        json.labels(shown.get(index));
                    }
                    json.raw(']');
                },
                cut ? List.of(TRUNCATED) : List.of(),
                List.of());
    }

    private Reply labels(Call call) throws InterruptedException {
        Form form = Form.of(call);
        int limit = form.limit();
        long start = form.time("start", Times.MIN_MILLIS);
        long end = form.time("end", Times.MAX_MILLIS);
        List<List<LabelMatcher>> selectors = selectors(form);
        return texts(
                ask(call, form, reader -> reader.labelNames(selectors, start, end, oneMore(limit))),
                limit);
    }

    private Reply values(Call call) throws InterruptedException {
        Form form = Form.of(call);
        String given = call.pathValue("name");
        String name = given.startsWith(ESCAPED) ? unescaped(given) : given;
        if (name.isEmpty()) {
            throw new ApiFailure(
                    ApiFailure.Type.BAD_DATA, "invalid label name: " + Promql.quoted(name));
        }
        int limit = form.limit();
        long start = form.time("start", Times.MIN_MILLIS);
        long end = form.time("end", Times.MAX_MILLIS);
        List<List<LabelMatcher>> selectors = selectors(form);
        return texts(
                ask(
                        call,
                        form,
                        reader -> reader.labelValues(name, selectors, start, end, oneMore(limit))),
                limit);
    }

    private static Reply texts(List<String> found, int limit) {
        boolean cut = limit > 0 && found.size() > limit;
        List<String> shown = cut ? found.subList(0, limit) : found;
        return PrometheusApi.streamed(
                json -> PrometheusApi.texts(json, shown),
                cut ? List.of(TRUNCATED) : List.of(),
                List.of());
    }

    /**
     * A name that was escaped for a path: {@code U__} in front, {@code __} for an underscore,
     * {@code _2e_} for the character of that hexadecimal number. What is not so escaped stays as it
     * is.
     */
    static String unescaped(String escaped) {
        StringBuilder name = new StringBuilder();
        int at = ESCAPED.length();
        while (at < escaped.length()) {
            char unit = escaped.charAt(at++);
            if (unit != '_') {
                name.append(unit);
                continue;
            }
            int end = escaped.indexOf('_', at);
            if (end < 0 || end - at > 6) {
                return escaped;
            }
            if (end == at) {
                name.append('_');
            } else {
                try {
                    int point = Integer.parseInt(escaped, at, end, 16);
                    if (!Character.isValidCodePoint(point)) {
                        return escaped;
                    }
                    name.appendCodePoint(point);
                } catch (NumberFormatException _) {
                    return escaped;
                }
            }
            at = end + 1;
        }
        return name.toString();
    }

    private Reply metadata(Call call) throws InterruptedException {
        Form form = Form.of(call);
        int limit = form.number("limit");
        int each = form.number("limit_per_metric");
        String metric = form.get("metric");
        Map<String, List<MetricMetadata>> families = new LinkedHashMap<>();
        for (MetricMetadata known :
                ask(call, form, reader -> reader.metadata(metric.isEmpty() ? null : metric))) {
            if (!families.containsKey(known.family()) && limit > 0 && families.size() == limit) {
                break;
            }
            List<MetricMetadata> of =
                    families.computeIfAbsent(known.family(), _ -> new ArrayList<>());
            if (each <= 0 || of.size() < each) {
                of.add(known);
            }
        }
        return PrometheusApi.success(json -> {
            json.raw('{');
            boolean first = true;
            for (Map.Entry<String, List<MetricMetadata>> family : families.entrySet()) {
                json.raw(first ? "" : ",").name(family.getKey()).raw('[');
                first = false;
                for (int index = 0; index < family.getValue().size(); index++) {
                    json.raw(index > 0 ? ",{\"type\":" : "{\"type\":");
                    MetricMetadata known = family.getValue().get(index);
                    json.text(known.type().text()).raw(",\"help\":").text(known.help());
                    json.raw(",\"unit\":").text(known.unit()).raw('}');
                }
                json.raw(']');
            }
            json.raw('}');
        });
    }

    private Reply delete(Call call) {
        Form form = Form.of(call);
        List<List<LabelMatcher>> selectors = requiredSelectors(form);
        long start = form.time("start", Times.MIN_MILLIS);
        long end = form.time("end", Times.MAX_MILLIS);
        Map<String, Object> details = new HashMap<>();
        details.put("match", form.all("match[]"));
        details.put("start", form.get("start"));
        details.put("end", form.get("end"));
        identity.get().audit().record(call.caller(), "series.delete", null, details);
        engine.get()
                .deleteSeries(
                        OwnedSeries.selectors(selectors, call.principal()),
                        start,
                        end,
                        call.principal().text());
        return Reply.bytes(204, "", new byte[0]);
    }

    private Reply carryOutDeletions(Call call) {
        try {
            engine.get().metrics().carryOutDeletions();
        } catch (IOException failure) {
            throw new ApiFailure(ApiFailure.Type.INTERNAL, "deletions: " + failure);
        }
        return Reply.bytes(204, "", new byte[0]);
    }
}
