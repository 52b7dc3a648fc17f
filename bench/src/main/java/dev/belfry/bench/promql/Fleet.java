package dev.belfry.bench.promql;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Series of a made-up fleet: counters by code and path, classic histograms, gauges, info metrics;
 * ten labels each. What a series holds at a time depends on its number only.
 */
public final class Fleet {
    /** Time between two samples. */
    public static final long INTERVAL_MILLIS = 15_000;

    private static final String[] CODES = {"200", "201", "404", "500", "503"};
    private static final String[] BOUNDS = {
        "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"
    };
    private static final int PATHS = 8;

    /**
     * A series.
     *
     * @param labels what identifies it
     * @param shape how its values go
     * @param scale how large they are
     * @param seed where their randomness begins
     */
    public record Member(Labels labels, Shape shape, double scale, long seed) {}

    /** How values go. */
    public enum Shape {
        /** Whole numbers that grow, and begin again now and then. */
        COUNTER,
        /** A sum of seconds that grows. */
        SUM,
        /** Bytes that walk at random. */
        GAUGE,
        /** Always one. */
        ONE
    }

    private Fleet() {}

    /** The series of {@code hosts} hosts: 74 each. */
    public static List<Member> of(int hosts) {
        List<Member> members = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
            for (String code : CODES) {
                for (int path = 0; path < PATHS; path++) {
                    add(
                            members,
                            host,
                            "http_requests_total",
                            Shape.COUNTER,
                            5.0 / (path + 1),
                            "code",
                            code,
                            "path",
                            (path < 5 ? "/api/v1/p" : "/ui/p") + path);
                }
            }
            for (int path = 0; path < 2; path++) {
                double share = 1;
                for (String bound : BOUNDS) {
                    add(
                            members,
                            host,
                            "request_seconds_bucket",
                            Shape.COUNTER,
                            share,
                            "le",
                            bound,
                            "path",
                            "/p" + path);
                    share += 1;
                }
                add(members, host, "request_seconds_sum", Shape.SUM, 3, "path", "/p" + path);
                add(members, host, "request_seconds_count", Shape.COUNTER, 10, "path", "/p" + path);
            }
            for (int process = 0; process < 8; process++) {
                add(
                        members,
                        host,
                        "process_resident_memory_bytes",
                        Shape.GAUGE,
                        1e8,
                        "process",
                        "p" + process);
            }
            add(members, host, "up", Shape.ONE, 1, "kind", "scrape");
            add(members, host, "build_info", Shape.ONE, 1, "version", "1." + host % 7);
        }
        return members;
    }

    private static void add(
            List<Member> members,
            int host,
            String name,
            Shape shape,
            double scale,
            String... pairs) {
        Labels.Builder labels = new Labels.Builder(Labels.EMPTY);
        labels.set(Labels.NAME, name)
                .set("job", "job-" + host % 10)
                .set("instance", "host-" + host);
        labels.set("cluster", "c" + host % 3).set("zone", "z" + host % 4);
        labels.set("namespace", "n" + host % 20).set("team", "t" + host % 5);
        labels.set("env", host % 10 == 0 ? "staging" : "production");
        for (int i = 0; i < pairs.length; i += 2) {
            labels.set(pairs[i], pairs[i + 1]);
        }
        members.add(new Member(labels.build(), shape, scale, members.size() * 7919L + 17));
    }

    /** The values of {@code member}, one after the other; the same each time. */
    public static double[] values(Member member, int count) {
        SplittableRandom random = new SplittableRandom(member.seed());
        double[] values = new double[count];
        double value = member.shape() == Shape.GAUGE ? member.scale() : 0;
        for (int i = 0; i < count; i++) {
            switch (member.shape()) {
                case COUNTER -> {
                    value += Math.floor(random.nextDouble() * 2 * member.scale() * 15);
                    value = random.nextInt(20_000) == 0 ? 0 : value;
                }
                case SUM -> value += Math.round(random.nextDouble() * member.scale() * 1e6) / 1e6;
                case GAUGE ->
                        value = Math.max(0, value + Math.rint(random.nextGaussian() * 256) * 4096);
                case ONE -> value = 1;
            }
            values[i] = value;
        }
        return values;
    }
}
