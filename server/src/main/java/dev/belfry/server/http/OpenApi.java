package dev.belfry.server.http;

import dev.belfry.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The OpenAPI 3.1 document of all endpoints. */
public final class OpenApi {
    private static final Pattern NAME = Pattern.compile("\\{([^}]+)}");

    private static final Shape ERROR =
            Shape.object(
                    "Error",
                    Shape.member("success", Shape.TRUTH, "Always false."),
                    Shape.member(
                            "error",
                            Shape.object(
                                    "ErrorDetails",
                                    Shape.member("code", codes(), "What went wrong."),
                                    Shape.member(
                                            "message",
                                            Shape.TEXT,
                                            "The value, and what was expected."),
                                    Shape.member("details", Shape.FREE, "Further facts.")),
                            ""));

    private OpenApi() {}

    /** The document as JSON. */
    public static JsonText document(List<Endpoint> endpoints, String version) {
        Map<String, Object> named = new LinkedHashMap<>();
        Map<String, Object> paths = new LinkedHashMap<>();
        Set<String> groups = new LinkedHashSet<>();
        for (Endpoint endpoint : endpoints) {
            groups.add(endpoint.group());
            @SuppressWarnings("unchecked") // nothing else is put in
            Map<String, Object> item =
                    (Map<String, Object>)
                            paths.computeIfAbsent(
                                    endpoint.path(), _ -> new LinkedHashMap<String, Object>());
            item.put(endpoint.method().toLowerCase(Locale.ROOT), operation(endpoint, named));
        }
        ERROR.schema(named);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of(
                        "title",
                        "Belfry",
                        "version",
                        version,
                        "description",
                        "Observability and incident response in one process. Every call takes a"
                                + " session's token or an API key as Bearer token."));
        document.put("servers", List.of(Map.of("url", "/")));
        document.put("security", List.of(Map.of("bearer", List.of())));
        document.put("tags", groups.stream().map(group -> Map.of("name", group)).toList());
        document.put("paths", paths);
        document.put(
                "components",
                Map.of(
                        "schemas",
                        named,
                        "securitySchemes",
                        Map.of(
                                "bearer",
                                Map.of("type", "http", "scheme", "bearer"),
                                "key",
                                Map.of("type", "apiKey", "in", "header", "name", "X-API-Key"),
                                "cookie",
                                Map.of(
                                        "type",
                                        "apiKey",
                                        "in",
                                        "cookie",
                                        "name",
                                        Authentication.COOKIE))));
        return new JsonText(65_536).value(document);
    }

    private static Map<String, Object> operation(Endpoint endpoint, Map<String, Object> named) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", operationId(endpoint));
        operation.put("tags", List.of(endpoint.group()));
        operation.put("summary", endpoint.summary());
        operation.put("description", "Who may: " + endpoint.access().text() + ".");
        if (endpoint.access() instanceof Access.Public) {
            operation.put("security", List.of());
        }
        List<Object> parameters = parameters(endpoint, named);
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        Shape request = endpoint.request();
        if (request != null) {
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("schema", request.schema(named));
            if (!endpoint.requestExample().isEmpty()) {
                content.put(
                        "example",
                        JsonObject.parseValue(
                                endpoint.requestExample().getBytes(StandardCharsets.UTF_8)));
            }
            operation.put(
                    "requestBody",
                    Map.of("required", true, "content", Map.of("application/json", content)));
        }
        operation.put("responses", responses(endpoint, named));
        return operation;
    }

    private static List<Object> parameters(Endpoint endpoint, Map<String, Object> named) {
        List<Object> parameters = new ArrayList<>();
        Matcher matcher = NAME.matcher(endpoint.path());
        while (matcher.find()) {
            Map<String, Object> parameter = new LinkedHashMap<>();
            parameter.put("name", matcher.group(1));
            parameter.put("in", "path");
            parameter.put("required", true);
            parameter.put("schema", Shape.UUID.schema(named));
            parameters.add(parameter);
        }
        for (Parameter declared : endpoint.parameters()) {
            Map<String, Object> parameter = new LinkedHashMap<>();
            parameter.put("name", declared.name());
            parameter.put("in", "query");
            parameter.put("description", declared.description());
            Shape shape = declared.repeats() ? Shape.list(declared.schema()) : declared.schema();
            parameter.put("schema", shape.schema(named));
            if (!declared.example().isEmpty()) {
                parameter.put(
                        "example",
                        declared.repeats() ? List.of(declared.example()) : declared.example());
            }
            parameters.add(parameter);
        }
        return parameters;
    }

    private static Map<String, Object> responses(Endpoint endpoint, Map<String, Object> named) {
        Map<String, Object> responses = new LinkedHashMap<>();
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("description", "Good.");
        Shape shape = endpoint.response();
        if (shape != null) {
            Map<String, Object> schema =
                    endpoint.enveloped() ? enveloped(shape, named) : shape.schema(named);
            good.put("content", Map.of("application/json", Map.of("schema", schema)));
        }
        responses.put(Integer.toString(endpoint.status()), good);
        for (Map.Entry<Integer, List<ErrorCode>> entry : errors(endpoint).entrySet()) {
            List<String> meanings =
                    entry.getValue().stream()
                            .map(code -> code + ": " + Errors.meaning(code))
                            .toList();
            responses.put(
                    Integer.toString(entry.getKey()),
                    Map.of(
                            "description",
                            String.join(" ", meanings),
                            "content",
                            Map.of("application/json", error(entry.getValue().getFirst(), named))));
        }
        return responses;
    }

    private static Map<String, Object> enveloped(Shape shape, Map<String, Object> named) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>(List.of("success", "data"));
        properties.put("success", Map.of("type", "boolean", "const", true));
        properties.put("data", shape.schema(named));
        if (shape instanceof Shape.Beside beside) {
            for (Shape.Member member : beside.members()) {
                properties.put(member.name(), member.shape().schema(named));
                if (member.required()) {
                    required.add(member.name());
                }
            }
        }
        return Map.of("type", "object", "properties", properties, "required", required);
    }

    private static Map<String, Object> error(ErrorCode code, Map<String, Object> named) {
        Map<String, Object> example =
                Map.of(
                        "success",
                        false,
                        "error",
                        Map.of(
                                "code", code.name(),
                                "message", Errors.meaning(code),
                                "details", Map.of()));
        return Map.of("schema", ERROR.schema(named), "example", example);
    }

    /** Every error that a call may answer, by status. */
    static Map<Integer, List<ErrorCode>> errors(Endpoint endpoint) {
        Set<ErrorCode> codes = new LinkedHashSet<>();
        codes.add(ErrorCode.VALIDATION_ERROR);
        if (!(endpoint.access() instanceof Access.Public)) {
            codes.add(ErrorCode.UNAUTHORIZED);
            codes.add(ErrorCode.FORBIDDEN);
        }
        if (endpoint.path().contains("{")) {
            codes.add(ErrorCode.NOT_FOUND);
        }
        if (endpoint.request() != null) {
            codes.add(ErrorCode.TOO_LARGE);
        }
        codes.addAll(endpoint.errors());
        codes.add(ErrorCode.INTERNAL_SERVER_ERROR);
        codes.add(ErrorCode.OVERLOADED);
        Map<Integer, List<ErrorCode>> byStatus = new LinkedHashMap<>();
        for (ErrorCode code : codes) {
            byStatus.computeIfAbsent(Errors.status(code), _ -> new ArrayList<>()).add(code);
        }
        return byStatus;
    }

    private static String operationId(Endpoint endpoint) {
        StringBuilder id = new StringBuilder(endpoint.method().toLowerCase(Locale.ROOT));
        String path = endpoint.path();
        path = path.startsWith("/api/v1/") ? path.substring("/api/v1/".length()) : "root" + path;
        for (String word : path.split("[^A-Za-z0-9]+")) {
            id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return id.toString();
    }

    private static Shape codes() {
        List<String> names = new ArrayList<>();
        for (ErrorCode code : ErrorCode.values()) {
            names.add(code.name());
        }
        return Shape.oneOf(names.toArray(String[]::new));
    }
}
