package dev.belfry.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every key that there is: parsing, the documentation and the test of defaults come from here. */
public final class Keys {
    static final ValueType.Whole DAYS = new ValueType.Whole(1, 36_500);

    private static final ValueType<Boolean> TRUTH = new ValueType.Truth();
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    public static final Key<String> DATA =
            key(
                    "data",
                    text("a folder", "[^\\p{Cntrl}]+"),
                    "data",
                    "The folder that holds everything that Belfry keeps.",
                    "data");
    public static final Key<Long> SERVER_PORT =
            new Key<>(
                    "server.port",
                    new ValueType.Whole(0, 65_535),
                    "3000",
                    "The port of page and API; 0 takes a free one.",
                    "port",
                    List.of("BELFRY_PORT"),
                    false);
    public static final Key<String> SERVER_LISTEN =
            new Key<>(
                    "server.listen",
                    text("an address of this machine", "[0-9A-Za-z.:%\\[\\]-]+"),
                    "127.0.0.1",
                    "The address to listen on; 0.0.0.0 for all.",
                    "listen",
                    List.of("BELFRY_LISTEN"),
                    false);
    public static final Key<String> SERVER_URL =
            key(
                    "server.url",
                    text("a URL such as https://belfry.example.com", "https?://[^\\s/?#@]+/?"),
                    "",
                    "Where people find Belfry, if a proxy stands before it; else what they ask for.",
                    "");
    public static final Key<List<String>> CORS_ORIGINS =
            key(
                    "server.cors_origins",
                    new ValueType.Texts(
                            "a list of origins such as https://shop.example.com, or *",
                            Pattern.compile("\\*|https?://[^\\s/?#@,*]+")),
                    "[]",
                    "Whose pages may call Belfry from a browser, with a key (never with a cookie); * for all.",
                    "");
    public static final Key<String> TLS_CERTIFICATE =
            key(
                    "tls.certificate",
                    text("a PEM file", "[^\\p{Cntrl}]+"),
                    "",
                    "The certificate with its chain; with it every port speaks TLS only.",
                    "");
    public static final Key<String> TLS_KEY =
            key(
                    "tls.key",
                    text("a PEM file", "[^\\p{Cntrl}]+"),
                    "",
                    "The certificate's private key, PKCS #8 without a password.",
                    "");
    public static final Key<String> TLS_CLIENT_CA =
            key(
                    "tls.client_ca",
                    text("a PEM file", "[^\\p{Cntrl}]+"),
                    "",
                    "Who signs the clients' certificates; with it each client must show one.",
                    "");
    public static final Key<String> TLS_MIN_VERSION =
            key(
                    "tls.min_version",
                    new ValueType.OneOf(List.of("1.2", "1.3")),
                    "1.2",
                    "The least version of TLS.",
                    "");
    public static final Key<Boolean> PASSWORD_LOGIN =
            key(
                    "auth.password_login",
                    TRUTH,
                    "true",
                    "Whether people log in by name and password.",
                    "");
    public static final Key<String> OIDC_ISSUER =
            key(
                    "oidc.issuer",
                    text("a URL such as https://login.example.com/realm", "https?://[^\\s?#@]+"),
                    "",
                    "Who else vouches for people (OpenID Connect); found by discovery.",
                    "");
    public static final Key<String> OIDC_CLIENT_ID =
            key("oidc.client_id", text("a text", "\\S+"), "", "Belfry's name there.", "");
    public static final Key<String> OIDC_CLIENT_SECRET =
            new Key<>(
                    "oidc.client_secret",
                    text("a text", "\\S+"),
                    "",
                    "Belfry's secret there; a client without one is a public client.",
                    "",
                    List.of(),
                    true);
    public static final Key<String> OIDC_SCOPES =
            key(
                    "oidc.scopes",
                    text("words with blanks between, openid among them", "(.* )?openid( .*)?"),
                    "openid profile email",
                    "What Belfry asks for there.",
                    "");
    public static final Key<String> OIDC_LABEL =
            key(
                    "oidc.label",
                    text("1 to 100 characters", "[^\\p{Cntrl}]{1,100}"),
                    "Log in with single sign-on",
                    "What the button on the page says.",
                    "");
    public static final Key<String> OIDC_USERNAME_CLAIM =
            key(
                    "oidc.username_claim",
                    text("a claim", "\\S+"),
                    "preferred_username",
                    "The claim that becomes the username; email and sub stand in for it.",
                    "");
    public static final Key<String> OIDC_ROLE_CLAIM =
            key(
                    "oidc.role_claim",
                    text("a claim, dots for levels", "\\S+"),
                    "groups",
                    "The claim that oidc.roles is about.",
                    "");
    public static final Key<Map<String, List<String>>> OIDC_ROLES =
            key(
                    "oidc.roles",
                    new ValueType.Groups(List.of("admin", "moderator", "user")),
                    "{}",
                    "Which values of the claim give which role; the highest counts.",
                    "");
    public static final Key<String> OIDC_DEFAULT_ROLE =
            key(
                    "oidc.default_role",
                    new ValueType.OneOf(List.of("none", "user", "moderator")),
                    "none",
                    "The role of who has no such value; none: they are refused.",
                    "");
    public static final Key<String> OIDC_SOURCES_CLAIM =
            key(
                    "oidc.sources_claim",
                    text("a claim, dots for levels", "\\S+"),
                    "",
                    "The claim that lists the sources a user owns; without it Belfry keeps them.",
                    "");
    public static final Key<Boolean> OUTGOING_LINK_LOCAL =
            key(
                    "outgoing.link_local",
                    TRUTH,
                    "false",
                    "Whether Belfry may call link-local addresses, a cloud's metadata service"
                            + " among them.",
                    "");
    public static final Key<Long> OTLP_GRPC_PORT =
            key(
                    "otlp.grpc.port",
                    new ValueType.Whole(0, 65_535),
                    "4317",
                    "A second port for OTLP, where gRPC clients look for it; 0 for none. If the default is"
                            + " taken, Belfry starts without.",
                    "");
    public static final Key<Long> OTLP_HTTP_PORT =
            key(
                    "otlp.http.port",
                    new ValueType.Whole(0, 65_535),
                    "4318",
                    "A second port for OTLP, where HTTP clients look for it; 0 for none. If the default is"
                            + " taken, Belfry starts without.",
                    "");
    public static final Key<String> OTLP_ANONYMOUS =
            key(
                    "otlp.anonymous",
                    new ValueType.OneOf(List.of("never", "loopback")),
                    "never",
                    "Who may send OTLP without a key: nobody, or programs on this machine.",
                    "");
    public static final Key<String> ADMIN_PASSWORD =
            new Key<>(
                    "admin.password",
                    text("10 to 256 characters", ".{10,256}"),
                    "",
                    "The password of `admin` at the first start; without it a random one is made and"
                            + " printed once.",
                    "",
                    List.of(),
                    true);
    public static final Key<String> DATABASE_URL =
            new Key<>(
                    "database.url",
                    text("postgres://user:password@host:port/database", ".+"),
                    "",
                    "PostgreSQL for users, keys and settings; SQLite in the data folder without it.",
                    "",
                    List.of("DATABASE_URL"),
                    true);
    public static final Key<String> JOURNAL_SYNC =
            key(
                    "journal.sync",
                    new ValueType.OneOf(List.of("always", "interval")),
                    "always",
                    "When a write is forced to the disk: before it is acknowledged, or every"
                            + " journal.interval.",
                    "");
    public static final Key<Duration> JOURNAL_INTERVAL =
            key(
                    "journal.interval",
                    new ValueType.Time(Duration.ofMillis(10), Duration.ofMinutes(1)),
                    "1s",
                    "How long an acknowledged write may be unforced where journal.sync is interval.",
                    "");
    public static final Key<Long> BODY_MAX =
            key(
                    "limits.body",
                    new ValueType.Bytes(64 * KIB, 512 * MIB),
                    "32MiB",
                    "The largest body of a request, and what a compressed one may inflate to.",
                    "");
    public static final Key<Long> EVENT_MAX =
            key(
                    "limits.event",
                    new ValueType.Bytes(KIB, 16 * MIB),
                    "256KiB",
                    "The largest event; a larger one is refused singly in its batch.",
                    "");
    public static final Key<Long> BATCH_MAX =
            key(
                    "limits.batch",
                    new ValueType.Whole(1, 1_000_000),
                    "100000",
                    "Events in one request at most.",
                    "");
    public static final Key<Long> INFLIGHT_MAX =
            key(
                    "limits.inflight",
                    new ValueType.Bytes(MIB, 4096 * MIB),
                    "128MiB",
                    "Memory of bodies in work at once, four bytes for each of theirs; above it requests are"
                            + " refused.",
                    "");
    public static final Key<Long> CONNECTIONS_MAX =
            key(
                    "limits.connections.all",
                    new ValueType.Whole(10, 1_000_000),
                    "16000",
                    "Connections of HTTP at once, by port; one more is closed at once. Also requests of"
                            + " HTTP/2 in work, of all ports; one more is answered 503.",
                    "");
    public static final Key<Long> CONNECTIONS_ADDRESS_MAX =
            key(
                    "limits.connections.address",
                    new ValueType.Whole(1, 1_000_000),
                    "12000",
                    "Connections of HTTP that one address has at once, a proxy's too; one more is closed"
                            + " at once.",
                    "");
    public static final Key<Duration> HEAD_MAX =
            key(
                    "limits.head",
                    new ValueType.Time(Duration.ofMillis(100), Duration.ofMinutes(10)),
                    "10s",
                    "How long the head of a request may take to come, by HTTP/1; then the connection is"
                            + " closed.",
                    "");
    public static final Key<Duration> SEND_MAX =
            key(
                    "limits.send",
                    new ValueType.Time(Duration.ofMillis(100), Duration.ofMinutes(10)),
                    "1m",
                    "How long a client may take to read a piece of a long answer (64 KiB), or a MiB of"
                            + " another; then the answer is broken off.",
                    "");
    public static final Key<Duration> QUERY_TIMEOUT =
            key(
                    "limits.query.timeout",
                    new ValueType.Time(Duration.ofMillis(1), Duration.ofMinutes(10)),
                    "30s",
                    "How long a query may take; one may ask for less.",
                    "");
    public static final Key<Long> QUERY_MEMORY =
            key(
                    "limits.query.memory",
                    new ValueType.Bytes(MIB, 65_536 * MIB),
                    "64MiB",
                    "What one query may hold in memory.",
                    "");
    public static final Key<Long> SQL_MEMORY =
            key(
                    "limits.sql.memory",
                    new ValueType.Bytes(32 * MIB, 65_536 * MIB),
                    "80MiB",
                    "What an SQL query may hold in memory; one runs at a time.",
                    "");
    public static final Key<Long> SQL_TEMP =
            key(
                    "limits.sql.temp",
                    new ValueType.Bytes(MIB, 1024L * 1024 * MIB),
                    "1GiB",
                    "What an SQL query may put on disk while it runs.",
                    "");
    public static final Key<Long> QUERY_ROWS =
            key(
                    "limits.query.rows",
                    new ValueType.Whole(1, 1_000_000),
                    "10000",
                    "Rows of one answer at most; more are cut, and the answer says so.",
                    "");
    public static final Key<Long> QUERY_CONCURRENCY =
            key(
                    "limits.query.concurrency",
                    new ValueType.Whole(1, 256),
                    "4",
                    "Queries that run at once; others wait.",
                    "");
    public static final Key<Long> RATE_KEY_EVENTS =
            rate("rate_limits.key.events", "Events a second that each API key may send");
    public static final Key<Long> RATE_KEY_BYTES =
            rate("rate_limits.key.bytes", "Bytes a second, without compression, of each API key");
    public static final Key<Long> RATE_KEY_QUERIES =
            rate("rate_limits.key.queries", "Queries a second of each API key");
    public static final Key<Long> RATE_USER_EVENTS =
            rate("rate_limits.user.events", "Events a second of each user with all their keys");
    public static final Key<Long> RATE_USER_BYTES =
            rate(
                    "rate_limits.user.bytes",
                    "Bytes a second, without compression, of each user with all their keys");
    public static final Key<Long> RATE_USER_QUERIES =
            rate("rate_limits.user.queries", "Queries a second of each user with all their keys");
    public static final Key<Long> EVENT_RETENTION_DAYS =
            new Key<>(
                    "retention.events.days",
                    DAYS,
                    "30",
                    "Days that events are kept which no rule is about.",
                    "",
                    List.of(
                            "MONITORING_EVENT_RETENTION_DAYS",
                            "BELFRY_MONITORING_LOGGING_RETENTION"),
                    false);
    public static final Key<List<RetentionRule>> EVENT_RETENTION_RULES =
            key(
                    "retention.events.rules",
                    new ValueType.Rules(),
                    ValueType.Rules.STANDARD,
                    "Days for some events: the first rule that fits an event counts.",
                    "");
    public static final Key<Long> METRIC_RETENTION_DAYS =
            new Key<>(
                    "retention.metrics.days",
                    DAYS,
                    "90",
                    "Days that metrics are kept.",
                    "",
                    List.of("MONITORING_METRIC_RETENTION_DAYS", "BELFRY_MONITORING_RETENTION_DAYS"),
                    false);
    public static final Key<Boolean> METRIC_TIERS =
            key(
                    "retention.metrics.tiers",
                    TRUTH,
                    "false",
                    "Whether metrics past their days are kept as steps of 5 minutes until they are 63"
                            + " days old, and of an hour until they are 456.",
                    "");
    public static final Key<String> METRICS_PREFIX =
            key(
                    "metrics.prefix",
                    text("letters, digits and _", "|[a-zA-Z_:][a-zA-Z0-9_:]*"),
                    "belfry_",
                    "What the names of Belfry's own metrics begin with.",
                    "");
    public static final Key<String> METRICS_ACCESS =
            key(
                    "metrics.access",
                    new ValueType.OneOf(List.of("key", "open")),
                    "key",
                    "Who may read /metrics: callers that may read events, or everyone.",
                    "");
    public static final Key<Boolean> METRICS_ENABLED =
            key(
                    "metrics.enabled",
                    TRUTH,
                    "true",
                    "Whether Belfry counts and times what it does.",
                    "");
    public static final Key<String> LOGGING_LEVEL =
            new Key<>(
                    "logging.level",
                    new ValueType.OneOf(List.of("trace", "debug", "info", "warn", "error")),
                    "info",
                    "The least level of Belfry's own log.",
                    "",
                    List.of("BELFRY_MONITORING_LOGGING_LEVEL"),
                    false);
    public static final Key<Boolean> LOGGING_STORE =
            key(
                    "logging.store",
                    TRUTH,
                    "true",
                    "Whether Belfry's own log also goes into its store, as source `belfry`.",
                    "");

