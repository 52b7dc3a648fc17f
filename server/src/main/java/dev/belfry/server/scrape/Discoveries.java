package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import dev.belfry.server.config.Documents;
import dev.belfry.server.config.Secrets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.Attributes;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/** The discoveries that there are: static, by file, by HTTP, by DNS. */
final class Discoveries {
    /** What a job names them by. */
    static final Set<String> KNOWN =
            Set.of("static_configs", "file_sd_configs", "http_sd_configs", "dns_sd_configs");

    private static final Pattern FILE = Pattern.compile("[^*]*(\\*[^/]*)?\\.(?i:json|yml|yaml)");
    private static final Duration FILES_LOOKED_AT = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration ASKED = Duration.ofSeconds(30);

    private Discoveries() {}

    /** Those of a job; files are relative to {@code base}. */
    static List<Discovery> of(Settings job, Path base, Requests requests) throws ScrapeException {
        List<Discovery> all = new ArrayList<>();
        if (job.has("static_configs")) {
            all.add(
                    new Static(
                            Group.read(
                                    job.place() + ".static_configs",
                                    job.list("static_configs"),
                                    Map.of())));
        }
        for (Object each : job.list("file_sd_configs")) {
            Settings file =
                    new Settings(
                            job.place() + ".file_sd_configs",
                            each,
                            Set.of("files", "refresh_interval"));
            List<String> names = file.texts("files");
            for (String name : names) {
                if (!FILE.matcher(name).matches()) {
                    throw file.wrong(
                            "files", "names that end in .json, .yml or .yaml, * only in the last");
                }
            }
            file.duration("refresh_interval", FILES_LOOKED_AT);
            all.add(new InFiles(names, base));
        }
        for (Object each : job.list("http_sd_configs")) {
            Settings http =
                    new Settings(
                            job.place() + ".http_sd_configs",
                            each,
                            HttpOptions.with(Set.of("url", "refresh_interval")));
            all.add(
                    new ByHttp(
                            url(http),
                            http.duration("refresh_interval", MINUTE),
                            new HttpOptions(http, base),
                            requests));
        }
        for (Object each : job.list("dns_sd_configs")) {
            Settings dns =
                    new Settings(
                            job.place() + ".dns_sd_configs",
                            each,
                            Set.of("names", "type", "port", "refresh_interval"));
            String type = dns.text("type", "SRV");
            if (!List.of("SRV", "A", "AAAA", "MX").contains(type)) {
                throw dns.wrong("type", "SRV, A, AAAA or MX");
            }
            if (!type.equals("SRV") && !dns.has("port")) {
                throw dns.wrong("port", "a port, for " + type);
            }
            all.add(
                    new ByDns(
                            dns.texts("names"),
                            type,
                            dns.whole("port", 0),
                            dns.duration("refresh_interval", ASKED)));
        }
        return all;
    }

