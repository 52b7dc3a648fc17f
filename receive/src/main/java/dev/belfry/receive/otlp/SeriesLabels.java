package dev.belfry.receive.otlp;

import dev.belfry.model.ValueKind;
import dev.belfry.model.series.Floats;
import dev.belfry.model.series.Labels;
import dev.belfry.receive.OtlpMetricsConfig;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes labels of a resource, a scope and a point, for series that are new; for one thread. */
final class SeriesLabels {
    /*
     * As Prometheus does (storage/remote/otlptranslator): service.namespace and service.name are the job,
     * service.instance.id is the instance, all else of the resource goes to target_info. Attributes whose names
     * become one are joined by ";" in the order of their own names.
     */
    private static final int ATTRIBUTE = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_VERSION = 2 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_ATTRIBUTE = 3 << 3 | ProtoReader.LENGTH;
    private static final String SERVICE_NAME = "service.name";
    private static final String SERVICE_NAMESPACE = "service.namespace";
    private static final String SERVICE_INSTANCE = "service.instance.id";

    private final OtlpMetricsConfig config;
    private final MetricNaming naming;
    private final ProtoReader in;
    private final AnyValues values;
    private final Map<String, String> attributes = new TreeMap<>();

    /* Of the resource and the scope: where they stand, and what they give once somebody asked. */
    private final Spans resource = new Spans();
    private final Spans scope = new Spans();
    private @Nullable Map<String, String> resourceLabels;
    private @Nullable Map<String, String> scopeLabels;
    private @Nullable Labels targetInfo;

    /** Labels of what stands in {@code bytes}. */
    SeriesLabels(byte[] bytes, OtlpMetricsConfig config, MetricNaming naming) {
        this.config = config;
        this.naming = naming;
        this.in = new ProtoReader(bytes, 0, 0);
        this.values = new AnyValues(in);
    }

    /** Where the resource stands; whoever adds to it tells so by {@link #resourceChanged}. */
    Spans resource() {
        return resource;
    }

    /** Where the scope stands, likewise. */
    Spans scope() {
        return scope;
    }

    /** Forgets what the resource before had. */
    void resourceChanged() {
        resourceLabels = null;
        scopeLabels = null;
        targetInfo = null;
    }

    /** Forgets what the scope before had. */
    void scopeChanged() {
        scopeLabels = null;
    }

    /**
     * The labels of a series.
     *
     * @param point the attributes of the point, with their tags
     * @param extraName a label more; empty for none
     */
    Labels of(String name, Spans point, String extraName, String extraValue) {
        Map<String, String> labels = new TreeMap<>();
        read(point);
        rename(attributes, "", labels);
        Map<String, String> outer = resourceLabels();
        outer.forEach((key, value) -> {
            if (key.equals("job") || key.equals("instance")) {
                labels.put(key, value);
            } else {
                labels.putIfAbsent(key, value);
            }
        });
        labels.putAll(scopeLabels());
        if (!extraName.isEmpty()) {
            labels.put(extraName, extraValue);
        }
        labels.put(Labels.NAME, name);
        return Labels.of(labels);
    }

    /** Only the attributes {@code spans}, with their tags. */
    Labels plain(Spans spans) {
        Map<String, String> labels = new TreeMap<>();
        read(spans);
        rename(attributes, "", labels);
        return Labels.of(labels);
    }

    /** The labels of {@code target_info}; empty when the resource gives none. */
    Labels targetInfo() {
        resourceLabels();
        return targetInfo == null ? Labels.EMPTY : targetInfo;
    }

    private Map<String, String> resourceLabels() {
        if (resourceLabels != null) {
            return resourceLabels;
        }
        attributes.clear();
        for (int i = 0; i < resource.size(); i++) {
            pairs(resource.from(i), resource.to(i), ATTRIBUTE);
        }
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> promoted = new TreeMap<>(attributes);
        promoted.keySet().retainAll(config.promoted());
        rename(promoted, "", labels);
        String service = attributes.getOrDefault(SERVICE_NAME, "");
        String namespace = attributes.getOrDefault(SERVICE_NAMESPACE, "");
        String job = namespace.isEmpty() ? service : namespace + "/" + service;
        String instance = attributes.getOrDefault(SERVICE_INSTANCE, "");
        Map<String, String> identity = new TreeMap<>();
        if (!service.isEmpty()) {
            identity.put("job", job);
        }
        if (!instance.isEmpty()) {
            identity.put("instance", instance);
        }
        labels.putAll(identity);
        targetInfo = info(identity);
        resourceLabels = labels;
        return labels;
    }

