package dev.belfry.server.config;

import java.util.ArrayList;
import java.util.List;

/** {@code docs/configuration.md}, from the table of keys. */
public final class ConfigDocs {
    private ConfigDocs() {}

    /** The page. */
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Configuration

                <!-- Made from the table of keys in the server; a test fails when it differs. -->

                Belfry needs no configuration. What you want otherwise stands in `belfry.yaml` in the folder that
                it is started in (or in the file that `--config` names); a variable wins over the file, and a flag
                `--KEY VALUE` over both. An unknown key or a bad value stops the start with one line that says so.

                ```yaml
                server:
                  port: 3000
                retention:
                  events:
                    days: 30
                    rules:
                      - tags: {environment: staging}
                        days: 14
                ```

                | key | what it does | allowed | default | variable, flag |
                | --- | --- | --- | --- | --- |
                """);
        for (Key<?> key : Keys.ALL) {
            page.append("| `").append(key.name()).append("` | ").append(key.description());
            page.append(" | ").append(key.type().allowed().replace("|", "\\|")).append(" | ");
            page.append(key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`");
            page.append(" | ").append(String.join(", ", ways(key))).append(" |\n");
        }
        page.append(
                """

                A secret (`admin.password`, `database.url`, `oidc.client_secret`) may stand in a file of its own:
                `admin.password_file` in `belfry.yaml`, `BELFRY_ADMIN_PASSWORD_FILE`, `--admin.password_file`.
                In `belfry.yaml`, `${NAME}` is the variable `NAME`, and `${NAME:-FALLBACK}` has a value where it is not
                set. `GET /api/v1/monitoring/config` shows every key with its value and where it came from, secrets
                masked; `PUT {"KEY": VALUE}` changes those that need no restart (`changeable`), and keeps the
                change: it goes before file, variables and flags until it is put to `null`.

                The block `monitoring` of `belfry.yaml` is understood where its feature is there:
                `monitoring.logging.level` is `logging.level`, `monitoring.logging.retention` is
                `retention.events.days`, `monitoring.retention_days` is `retention.metrics.days`.
                """);
        return page.toString();
    }

    private static List<String> ways(Key<?> key) {
        List<String> ways = new ArrayList<>();
        ways.add("`" + key.variable() + "`");
        key.variables().forEach(variable -> ways.add("`" + variable + "`"));
        if (!key.flag().isEmpty()) {
            ways.add("`--" + key.flag() + "`");
        }
        return ways;
    }
}