    private static URI url(Settings http) throws ScrapeException {
        try {
            URI url = new URI(http.text("url", ""));
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (URISyntaxException _) {
            // Said below.
        }
        throw http.wrong("url", "an http or https URL");
    }

    /** Targets that stand in the configuration. */
    private record Static(List<Group> targets) implements Discovery {
        @Override
        public Duration refresh() {
            return Duration.ofDays(1);
        }
    }

    /** Targets in files, JSON or YAML, whose last name may have a star. */
    private record InFiles(List<String> files, Path base) implements Discovery {
        @Override
        public List<Group> targets() throws IOException, ScrapeException {
            List<Group> groups = new ArrayList<>();
            for (String each : files) {
                for (Path file : FileNames.of(base, each)) {
                    groups.addAll(read(file));
                }
            }
            return groups;
        }

        private static List<Group> read(Path file) throws IOException, ScrapeException {
            if (Files.size(file) > Limits.DISCOVERY_BYTES_MAX) {
                throw new ScrapeException(file + ": too large (expected: less)");
            }
            String text = Files.readString(file);
            Object value =
                    file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
                            ? Documents.json(text)
                            : Documents.yaml(text);
            if (value == null && !text.isBlank()) {
                throw new ScrapeException(file + ": no document (expected: [{targets, labels}])");
            }
            return value == null
                    ? List.of()
                    : Group.read(
                            file.toString(), value, Map.of("__meta_filepath", file.toString()));
        }

        @Override
        public Duration refresh() {
            return FILES_LOOKED_AT;
        }
    }

    /** Targets that a server tells. */
    private record ByHttp(URI url, Duration refresh, HttpOptions options, Requests requests)
            implements Discovery {
        @Override
        public List<Group> targets() throws IOException, ScrapeException {
            Requests.Request request =
                    new Requests.Request(
                            url,
                            options,
                            Map.of(
                                    "Accept",
                                    "application/json",
                                    "X-Prometheus-Refresh-Interval-Seconds",
                                    Long.toString(refresh.toSeconds())),
                            true,
                            ASKED,
                            Limits.DISCOVERY_BYTES_MAX);
            Object value;
            try (Requests.Session session = new Requests.Session();
                    Requests.Answer answer = requests.get(session, request)) {
                value =
                        Documents.json(
                                new String(
                                        answer.body(), 0, answer.length(), StandardCharsets.UTF_8));
            }
            String shown = Secrets.masked(url.toString());
            if (value == null) {
                throw new ScrapeException(shown + ": no JSON (expected: [{targets, labels}])");
            }
            return Group.read(shown, value, Map.of("__meta_url", shown));
        }
    }

    /** Targets that names lead to. */
    private record ByDns(List<String> names, String type, long port, Duration refresh)
            implements Discovery {
        @Override
        public List<Group> targets() throws IOException {
            List<Labels> targets = new ArrayList<>();
            for (String name : names) {
                if (type.equals("A") || type.equals("AAAA")) {
                    addresses(name, targets);
                } else {
                    records(name, targets);
                }
            }
            return List.of(new Group(targets));
        }

        private void addresses(String name, List<Labels> targets) throws UnknownHostException {
            for (InetAddress address : InetAddress.getAllByName(name)) {
                boolean six = address.getAddress().length == 16;
                if (six == type.equals("AAAA")) {
                    String host = address.getHostAddress();
                    targets.add(target(name, (six ? "[" + host + "]" : host) + ":" + port, null));
                }
            }
        }

        /* The provider is DNS by name: its records are texts, and nothing is deserialized. */
        @SuppressWarnings("BanJNDI")
        private void records(String name, List<Labels> targets) throws IOException {
            Hashtable<String, String> environment = new Hashtable<>();
            environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
            InitialDirContext context = null;
            try {
                context = new InitialDirContext(environment);
                Attributes found = context.getAttributes(name, new String[] {type});
                Attribute records = found.get(type);
                for (int i = 0; records != null && i < records.size(); i++) {
                    String[] words = String.valueOf(records.get(i)).split(" ");
                    String host = words[words.length - 1].replaceAll("\\.$", "");
                    boolean service = type.equals("SRV") && words.length == 4;
                    targets.add(target(name, host + ":" + (service ? words[2] : port), host));
                }
            } catch (NamingException e) {
                throw new IOException(name + ": " + e.getMessage(), e);
            } finally {
                close(context);
            }
        }

        private static void close(@Nullable InitialDirContext context) throws IOException {
            try {
                if (context != null) {
                    context.close();
                }
            } catch (NamingException e) {
                throw new IOException("DNS: " + e.getMessage(), e);
            }
        }

        private Labels target(String name, String address, @Nullable String host) {
            Labels.Builder labels =
                    new Labels.Builder(Labels.of("__address__", address, "__meta_dns_name", name));
            if (host != null) {
                labels.set(
                        type.equals("SRV")
                                ? "__meta_dns_srv_record_target"
                                : "__meta_dns_mx_record_target",
                        host);
            }
            return labels.build();
        }
    }
}