    private Labels info(Map<String, String> identity) {
        attributes.remove(SERVICE_NAME);
        attributes.remove(SERVICE_NAMESPACE);
        attributes.remove(SERVICE_INSTANCE);
        if (attributes.isEmpty() || identity.isEmpty()) {
            return Labels.EMPTY;
        }
        Map<String, String> labels = new TreeMap<>();
        rename(attributes, "", labels);
        labels.replaceAll((_, value) ->
                value.length() <= SeriesIntake.VALUE_CHARS_MAX
                        ? value
                        : value.substring(0, SeriesIntake.VALUE_CHARS_MAX));
        labels.putAll(identity);
        labels.put(Labels.NAME, "target_info");
        return Labels.of(labels);
    }

    private Map<String, String> scopeLabels() {
        if (scopeLabels != null) {
            return scopeLabels;
        }
        Map<String, String> labels = new TreeMap<>();
        if (config.scopeLabels()) {
            attributes.clear();
            for (int i = 0; i < scope.size(); i++) {
                pairs(scope.from(i), scope.to(i), SCOPE_ATTRIBUTE);
            }
            rename(attributes, "otel_scope_", labels);
            for (int i = 0; i < scope.size(); i++) {
                scopeTexts(scope.from(i), scope.to(i), labels);
            }
        }
        scopeLabels = labels;
        return labels;
    }

    private void scopeTexts(int from, int to, Map<String, String> labels) {
        in.at = from;
        in.end = to;
        while (in.more()) {
            int tag = in.tag();
            if (tag == SCOPE_NAME || tag == SCOPE_VERSION) {
                int length = in.length();
                String text = new String(in.bytes, in.at, length, StandardCharsets.UTF_8);
                in.at += length;
                labels.put(tag == SCOPE_NAME ? "otel_scope_name" : "otel_scope_version", text);
            } else {
                in.skip(tag);
            }
        }
    }

    private void rename(Map<String, String> from, String prefix, Map<String, String> into) {
        from.forEach((key, value) ->
                into.merge(
                        prefix.isEmpty() ? naming.label(key) : prefix + label(key),
                        value,
                        (before, more) -> before + ";" + more));
    }

    /* Behind a prefix, the first character is not the first. */
    private String label(String key) {
        String named = naming.label("x" + key);
        return named.substring(1);
    }

    private void read(Spans point) {
        attributes.clear();
        for (int i = 0; i < point.size(); i++) {
            in.at = point.from(i);
            in.end = point.to(i);
            while (in.more()) {
                in.tag();
                int outer = in.enter();
                pair();
                in.leave(outer);
            }
        }
    }

    private void pairs(int from, int to, int wanted) {
        in.at = from;
        in.end = to;
        while (in.more()) {
            int tag = in.tag();
            if (tag == wanted) {
                int outer = in.enter();
                pair();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void pair() {
        String key = "";
        values.clear();
        while (in.more()) {
            int tag = in.tag();
            if (tag == AnyValues.KEY) {
                int length = in.length();
                key = new String(in.bytes, in.at, length, StandardCharsets.UTF_8);
                in.at += length;
            } else if (tag == AnyValues.VALUE) {
                int outer = in.enter();
                values.read();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        if (!key.isEmpty()) {
            attributes.put(key, text());
        }
    }

    private String text() {
        if (values.kind == ValueKind.TRUE || values.kind == ValueKind.FALSE) {
            return values.kind == ValueKind.TRUE ? "true" : "false";
        }
        String text = new String(values.bytes, values.from, values.length, StandardCharsets.UTF_8);
        boolean real = values.kind == ValueKind.NUMBER && text.indexOf('.') >= 0;
        return real ? Floats.shortest(Double.parseDouble(text)) : text;
    }
}
