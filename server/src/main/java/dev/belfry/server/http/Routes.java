package dev.belfry.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All endpoints, found by method and path. */
public final class Routes {
    /** As a path's last segment: any number of segments, none too. */
    private static final String REST = "{rest}";

    private final List<Endpoint> endpoints;
    private final Map<String, Map<String, Endpoint>> fixed = new HashMap<>();
    private final List<Template> templates = new ArrayList<>();

    /** What a path leads to. */
    sealed interface Match {
        /** An endpoint, with what stands in the path for its names. */
        record Found(Endpoint endpoint, Map<String, String> pathValues) implements Match {}

        /** There is a path, for other methods. */
        record OtherMethods(List<String> methods) implements Match {}

        /** Nothing. */
        record Unknown() implements Match {}
    }

    private record Template(List<String> segments, Map<String, Endpoint> byMethod) {}

    /** The routes of {@code endpoints}. */
    public Routes(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        for (Endpoint endpoint : endpoints) {
            Map<String, Endpoint> byMethod = methodsOf(endpoint.path());
            if (byMethod.put(endpoint.method(), endpoint) != null) {
                throw new IllegalStateException(
                        "BUG: declared twice: " + endpoint.method() + " " + endpoint.path());
            }
        }
    }

    /** All of them, in the order of their declaration. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    Match match(String method, String path) {
        Map<String, Endpoint> byMethod = fixed.get(path);
        Map<String, String> values = Map.of();
        if (byMethod == null) {
            String[] segments = path.split("/", -1);
            for (Template template : templates) {
                Map<String, String> found = values(template.segments(), segments);
                if (found != null) {
                    byMethod = template.byMethod();
                    values = found;
                    break;
                }
            }
        }
        if (byMethod == null) {
            return new Match.Unknown();
        }
        Endpoint endpoint = byMethod.get(method.equals("HEAD") ? "GET" : method);
        return endpoint == null
                ? new Match.OtherMethods(List.copyOf(new TreeSet<>(byMethod.keySet())))
                : new Match.Found(endpoint, values);
    }

    private Map<String, Endpoint> methodsOf(String path) {
        if (!path.contains("{")) {
            return fixed.computeIfAbsent(path, _ -> new HashMap<>());
        }
        List<String> segments = List.of(path.split("/", -1));
        for (Template template : templates) {
            if (template.segments().equals(segments)) {
                return template.byMethod();
            }
        }
        Template template = new Template(segments, new HashMap<>());
        templates.add(template);
        return template.byMethod();
    }

    private static @Nullable Map<String, String> values(List<String> template, String[] segments) {
        int fixed = template.size() - 1;
        boolean open = template.get(fixed).equals(REST) && segments.length >= fixed;
        if (template.size() != segments.length && !open) {
            return null;
        }
        Map<String, String> values = new HashMap<>();
        if (open) {
            List<String> rest = List.of(segments).subList(fixed, segments.length);
            values.put("rest", decode(String.join("/", rest)));
        }
        for (int index = 0; index < (open ? fixed : segments.length); index++) {
            String wanted = template.get(index);
            if (wanted.startsWith("{")) {
                String name = wanted.substring(1, wanted.length() - 1);
                values.put(name, decode(segments[index]));
            } else if (!wanted.equals(segments[index])) {
                return null;
            }
        }
        return values;
    }

    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return segment;
        }
    }
}
