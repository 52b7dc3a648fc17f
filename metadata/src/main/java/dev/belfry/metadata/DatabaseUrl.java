package dev.belfry.metadata;

import dev.belfry.metadata.MetadataException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * A parsed {@code DATABASE_URL}.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database} without user, password or options
 * @param place {@code host:port/database}, fit for a message
 * @param properties everything else, the password included: never log it
 */
record DatabaseUrl(String jdbcUrl, String place, Properties properties) {
    /*
     * postgres://[user[:password]@][host[:port][,host[:port]…]][/database][?name=value[&…]]
     *
     * libpq's connection URI (PostgreSQL manual, 34.1.1.2). It is taken apart by hand: java.net.URI
     * refuses hosts with an underscore and lists of hosts, which Docker and clusters have. The last
     * '@' ends the credentials, so that a password with an unescaped '@' works as people expect.
     */
    private static final String EXPECTED =
            " (expected: postgres://user:password@host:port/database?options)";

    private static final Map<String, PGProperty> LIBPQ_NAMES =
            Map.of(
                    "connect_timeout", PGProperty.CONNECT_TIMEOUT,
                    "application_name", PGProperty.APPLICATION_NAME,
                    "channel_binding", PGProperty.CHANNEL_BINDING,
                    "gssencmode", PGProperty.GSS_ENC_MODE,
                    "sslmode", PGProperty.SSL_MODE,
                    "sslrootcert", PGProperty.SSL_ROOT_CERT,
                    "sslcert", PGProperty.SSL_CERT,
                    "sslkey", PGProperty.SSL_KEY,
                    "user", PGProperty.USER,
                    "password", PGProperty.PASSWORD);

    /** Reads {@code text}; throws {@link MetadataException} that never repeats the password. */
    static DatabaseUrl parse(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:postgresql:")) {
            return parseJdbc(text);
        }
        int scheme = text.indexOf("://");
        if (scheme < 0 || !(lower.startsWith("postgres://") || lower.startsWith("postgresql://"))) {
            String found = scheme < 0 ? "no scheme" : "scheme " + text.substring(0, scheme);
            throw bad(found + " (expected: postgres://, postgresql:// or jdbc:postgresql:)");
        }
        return parseUri(text.substring(scheme + 3));
    }

    /** The user that connects, or null for the operating system's. */
    @Nullable String user() {
        return PGProperty.USER.getOrDefault(properties);
    }

    @Override
    public String toString() {
        return "DatabaseUrl[" + place + "]";
    }

    private static DatabaseUrl parseUri(String rest) {
        int question = rest.indexOf('?', Math.max(0, rest.lastIndexOf('@')));
        String options = question < 0 ? "" : rest.substring(question + 1);
        String main = question < 0 ? rest : rest.substring(0, question);
        int at = main.lastIndexOf('@');
        String credentials = at < 0 ? "" : main.substring(0, at);
        String target = main.substring(at + 1);
        int slash = target.indexOf('/');
        String hosts = slash < 0 ? target : target.substring(0, slash);
        String database = slash < 0 ? "" : decode(target.substring(slash + 1), "database");

        Properties properties = new Properties();
        if (!credentials.isEmpty()) {
            int colon = credentials.indexOf(':');
            String user = colon < 0 ? credentials : credentials.substring(0, colon);
            PGProperty.USER.set(properties, decode(user, "user"));
            if (colon >= 0) {
                String password = decode(credentials.substring(colon + 1), "password");
                PGProperty.PASSWORD.set(properties, password);
            }
        }
        addOptions(options, properties);
        if (database.isEmpty()) {
            String user = PGProperty.USER.getOrDefault(properties);
            if (user == null || user.isEmpty()) {
                throw bad("no database" + EXPECTED);
            }
            database = user;
        }
        PGProperty.PG_DBNAME.set(properties, database);
        return of(hosts(hosts), database, properties);
    }

    private static DatabaseUrl of(List<String> hosts, String database, Properties properties) {
        String joined = String.join(",", hosts);
        // Database and the rest travel as properties: nothing needs to be escaped in the URL.
        return new DatabaseUrl(
                "jdbc:postgresql://" + joined + "/", joined + "/" + database, properties);
    }

    private static List<String> hosts(String text) {
        List<String> hosts = new ArrayList<>();
        for (String item : (text.isEmpty() ? "localhost" : text).split(",", -1)) {
            int bracket = item.lastIndexOf(']');
            int colon = item.indexOf(':', Math.max(bracket, 0));
            String host = colon < 0 ? item : item.substring(0, colon);
            host = decode(host, "host");
            if (host.isEmpty() || !host.matches("\\[[0-9A-Fa-f:.%]+]|[\\p{L}\\p{N}._-]+")) {
                throw bad("host is empty or has a character that no host has" + EXPECTED);
            }
            hosts.add(host + ":" + (colon < 0 ? 5432 : port(item.substring(colon + 1))));
        }
        return hosts;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // The message below says it; the text may be part of a password and is not repeated.
        }
        throw bad("port is not a number from 1 to 65535" + EXPECTED);
    }

    private static void addOptions(String options, Properties properties) {
        for (String option : options.split("&")) {
            if (option.isEmpty()) {
                continue;
            }
            int equals = option.indexOf('=');
            String name = decode(equals < 0 ? option : option.substring(0, equals), "option");
            String value = equals < 0 ? "" : decode(option.substring(equals + 1), name);
            PGProperty property = LIBPQ_NAMES.get(name);
            if (property == null) {
                property = PGProperty.forName(name);
            }
            if (property == null) {
                throw bad(
                        "unknown option \""
                                + name
                                + "\" (expected: sslmode, connect_timeout,"
                                + " application_name or another option of the PostgreSQL driver)");
            }
            property.set(properties, value);
        }
    }

    private static DatabaseUrl parseJdbc(String text) {
        Properties parsed = Driver.parseURL("jdbc:postgresql:" + text.substring(16), null);
        if (parsed == null) {
            throw bad("not a JDBC URL (expected: jdbc:postgresql://host:port/database?options)");
        }
        Properties properties = new Properties();
        for (String name : parsed.stringPropertyNames()) {
            properties.setProperty(name, parsed.getProperty(name));
        }
        String[] hosts = property(properties, PGProperty.PG_HOST, "localhost").split(",");
        String[] ports = property(properties, PGProperty.PG_PORT, "5432").split(",");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < hosts.length; i++) {
            all.add(hosts[i] + ":" + port(ports[Math.min(i, ports.length - 1)]));
        }
        properties.remove(PGProperty.PG_HOST.getName());
        properties.remove(PGProperty.PG_PORT.getName());
        String user = property(properties, PGProperty.USER, "");
        return of(all, property(properties, PGProperty.PG_DBNAME, user), properties);
    }

    private static String property(Properties properties, PGProperty property, String fallback) {
        String value = properties.getProperty(property.getName());
        return value == null || value.isEmpty() ? fallback : value;
    }

    /** Percent-decoding as RFC 3986 has it: a plus sign stays a plus sign. */
    private static String decode(String text, String part) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out[length++] = in[i];
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw bad(
                        part + " has a % that two hex digits do not follow (expected: %25 for %)");
            }
            out[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(out, 0, length))
                    .toString();
        } catch (CharacterCodingException _) {
            throw bad(part + " is not UTF-8 after percent-decoding (expected: UTF-8)");
        }
    }

    private static MetadataException bad(String problem) {
        return new MetadataException(Reason.BAD_URL, "DATABASE_URL: " + problem, null);
    }
}
