package dev.belfry.server.http;

import dev.belfry.model.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docs/api.md}, from the endpoints' declarations. */
public final class ApiDocs {
    private ApiDocs() {}

    /** The page of {@code endpoints}. */
    public static String markdown(List<Endpoint> endpoints) {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # The API

                <!-- Made from the endpoints' declarations in the server; a test fails when it differs. -->

                `GET /api/v1/openapi.json` describes every call with its parameters, shapes, examples and errors.
                A call shows a session's token or an API key: `Authorization: Bearer TOKEN` or `X-API-Key: KEY`.
                An answer is `{"success": true, "data": …}`, an error
                `{"success": false, "error": {"code", "message", "details"}}`; health, exposition and paths outside
                of `/api/v1/monitoring`, `auth`, `users`, `keys` and `audit` have no envelope. Times are RFC 3339
                or relative to now, such as `now-15m`; a start is inclusive, an end exclusive.
                """);
        Map<String, StringBuilder> groups = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            groups.computeIfAbsent(endpoint.group(), _ -> new StringBuilder())
                    .append(row(endpoint));
        }
        groups.forEach((group, rows) -> {
            page.append("\n## ").append(group).append("\n\n");
            page.append("| call | who | what | parameters |\n| --- | --- | --- | --- |\n");
            page.append(rows);
        });
        page.append("\n## Errors\n\n| code | status | what it means |\n| --- | --- | --- |\n");
        for (ErrorCode code : ErrorCode.values()) {
            page.append("| `").append(code).append("` | ").append(Errors.status(code));
            page.append(" | ").append(Errors.meaning(code)).append(" |\n");
        }
        return page.toString();
    }

    private static String row(Endpoint endpoint) {
        List<String> names =
                endpoint.parameters().stream()
                        .map(parameter -> "`" + parameter.name() + "`")
                        .toList();
        return "| `"
                + endpoint.method()
                + " "
                + endpoint.path()
                + "` | "
                + endpoint.access().text()
                + " | "
                + endpoint.summary()
                + " | "
                + String.join(" ", names)
                + " |\n";
    }
}
