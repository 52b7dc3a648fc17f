package dev.belfry.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * What a target of {@link ScrapeBench} answers, scrape after scrape: counters by method, path and
 * code, histograms, and gauges. Of ten values four stay as they are, as those of a host do.
 */
final class ScrapePages {
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE");
    private static final List<String> CODES = List.of("200", "201", "404", "429", "500");
    private static final int PATHS = 20;
    private static final String[] BOUNDS = {
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"
    };

    private ScrapePages() {}

    /**
     * A page as text.
     *
     * @param samples how many samples it has
     * @param number of the scrape, from 0
     */
    static byte[] text(int samples, int number) {
        StringBuilder page = new StringBuilder(samples * 80);
        int counters = Math.min(samples * 2 / 5, METHODS.size() * CODES.size() * PATHS);
        page.append("# HELP http_requests_total Requests that were answered.\n");
        page.append("# TYPE http_requests_total counter\n");
        for (int index = 0; index < counters; index++) {
            page.append("http_requests_total{method=\"").append(METHODS.get(index % 4));
            page.append("\",path=\"/api/v1/items/").append(index / 20 % PATHS);
            page.append("\",code=\"").append(CODES.get(index / 4 % 5)).append("\"} ");
            page.append(1000L * index + (long) number * (index % 5 < 2 ? 0 : index % 37 + 1));
            page.append('\n');
        }
        int histograms = samples * 2 / 5 / (BOUNDS.length + 2);
        page.append("# HELP http_request_duration_seconds How long requests took.\n");
        page.append("# TYPE http_request_duration_seconds histogram\n");
        for (int index = 0; index < histograms; index++) {
            histogram(page, "handler=\"/api/v1/items/" + index + "\"", index, number);
        }
        int gauges = samples - counters - histograms * (BOUNDS.length + 2);
        page.append("# HELP node_gauge A figure of the host.\n# TYPE node_gauge gauge\n");
        for (int index = 0; index < gauges; index++) {
            page.append("node_gauge{device=\"nvme").append(index).append("n1\",mode=\"idle\"} ");
            long moves = index % 5 < 2 ? 0 : number;
            double value = (index + 1) * 1234567.0 + Math.sin(moves + index) * 1e5;
            page.append(index % 5 < 2 ? String.valueOf(index * 4096) : String.valueOf(value));
            page.append('\n');
        }
        return page.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void histogram(StringBuilder page, String label, int index, int number) {
        String name = "http_request_duration_seconds";
        long count = 0;
        for (int bound = 0; bound < BOUNDS.length; bound++) {
            count += (long) number * (bound % 5 < 2 ? 0 : (index + bound) % 7) + bound;
            page.append(name).append("_bucket{").append(label).append(",le=\"");
            page.append(BOUNDS[bound]).append("\"} ").append(count).append('\n');
        }
        page.append(name).append("_sum{").append(label).append("} ");
        page.append(String.format(Locale.ROOT, "%.6f", count * 0.0371)).append('\n');
        page.append(name).append("_count{").append(label).append("} ").append(count).append('\n');
    }

    /** {@code text} as a target sends it to who takes gzip. */
    static byte[] gzip(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
