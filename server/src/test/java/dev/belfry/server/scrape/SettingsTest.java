package dev.belfry.server.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "7B, 7",
        "2KB, 2048",
        "2KiB, 2048",
        "3MB, 3145728",
        "7EB, 8070450532247928832"
    })
    void sizes_areRead(String text, long bytes) throws Exception {
        assertThat(settings(text).bytes("x", 1)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"iB", "9999999999TB", "8EB", "1QB", "-1", "1.5MB", "99999999999999999999"})
    void sizes_thatAreNone_areRefused(String text) {
        assertThatThrownBy(() -> settings(text).bytes("x", 1))
                .isInstanceOf(ScrapeException.class)
                .hasMessageStartingWith("test.x: " + text + " (expected: a size");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1m30s, 90000", "250ms, 250", "1d, 86400000", "292y, 9208512000000"})
    void lengthsOfTime_areRead(String text, long millis) throws Exception {
        assertThat(settings(text).duration("x", SECOND)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "300y", "999999999y", "99999999999999999999s", "1s1m"})
    void lengthsOfTime_thatAreNone_areRefused(String text) {
        assertThatThrownBy(() -> settings(text).duration("x", SECOND))
                .isInstanceOf(ScrapeException.class)
                .hasMessageContaining("(expected: a length of time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http_sd_configs/[{url: 'http://a b/'}]",
                "http_sd_configs/[{url: 'ftp://a/'}]",
                "file_sd_configs/[{files: [targets]}]",
                "file_sd_configs/[{files: ['*/targets.yml']}]",
                "http_headers/{Host: {values: [a]}}",
                "http_headers/{'A B': {values: [a]}}",
                "http_headers/{A: {values: [\"a\\nB: c\"]}}",
                "http_headers/[a]",
                "tls_config/{min_version: TLS9}",
                "tls_config/{max_version: TLS11}",
                "scrape_protocols/[Text]",
                "fallback_scrape_protocol/Text",
                "oauth2/{client_id: a}",
                "oauth2/{token_url: 'http://a/'}",
                "oauth2/{client_id: a, token_url: 'ftp://a/'}",
                "oauth2/{client_id: a, token_url: 'http://a/', client_secret: b, client_secret_file: c}",
                "oauth2/{client_id: a, token_url: 'http://a/', grant: b}",
                "basic_auth/{username: a}\nbearer_token: b",
                "proxy_url/socks5://a:1",
                "proxy_url/http://a b",
                "no_proxy/a.com",
                "proxy_connect_header/{A: [b]}",
                "proxy_connect_header/{A: b}\nproxy_url: http://a:1",
                "proxy_from_environment/true\nno_proxy: a",
                "ec2_sd_configs/[{region: a}]",
                "consul_sd_configs/[{server: a}]",
                "body_size_limit/9999999999TB"
            })
    void jobs_withSettingsThatCannotBeUsed_areRefused(String setting) {
        int slash = setting.indexOf('/');
        String yaml =
                "job_name: j\n" + setting.substring(0, slash) + ": " + setting.substring(slash + 1);
        assertThatThrownBy(() -> job(yaml))
                .isInstanceOf(ScrapeException.class)
                .hasMessageContaining(setting.substring(0, slash))
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource({
        "'', localhost, true",
        "'', a.com, true",
        "other, localhost, false",
        "other, 127.0.0.2, false",
        "other, a.com, true",
        "*, a.com, false",
        "'b.com, A.com', a.com, false",
        "a.com, x.a.com, false",
        "a.com, xa.com, true",
        ".a.com, a.com, true",
        ".a.com, x.a.com, false",
        "*.a.com, x.a.com, false",
        "a.com:80, a.com, false",
        "a.com:81, a.com, true",
        "10.1.2.3, 10.1.2.3, false",
        "10.1.2.3:81, 10.1.2.3, true",
        "10.0.0.0/8, 10.9.9.9, false",
        "10.0.0.0/12, 10.16.0.1, true",
        "10.0.0.0/8, a.com, true",
        "fd00::/8, '[fd12::1]', false",
        "fd00::1, '[fd00:0::1]', false",
        "'[fd00::1]:80', '[fd00::1]', false",
        "10.0.0.0/x, 10.0.0.1, true"
    })
    void proxy_isForWhatNoProxyDoesNotName(String except, String host, boolean proxied)
            throws Exception {
        Proxies proxies =
                Proxies.of(
                        settings(Map.of("proxy_url", "http://p:1", "no_proxy", except)), Map.of());
        assertThat(proxies.of(URI.create("http://" + host + "/metrics")) != null)
                .isEqualTo(proxied);
    }

    @Test
    void proxyFromTheEnvironment_isByScheme() throws Exception {
        Settings wanted = settings(Map.of("proxy_from_environment", true));
        Map<String, String> environment =
                Map.of("HTTP_PROXY", "p:1", "https_proxy", "http://q:2", "no_proxy", "b.com");
        Proxies proxies = Proxies.of(wanted, environment);
        assertThat(proxies.of(URI.create("http://a.com/"))).isEqualTo(URI.create("http://p:1"));
        assertThat(proxies.of(URI.create("https://a.com/"))).isEqualTo(URI.create("http://q:2"));
        assertThat(proxies.of(URI.create("https://b.com/"))).isNull();
        assertThat(proxies.of(URI.create("http://127.0.0.1/"))).isNull();
        assertThat(Proxies.of(wanted, Map.of()).of(URI.create("http://a.com/"))).isNull();
    }

    @Test
    void secrets_areNotInMessages() {
        assertThatThrownBy(() -> settings(Map.of("password", "hunter2")).list("password"))
                .hasMessage("test.password: <secret> (expected: a list)");
        assertThatThrownBy(() -> job("job_name: j\nbasic_auth: hunter2"))
                .hasMessage("job.basic_auth: no mapping (expected: names and values)");
        assertThatThrownBy(() -> job("job_name: j\nproxy_url: socks5://u:hunter2@h/"))
                .hasMessageContaining("socks5://u:xxxxx@h/");
        assertThatThrownBy(() -> job("job_name: j\nproxy_connect_header: {Proxy-Token: [hunter2]}"))
                .hasMessageContaining("proxy_connect_header: {Proxy-Token=<secret>}");
        assertThatThrownBy(() -> job("job_name: j\nhttp_sd_configs: [{url: 'x://u:hunter2@h/'}]"))
                .hasMessageContaining("x://u:xxxxx@h/");
    }

    @Test
    void accept_saysWhatIsWanted_inOrder() throws Exception {
        assertThat(
                        job("job_name: j\nscrape_protocols: [PrometheusText0.0.4, PrometheusProto]")
                                .formats()
                                .accept())
                .isEqualTo(
                        "text/plain;version=0.0.4;q=0.3,application/vnd.google.protobuf;"
                                + "proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.2,*/*;q=0.1");
        assertThat(job("job_name: j\nscrape_native_histograms: true").formats().accept())
                .startsWith("application/vnd.google.protobuf;")
                .contains("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,");
    }

    private static Settings settings(String x) throws ScrapeException {
        return settings(Map.of("x", x));
    }

    private static Settings settings(Map<String, ?> members) throws ScrapeException {
        return new Settings("test", members, members.keySet());
    }

    private static Job job(String yaml) throws Exception {
        Settings none = new Settings("global", null, Set.of());
        return Job.read(
                "job",
                dev.belfry.server.config.Documents.yaml(yaml),
                none,
                Path.of("."),
                new Requests(_ -> List.of()),
                _ -> {});
    }
}