    /** All keys, in the order of the documentation. */
    public static final List<Key<?>> ALL =
            with(
                    Stream.concat(ReceiveKeys.ALL.stream(), MetricKeys.ALL.stream()).toList(),
                    DATA,
                    SERVER_PORT,
                    SERVER_LISTEN,
                    SERVER_URL,
                    CORS_ORIGINS,
                    TLS_CERTIFICATE,
                    TLS_KEY,
                    TLS_CLIENT_CA,
                    TLS_MIN_VERSION,
                    PASSWORD_LOGIN,
                    OIDC_ISSUER,
                    OIDC_CLIENT_ID,
                    OIDC_CLIENT_SECRET,
                    OIDC_SCOPES,
                    OIDC_LABEL,
                    OIDC_USERNAME_CLAIM,
                    OIDC_ROLE_CLAIM,
                    OIDC_ROLES,
                    OIDC_DEFAULT_ROLE,
                    OIDC_SOURCES_CLAIM,
                    OUTGOING_LINK_LOCAL,
                    OTLP_GRPC_PORT,
                    OTLP_HTTP_PORT,
                    OTLP_ANONYMOUS,
                    ADMIN_PASSWORD,
                    DATABASE_URL,
                    JOURNAL_SYNC,
                    JOURNAL_INTERVAL,
                    BODY_MAX,
                    EVENT_MAX,
                    BATCH_MAX,
                    INFLIGHT_MAX,
                    CONNECTIONS_MAX,
                    CONNECTIONS_ADDRESS_MAX,
                    HEAD_MAX,
                    SEND_MAX,
                    QUERY_TIMEOUT,
                    QUERY_MEMORY,
                    QUERY_ROWS,
                    QUERY_CONCURRENCY,
                    SQL_MEMORY,
                    SQL_TEMP,
                    RATE_KEY_EVENTS,
                    RATE_KEY_BYTES,
                    RATE_KEY_QUERIES,
                    RATE_USER_EVENTS,
                    RATE_USER_BYTES,
                    RATE_USER_QUERIES,
                    EVENT_RETENTION_DAYS,
                    EVENT_RETENTION_RULES,
                    METRIC_RETENTION_DAYS,
                    METRIC_TIERS,
                    METRICS_PREFIX,
                    METRICS_ACCESS,
                    METRICS_ENABLED,
                    LOGGING_LEVEL,
                    LOGGING_STORE);

    private Keys() {}

    private static List<Key<?>> with(List<Key<?>> last, Key<?>... first) {
        return Stream.concat(Stream.of(first), last.stream()).toList();
    }

    private static <T> Key<T> key(
            String name, ValueType<T> type, String defaultText, String description, String flag) {
        return new Key<>(name, type, defaultText, description, flag, List.of(), false);
    }

    private static Key<Long> rate(String name, String description) {
        return key(
                name,
                new ValueType.Whole(0, 1_000_000_000_000L),
                "0",
                description + "; 0 for any number. A key's or user's own limit goes before.",
                "");
    }

    private static ValueType<String> text(String allowed, String pattern) {
        return new ValueType.Text(allowed, Pattern.compile(pattern));
    }
}
