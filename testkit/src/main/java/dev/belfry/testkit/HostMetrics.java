package dev.belfry.testkit;

import dev.belfry.model.series.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One host as a node exporter shows it, with a service beside it that has classic histograms: about
 * 1,080 series, of which two thirds never change. Each {@link #scrape} is one step of its life. The
 * same seed and host give the same values. For one thread.
 */
public final class HostMetrics {
    /*
     * Values are as their sources have them: CPU time in hundredths of a second, disks in sectors of
     * 512 bytes, memory in pages of 4096, durations in nanoseconds, packets that rise with the load.
     * The load itself wanders over hours, and has its bursts. Kinds and their shares follow a host
     * of 8 CPUs; a node exporter of 3,000 series has about 900 counters that are not zero, and few gauges move.
     */
    private static final int CPUS = 8;
    private static final int COLLECTORS = 40;
    private static final int HANDLERS = 8;
    private static final String[] MODES = {
        "idle", "user", "system", "iowait", "softirq", "irq", "nice", "steal"
    };
    private static final double[] MODE_SHARES = {0.8, 0.12, 0.05, 0.01, 0.01, 0, 0, 0};
    private static final double[] BOUNDS = {
        0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Double.POSITIVE_INFINITY
    };
    private static final String[] DEVICES = {"sda", "sdb", "nvme0n1", "dm-0"};
    private static final String[] NETWORKS = {"eth0", "eth1", "lo", "docker0"};

    /** How a series moves on. */
    private interface Step {
        double next(double before);
    }

    private final SplittableRandom random;
    private final String instance;
    private final List<Labels> labels = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Double> starts = new ArrayList<>();
    private double[] state = {};
    private double load = 1;
    private double burst;

    /* Of the requests of the handler at hand: how many fell below each bound, and their sum. */
    private final double[][] requests = new double[HANDLERS][BOUNDS.length];
    private final double[] requestSums = new double[HANDLERS];

    /** The host of this number. */
    public HostMetrics(long seed, int host) {
        random = new SplittableRandom(seed * 1_000_003 + host);
        instance = "host-" + host + ".example.net:9100";
        processors();
        disks();
        networks();
        memory();
        kernel();
        collectors();
        requests();
        constants();
        state = starts.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The labels of its series. */
    public List<Labels> labels() {
        return List.copyOf(labels);
    }

    /** Writes the next value of each series, in the order of {@link #labels}. */
    public void scrape(double[] values) {
        load = Math.clamp(load + random.nextGaussian() * 0.02, 0.2, 3);
        burst = random.nextInt(200) == 0 ? 4 : burst * 0.8;
        serve();
        for (int i = 0; i < state.length; i++) {
            state[i] = steps.get(i).next(state[i]);
        }
        System.arraycopy(state, 0, values, 0, state.length);
    }

    private void add(String name, double start, Step step, String... more) {
        String[] pairs = new String[more.length + 6];
        pairs[0] = Labels.NAME;
        pairs[1] = name;
        pairs[2] = "instance";
        pairs[3] = instance;
        pairs[4] = "job";
        pairs[5] = "node";
        System.arraycopy(more, 0, pairs, 6, more.length);
        labels.add(Labels.of(pairs));
        steps.add(step);
        starts.add(start);
    }

    /* About `mean` of something in a step, as events come. */
    private double events(double mean) {
        double now = mean * (load + burst);
        double spread = Math.sqrt(now + 0.02 * now * now);
        return Math.max(0, Math.rint(now + random.nextGaussian() * spread));
    }

    private Step counter(double mean) {
        return before -> before + events(mean);
    }

    /* Something that mostly does not happen. */
    private Step rare(double share, double mean) {
        return before -> random.nextDouble() < share ? before + 1 + events(mean) : before;
    }

    private Step multiples(Step of, double unit) {
        return before -> of.next(before / unit) * unit;
    }

    private static double decimals(double value, double power) {
        return Math.rint(value * power) / power;
    }

    private void processors() {
        for (int cpu = 0; cpu < CPUS; cpu++) {
            String name = String.valueOf(cpu);
            for (int mode = 0; mode < MODES.length; mode++) {
                double share = MODE_SHARES[mode];
                Step step =
                        share == 0
                                ? before -> before
                                : before -> {
                                    double part = share == 0.8 ? 1 - 0.2 * load : share * load;
                                    double wobble = 1 + 0.1 * random.nextGaussian();
                                    double spent = Math.max(0, 15 * part * wobble);
                                    return decimals(before + spent, 100);
                                };
                double start = share == 0 ? 0 : decimals(random.nextDouble(4e6) * share, 100);
                add("node_cpu_seconds_total", start, step, "cpu", name, "mode", MODES[mode]);
            }
            add("node_softnet_processed_total", 1e8, counter(4000), "cpu", name);
            add("node_softnet_dropped_total", 0, before -> before, "cpu", name);
            add("node_softnet_times_squeezed_total", 31, rare(0.02, 0.2), "cpu", name);
            add(
                    "node_schedstat_running_seconds_total",
                    decimals(random.nextDouble(1e6), 1e9),
                    before -> decimals(before + 3 * load * (1 + random.nextGaussian() / 9), 1e9),
                    "cpu",
                    name);
            add("node_schedstat_timeslices_total", 1e9, counter(30_000), "cpu", name);
            double mhz = 2.4e9;
            add(
                    "node_cpu_scaling_frequency_hertz",
                    mhz,
                    _ -> mhz + 1000 * random.nextInt(-400_000, 400_000),
                    "cpu",
                    name);
            for (int line = 0; line < 14; line++) {
                Step step =
                        line == 0
                                ? counter(3500)
                                : line < 4 ? counter(60) : line < 6 ? rare(0.05, 2) : b -> b;
                add(
                        "node_interrupts_total",
                        line < 6 ? random.nextInt(1 << 24) : 0,
                        step,
                        "cpu",
                        name,
                        "type",
                        String.valueOf(line));
            }
            add(
                    "node_thermal_celsius",
                    54,
                    before -> random.nextInt(9) == 0 ? 50 + random.nextInt(10) : before,
                    "sensor",
                    "temp" + cpu);
        }
    }

    private void disks() {
        for (String device : DEVICES) {
            double rate = device.equals("sdb") ? 0 : 20;
            String[] of = {"device", device};
            add("node_disk_reads_completed_total", 5e7, counter(rate / 4), of);
            add("node_disk_writes_completed_total", 9e7, counter(rate * 8), of);
            add("node_disk_read_bytes_total", 512e6, multiples(counter(rate * 20), 512), of);
            add("node_disk_written_bytes_total", 512e7, multiples(counter(rate * 300), 512), of);
            add("node_disk_reads_merged_total", 1e5, rare(rate / 100, 2), of);
            add("node_disk_writes_merged_total", 1e6, counter(rate), of);
            for (String time : new String[] {"read_time", "write_time", "io_time"}) {
                Step step = before -> decimals(before + events(rate * 3) / 1000, 1000);
                add("node_disk_" + time + "_seconds_total", 12345.678, step, of);
            }
            add("node_disk_io_now", 0, _ -> rate > 0 && random.nextInt(20) == 0 ? 1 : 0, of);
            add("node_filesystem_size_bytes", 1e12, before -> before, of);
            add("node_filesystem_files", 6.5e7, before -> before, of);
            Step fill = before -> before - 4096 * (rate > 0 ? events(12) - 10 : 0);
            add("node_filesystem_avail_bytes", 4e11, fill, of);
            add("node_filesystem_free_bytes", 4.5e11, fill, of);
            add("node_filesystem_files_free", 6e7, before -> before - random.nextInt(-2, 3), of);
            add("node_filesystem_readonly", 0, before -> before, of);
        }
    }

    private void networks() {
        for (String device : NETWORKS) {
            double rate = device.equals("docker0") ? 0 : device.equals("eth0") ? 3000 : 400;
            String[] of = {"device", device};
            for (String way : new String[] {"receive", "transmit"}) {
                String name = "node_network_" + way;
                add(name + "_packets_total", 7e8, counter(rate), of);
                add(name + "_bytes_total", 4e11, before -> before + events(rate * 700), of);
                for (String what : new String[] {"errs", "drop", "fifo", "frame", "compressed"}) {
                    double share = what.equals("drop") && rate > 0 ? 0.03 : 0;
                    add(name + "_" + what + "_total", 12, rare(share, 1), of);
                }
            }
            add("node_network_up", 1, before -> before, of);
            add("node_network_mtu_bytes", 1500, before -> before, of);
            add("node_network_speed_bytes", 1.25e9, before -> before, of);
            add("node_network_carrier_changes_total", 3, before -> before, of);
        }
    }

    private void memory() {
        String[] moving = {
            "MemFree",
            "MemAvailable",
            "Cached",
            "Active",
            "Inactive",
            "AnonPages",
            "Dirty",
            "Active_anon",
            "Inactive_file",
            "Committed_AS",
            "Slab",
            "PageTables",
            "Mapped"
        };
        for (String name : moving) {
            double spread = name.equals("Slab") || name.equals("PageTables") ? 40 : 3000;
            add(
                    "node_memory_" + name + "_bytes",
                    4096.0 * random.nextInt(1 << 20),
                    before -> Math.abs(before + 4096 * Math.rint(random.nextGaussian() * spread)));
        }
        for (int i = 0; i < 35; i++) {
            double size = i % 3 == 0 ? 0 : 4096.0 * random.nextInt(1 << 22);
            add("node_memory_fixed" + i + "_bytes", size, before -> before);
        }
    }

    private void kernel() {
        String[] busy = {
            "node_context_switches_total", "node_intr_total", "node_vmstat_pgfault",
            "node_vmstat_pgpgin", "node_vmstat_pgpgout", "node_netstat_Tcp_InSegs",
            "node_netstat_Tcp_OutSegs", "node_netstat_IpExt_InOctets",
                    "node_netstat_Udp_InDatagrams"
        };
        for (int i = 0; i < busy.length; i++) {
            add(busy[i], 1e9 + random.nextInt(1 << 30), counter(40 * Math.pow(3, i)));
        }
        for (int i = 0; i < 3; i++) {
            double pull = new double[] {0.22, 0.05, 0.016}[i];
            Step step =
                    before ->
                            decimals(
                                    before + pull * (4 * load + random.nextGaussian() - before),
                                    100);
            add("node_load" + new int[] {1, 5, 15}[i], 2.5, step);
        }
        String[] small = {
            "node_procs_running", "node_procs_blocked", "node_sockstat_TCP_inuse",
            "node_sockstat_TCP_tw", "node_filefd_allocated", "node_netstat_Tcp_CurrEstab"
        };
        for (String name : small) {
            double middle = random.nextInt(2, 400);
            add(
                    name,
                    middle,
                    before ->
                            Math.rint(
                                    before
                                            + 0.1 * (middle - before)
                                            + random.nextGaussian() * Math.sqrt(middle) / 4));
        }
        add("node_forks_total", 3e6, counter(12));
        add("node_entropy_available_bits", 256, before -> before);
        add("node_boot_time_seconds", 1.7e9, before -> before);
        add("node_time_seconds", 1.7e9 + 0.123456789, b -> b + 15 + random.nextGaussian() * 1e-3);
        add("node_timex_offset_seconds", 0, _ -> decimals(random.nextGaussian() * 1e-4, 1e9));
        add("node_timex_frequency_adjustment_ratio", 1.0000123, before -> before);
    }

    private void collectors() {
        for (int i = 0; i < COLLECTORS; i++) {
            double usual = Math.pow(10, -4 + 3 * random.nextDouble());
            String[] of = {"collector", "c" + i};
            Step step = _ -> decimals(usual * Math.exp(random.nextGaussian() * 0.15), 1e9);
            add("node_scrape_collector_duration_seconds", usual, step, of);
            add("node_scrape_collector_success", 1, before -> before, of);
        }
    }

    /* Requests of all handlers in one step. */
    private void serve() {
        for (int handler = 0; handler < HANDLERS; handler++) {
            int count = (int) events(60.0 / (1 + handler * handler));
            for (int i = 0; i < count; i++) {
                double seconds = 0.02 * (1 + handler) * Math.exp(random.nextGaussian());
                requestSums[handler] += seconds;
                for (int bound = 0; bound < BOUNDS.length; bound++) {
                    requests[handler][bound] += seconds <= BOUNDS[bound] ? 1 : 0;
                }
            }
        }
    }

    private void requests() {
        String name = "http_request_duration_seconds";
        for (int handler = 0; handler < HANDLERS; handler++) {
            int of = handler;
            String path = "/api/v1/h" + handler;
            for (int i = 0; i < BOUNDS.length; i++) {
                int bound = i;
                boolean last = i == BOUNDS.length - 1;
                String text = last ? "+Inf" : String.valueOf(BOUNDS[i]);
                Step step = _ -> requests[of][bound];
                add(name + "_bucket", 0, step, "handler", path, "le", text);
            }
            add(name + "_sum", 0, _ -> requestSums[of], "handler", path);
            add(name + "_count", 0, _ -> requests[of][BOUNDS.length - 1], "handler", path);
        }
    }

    private void constants() {
        for (int i = 0; i < 450; i++) {
            double value = i % 2 == 0 ? 0 : i % 3 == 0 ? 1 : random.nextInt(100_000);
            String name = "node_fact_" + i / 10;
            add(name, value, before -> before, "device", "d" + i % 10);
        }
    }
}
