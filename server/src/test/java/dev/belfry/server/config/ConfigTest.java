package dev.belfry.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.receive.RedactionRule;
import dev.belfry.server.Docs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTest {
    @TempDir private Path folder;

    @Test
    void defaults_ofAllKeys() {
        StringBuilder all = new StringBuilder();
        Config config = load(Map.of());
        for (Key<?> key : Keys.ALL) {
            all.append(key.name()).append('=');
            all.append(config.find(key).map(Object::toString).orElse("")).append('\n');
        }
        assertThat(all.toString())
                .isEqualTo(
                        """
                        data=data
                        server.port=3000
                        server.listen=127.0.0.1
                        server.url=
                        server.cors_origins=[]
                        tls.certificate=
                        tls.key=
                        tls.client_ca=
                        tls.min_version=1.2
                        auth.password_login=true
                        oidc.issuer=
                        oidc.client_id=
                        oidc.client_secret=
                        oidc.scopes=openid profile email
                        oidc.label=Log in with single sign-on
                        oidc.username_claim=preferred_username
                        oidc.role_claim=groups
                        oidc.roles={}
                        oidc.default_role=none
                        oidc.sources_claim=
                        outgoing.link_local=false
                        otlp.grpc.port=4317
                        otlp.http.port=4318
                        otlp.anonymous=never
                        admin.password=
                        database.url=
                        journal.sync=always
                        journal.interval=PT1S
                        limits.body=33554432
                        limits.event=262144
                        limits.batch=100000
                        limits.inflight=134217728
                        limits.connections.all=16000
                        limits.connections.address=12000
                        limits.head=PT10S
                        limits.send=PT1M
                        limits.query.timeout=PT30S
                        limits.query.memory=67108864
                        limits.query.rows=10000
                        limits.query.concurrency=4
                        limits.sql.memory=83886080
                        limits.sql.temp=1073741824
                        rate_limits.key.events=0
                        rate_limits.key.bytes=0
                        rate_limits.key.queries=0
                        rate_limits.user.events=0
                        rate_limits.user.bytes=0
                        rate_limits.user.queries=0
                        retention.events.days=30
                        retention.events.rules=%s
                        retention.metrics.days=90
                        retention.metrics.tiers=false
                        metrics.prefix=belfry_
                        metrics.access=key
                        metrics.enabled=true
                        logging.level=info
                        logging.store=true
                        redaction.enabled=true
                        redaction.kinds=[password, secret, token, api_key, authorization, cookie,\
                         private_key, aws_key, github_token, slack_token, stripe_key, google_key,\
                         jwt, url_password, card]
                        redaction.rules=[]
                        enrichment.level=true
                        enrichment.trace=true
                        enrichment.lift=true
                        syslog.listeners=[]
                        fluent.listeners=[]
                        statsd.listeners=[]
                        otlp.metrics.translation=UnderscoreEscapingWithSuffixes
                        otlp.metrics.scope_labels=true
                        otlp.metrics.promote_resource_attributes=
                        scrape.file=
                        scrape.configs=[]
                        metrics.store=true
                        """
                                .formatted(
                                        List.of(
                                                rule("environment", "staging", 14),
                                                rule("deployment.environment.name", "staging", 14),
                                                rule("environment", "development", 7),
                                                rule(
                                                        "deployment.environment.name",
                                                        "development",
                                                        7))));
        assertThat(config.origin(Keys.SERVER_PORT)).isEqualTo("default");
    }

    private static RetentionRule rule(String tag, String value, int days) {
        return new RetentionRule(null, null, Map.of(tag, value), days);
    }

    @Test
    void flag_winsOverVariable_winsOverFile() throws IOException {
        write("server:\n  port: 1001\n  listen: 0.0.0.0\nlimits:\n  query:\n    timeout: 5s\n");
        assertThat(load(Map.of()).get(Keys.SERVER_PORT)).isEqualTo(1001);
        Config both = load(Map.of("BELFRY_SERVER_PORT", "1002"));
        assertThat(both.get(Keys.SERVER_PORT)).isEqualTo(1002);
        assertThat(both.origin(Keys.SERVER_PORT)).isEqualTo("BELFRY_SERVER_PORT");
        Config all = load(Map.of("BELFRY_PORT", "1002"), "--port=1003", "--data", "/d");
        assertThat(all.get(Keys.SERVER_PORT)).isEqualTo(1003);
        assertThat(all.get(Keys.SERVER_LISTEN)).isEqualTo("0.0.0.0");
        assertThat(all.get(Keys.DATA)).isEqualTo("/d");
        assertThat(all.get(Keys.QUERY_TIMEOUT)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void variablesOfTheSeeds_work() {
        Config config =
                load(
                        Map.of(
                                "DATABASE_URL", "postgres://u:p@h/d",
                                "MONITORING_EVENT_RETENTION_DAYS", "12",
                                "MONITORING_METRIC_RETENTION_DAYS", "34",
                                "PATH", "/bin"));
        assertThat(config.find(Keys.DATABASE_URL)).contains("postgres://u:p@h/d");
        assertThat(config.get(Keys.EVENT_RETENTION_DAYS)).isEqualTo(12);
        assertThat(config.get(Keys.METRIC_RETENTION_DAYS)).isEqualTo(34);
    }

    @Test
    void redactionRules_areReadAndChecked() throws IOException {
        write(
                "redaction:\n  kinds: [card, email]\n  rules:\n"
                        + "    - {name: badge, literal: BDG-, regex: 'BDG-(\\d+)'}\n");
        assertThat(load(Map.of()).get(ReceiveKeys.REDACTION_RULES))
                .containsExactly(new RedactionRule("badge", "BDG-", "BDG-(\\d+)"));
        assertThat(load(Map.of()).get(ReceiveKeys.REDACTION_KINDS))
                .containsExactly("card", "email");
        assertThatThrownBy(() ->
                        load(
                                Map.of(
                                        "BELFRY_REDACTION_RULES",
                                        "[{\"name\":\"x\",\"literal\":\"abcd\",\"regex\":\"(ab\"}]")))
                .hasMessageContaining("regex of x: Unclosed group");
        assertThatThrownBy(() -> load(Map.of("BELFRY_REDACTION_KINDS", "card, ssn")))
                .hasMessageContaining("expected: a list of password");
    }

    @Test
    void retentionRules_areReadFromFileAndVariable() throws IOException {
        write(
                "retention:\n  events:\n    rules:\n      - source: noisy\n        days: 2\n"
                        + "      - level: debug\n        tags: {team: web}\n        days: 3\n");
        assertThat(load(Map.of()).get(Keys.EVENT_RETENTION_RULES))
                .containsExactly(
                        new RetentionRule("noisy", null, Map.of(), 2),
                        new RetentionRule(null, "debug", Map.of("team", "web"), 3));
        Config other = load(Map.of("BELFRY_RETENTION_EVENTS_RULES", "[{\"days\":1}]"));
        assertThat(other.get(Keys.EVENT_RETENTION_RULES)).hasSize(1);
    }

    @Test
    void retentionRules_ofTheDefault_areWhatItsTextSays() throws IOException {
        String text = Keys.EVENT_RETENTION_RULES.defaultText();
        Config asText = load(Map.of("BELFRY_RETENTION_EVENTS_RULES", text.replace(",", ", ")));
        assertThat(load(Map.of()).get(Keys.EVENT_RETENTION_RULES))
                .hasSize(4)
                .isEqualTo(asText.get(Keys.EVENT_RETENTION_RULES));
    }

    @Test
    void blockOfSeed002_isUnderstoodWhereItsFeatureIsThere() throws IOException {
        write("monitoring:\n  retention_days: 5\n  logging:\n    level: debug\n    retention: 9\n");
        Config config = load(Map.of());
        assertThat(config.get(Keys.METRIC_RETENTION_DAYS)).isEqualTo(5);
        assertThat(config.get(Keys.LOGGING_LEVEL)).isEqualTo("debug");
        assertThat(config.get(Keys.EVENT_RETENTION_DAYS)).isEqualTo(9);
        assertThat(
                        load(Map.of("MONITORING_EVENT_RETENTION_DAYS", "3"))
                                .get(Keys.EVENT_RETENTION_DAYS))
                .isEqualTo(3);
        write("monitoring:\n  tracing:\n    enabled: true\n");
        assertFails(Map.of(), "monitoring.tracing", "traces");
        write("");
        assertFails(Map.of("BELFRY_MONITORING_ALERTS_ENABLED", "1"), "alerts");
    }

    @Test
    void mistakes_nameKeyValueAndWhatIsAllowed() throws IOException {
        assertFails(Map.of("BELFRY_SERVER_PORT", "70000"), "BELFRY_SERVER_PORT", "70000", "65535");
        assertFails(Map.of("BELFRY_SERVR_PORT", "1"), "BELFRY_SERVR_PORT", "server.port");
        assertFails(Map.of("BELFRY_JOURNAL_SYNC", "never"), "never", "always, interval");
        assertFails(Map.of("BELFRY_LIMITS_BODY", "1B"), "1B", "64KiB");
        write("server:\n  prot: 1\n");
        assertFails(Map.of(), "server.prot", "server.port");
        write("server: 3\n");
        assertFails(Map.of(), "server");
        write("a: [\n");
        assertFails(Map.of(), "is not YAML");
        write("");
        assertFails(Map.of("BELFRY_CONFIG", "missing.yaml"), "missing.yaml");
        assertThatThrownBy(() -> load(Map.of(), "--wrong", "x")).hasMessageContaining("--wrong");
        assertThatThrownBy(() -> load(Map.of(), "port")).hasMessageContaining("is no flag");
        assertThatThrownBy(() -> load(Map.of(), "--port")).hasMessageContaining("has no value");
    }

    @Test
    void secrets_areNotShownInMessages() {
        assertThatThrownBy(() -> load(Map.of("BELFRY_ADMIN_PASSWORD", "short")))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("short");
    }

    @Test
    void secrets_comeFromFilesAndVariablesToo() throws IOException {
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "of-a-file-12345\n");
        write("oidc:\n  client_secret_file: " + secret + "\n");
        Config byFile = load(Map.of());
        assertThat(byFile.find(Keys.OIDC_CLIENT_SECRET)).contains("of-a-file-12345");
        write("admin:\n  password_file: " + secret + "\n");
        assertThat(load(Map.of()).find(Keys.ADMIN_PASSWORD)).contains("of-a-file-12345");
        write("admin:\n  password: ${SECRET}\n");
        assertThat(load(Map.of("SECRET", "of a variable")).find(Keys.ADMIN_PASSWORD))
                .contains("of a variable");
        assertFails(Map.of(), "admin.password", "${SECRET}");
        write("server:\n  listen: ${LISTEN:-0.0.0.0}\n");
        assertThat(load(Map.of()).get(Keys.SERVER_LISTEN)).isEqualTo("0.0.0.0");
        write("");
        Config byVariable = load(Map.of("BELFRY_ADMIN_PASSWORD_FILE", secret.toString()));
        assertThat(byVariable.find(Keys.ADMIN_PASSWORD)).contains("of-a-file-12345");
        assertThat(byVariable.origin(Keys.ADMIN_PASSWORD)).isEqualTo("BELFRY_ADMIN_PASSWORD_FILE");
        assertThat(load(Map.of("DATABASE_URL_FILE", secret.toString())).find(Keys.DATABASE_URL))
                .contains("of-a-file-12345");
        assertThat(
                        load(Map.of(), "--admin.password_file", secret.toString())
                                .find(Keys.ADMIN_PASSWORD))
                .contains("of-a-file-12345");
        assertFails(Map.of("BELFRY_ADMIN_PASSWORD_FILE", "/no/such"), "/no/such", "a file");
        assertFails(Map.of("BELFRY_SERVER_PORT_FILE", "x"), "is no key");
    }

    @Test
    void roles_areReadFromFileAndVariable() throws IOException {
        write("oidc:\n  roles:\n    admin: [ops, root]\n    user: [staff]\n");
        assertThat(load(Map.of()).get(Keys.OIDC_ROLES))
                .isEqualTo(Map.of("admin", List.of("ops", "root"), "user", List.of("staff")));
        write("");
        assertThat(load(Map.of("BELFRY_OIDC_ROLES", "{\"admin\":[\"a\"]}")).get(Keys.OIDC_ROLES))
                .isEqualTo(Map.of("admin", List.of("a")));
        assertFails(Map.of("BELFRY_OIDC_ROLES", "{\"king\":[\"a\"]}"), "king", "moderator");
    }

    @Test
    void docs_areWhatTheTableSays() {
        Docs.assertSame("configuration.md", ConfigDocs.markdown());
    }

    private void assertFails(Map<String, String> variables, String... said) {
        assertThatThrownBy(() -> load(variables))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains(said)
                .doesNotContain("\n");
    }

    private Config load(Map<String, String> variables, String... flags) {
        return ConfigLoader.load(List.of(flags), variables, folder);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("belfry.yaml"), yaml);
    }
}
