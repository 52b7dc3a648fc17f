import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.Map;

/** Sends meters by Micrometer's OTLP registry: java Meters.java URL KEY; run by MetricClientsTest. */
public final class Meters {
    private Meters() {}

    /** Sends once, when it ends. */
    public static void main(String[] arguments) {
        Map<String, String> settings =
                Map.of(
                        "otlp.url", arguments[0],
                        "otlp.headers", "authorization=Bearer " + arguments[1],
                        "otlp.resourceAttributes", "service.name=meters",
                        "otlp.histogramFlavor",
                                HistogramFlavor.BASE2_EXPONENTIAL_BUCKET_HISTOGRAM.name(),
                        "otlp.step", "PT1M");
        OtlpConfig config = settings::get;
        OtlpMeterRegistry registry = new OtlpMeterRegistry(config, Clock.SYSTEM);
        Counter orders = Counter.builder("meters.orders").tag("kind", "book").register(registry);
        Timer duration =
                Timer.builder("meters.duration").publishPercentileHistogram().register(registry);
        DistributionSummary size =
                DistributionSummary.builder("meters.size").baseUnit("bytes").register(registry);
        Gauge.builder("meters.queue", () -> 4).register(registry);
        for (int milliseconds : new int[] {20, 200, 2000}) {
            orders.increment(2);
            duration.record(Duration.ofMillis(milliseconds));
            size.record(milliseconds);
        }
        registry.close();
    }
}
