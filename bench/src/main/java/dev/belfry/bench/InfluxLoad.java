package dev.belfry.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines as the Time Series Benchmark Suite's hosts send them: ten tags, ten fields. */
final class InfluxLoad {
    /* https://github.com/timescale/tsbs, cpu-only; half of the fields have decimals. */
    static final int FIELDS = 10;
    private static final int BATCH = 1000;
    private static final List<String> NAMES =
            List.of(
                    "usage_user",
                    "usage_system",
                    "usage_idle",
                    "usage_nice",
                    "usage_iowait",
                    "usage_irq",
                    "usage_softirq",
                    "usage_steal",
                    "usage_guest",
                    "usage_guest_nice");

    private final int hosts;

    /** As many hosts as {@code series} need: a multiple of 10. */
    InfluxLoad(int series) {
        hosts = series / FIELDS;
    }

    /** How many bodies a round has. */
    int bodies() {
        return (hosts + BATCH - 1) / BATCH;
    }

    /** Body {@code body} at {@code timeMillis}. */
    byte[] lines(int body, long timeMillis) {
        StringBuilder out = new StringBuilder(BATCH * 400);
        for (int host = body * BATCH; host < Math.min(hosts, (body + 1) * BATCH); host++) {
            out.append("cpu,hostname=host_").append(host);
            out.append(",region=eu-central-").append(host % 3);
            out.append(",datacenter=eu-central-").append(host % 3).append((char) ('a' + host % 4));
            out.append(",rack=").append(host % 90);
            out.append(",os=Ubuntu22.04LTS,arch=x64,team=SF,service=").append(host % 19);
            out.append(",service_version=1,service_environment=production ");
            long step = timeMillis / RemoteWriteLoad.STEP_MILLIS;
            for (int field = 0; field < FIELDS; field++) {
                long value = (host * 31L + field * 17 + step * (field + 3)) % 10_000;
                out.append(field == 0 ? "" : ",").append(NAMES.get(field)).append('=');
                out.append(value / 100);
                if (field % 2 == 1) {
                    out.append('.').append(value % 100 / 10).append(value % 10);
                }
            }
            out.append(' ').append(timeMillis).append('\n');
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
