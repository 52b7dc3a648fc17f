package dev.belfry.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What own metrics and durability cost: the same load on each setting, in turn. */
final class OwnBench {
    private OwnBench() {}

    static void run(Options options, Path folder) throws Exception {
        Map<String, Map<String, String>> settings = new LinkedHashMap<>();
        settings.put("standard", Map.of());
        settings.put("metrics off", Map.of("BELFRY_METRICS_ENABLED", "false"));
        settings.put("not durable", Map.of("BELFRY_JOURNAL_SYNC", "interval"));
        Map<String, Figures> cpu = new LinkedHashMap<>();
        Map<String, Figures> wall = new LinkedHashMap<>();
        for (int run = 0; run < options.repeat(); run++) {
            for (Map.Entry<String, Map<String, String>> setting : settings.entrySet()) {
                Path data = folder.resolve(setting.getKey().replace(' ', '-') + run);
                try (BelfryProcess belfry =
                        BelfryProcess.start(options.launcher(), data, setting.getValue())) {
                    Load.send(100_000, () -> lines -> IngestBench.send(belfry, lines));
                    double before = ProcessClock.awaitIdle(belfry.handle());
                    double seconds =
                            Load.send(
                                    options.events(),
                                    () -> lines -> IngestBench.send(belfry, lines));
                    double used = ProcessClock.awaitIdle(belfry.handle()) - before;
                    cpu.computeIfAbsent(setting.getKey(), Figures::new)
                            .add(Measure.EVENTS_IN, options.events() / used);
                    wall.computeIfAbsent(setting.getKey() + " (a second)", Figures::new)
                            .add(Measure.EVENTS_IN, options.events() / seconds);
                }
                Programs.delete(data);
            }
        }
        for (Map<String, Figures> figures : java.util.List.of(cpu, wall)) {
            Figures standard = figures.values().iterator().next();
            for (Figures other : figures.values()) {
                System.out.printf(
                        "%s: %,.0f events, standard is %.3f of it%n",
                        other.name(),
                        other.median(Measure.EVENTS_IN),
                        standard.median(Measure.EVENTS_IN) / other.median(Measure.EVENTS_IN));
            }
        }
    }
}
