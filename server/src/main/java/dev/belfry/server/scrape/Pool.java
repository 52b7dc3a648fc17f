package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SampleBatch;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.KnownFamilies;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The targets of one job: discovered, scraped, ended. Safe for many threads. */
final class Pool {
    private final Job job;
    private final Requests requests;
    private final Supplier<SeriesResolver> resolver;
    private final KnownFamilies families;
    private final Consumer<SampleBatch> store;
    private final InstantSource clock;
    private final Consumer<String> warn;
    private final Map<Discovery, List<Group>> found = new LinkedHashMap<>();
    private final Map<Discovery, Long> askedNanoTime = new HashMap<>();
    private final Map<String, TargetLoop> loops = new LinkedHashMap<>();
    private List<Labels> dropped = List.of();
    private int droppedCount;
    private String lastWarning = "";

    Pool(
            Job job,
            Requests requests,
            Supplier<SeriesResolver> resolver,
            KnownFamilies families,
            Consumer<SampleBatch> store,
            InstantSource clock,
            Consumer<String> warn) {
        this.job = job;
        this.requests = requests;
        this.resolver = resolver;
        this.families = families;
        this.store = store;
        this.clock = clock;
        this.warn = warn;
    }

    Job job() {
        return job;
    }

    synchronized List<TargetLoop> loops() {
        return List.copyOf(loops.values());
    }

    /** Dropped targets, as they were found; not all when there are many. */
    synchronized List<Labels> dropped() {
        return dropped;
    }

    synchronized int droppedCount() {
        return droppedCount;
    }

    /** Asks the discoveries whose answers are too old, and brings the targets in line. */
    void look() {
        boolean changed = false;
        for (Discovery discovery : job.discoveries()) {
            Long asked = askedNanoTime.get(discovery);
            boolean due =
                    asked == null || System.nanoTime() - asked > discovery.refresh().toNanos();
            if (!due) {
                continue;
            }
            askedNanoTime.put(discovery, System.nanoTime());
            try {
                List<Group> now = discovery.targets();
                changed |= !now.equals(found.put(discovery, now));
                lastWarning = "";
            } catch (IOException | ScrapeException e) {
                String line = job.name() + ": " + e.getMessage() + " (the targets before hold)";
                if (!line.equals(lastWarning)) {
                    lastWarning = line;
                    warn.accept(line);
                }
            }
        }
        if (changed) {
            bring();
        }
    }

    private synchronized void bring() {
        Map<String, Target> wanted = new LinkedHashMap<>();
        List<Labels> left = new ArrayList<>();
        int leftCount = 0;
        for (List<Group> groups : found.values()) {
            for (Group group : groups) {
                for (Labels each : group.targets()) {
                    Target target = target(each);
                    if (target != null) {
                        wanted.putIfAbsent(target.key(), target);
                    } else {
                        leftCount++;
                        if (left.size() < Limits.DROPPED_SHOWN_MAX) {
                            left.add(Target.discovered(job, each));
                        }
                    }
                }
            }
        }
        int max = job.targetsMax() == 0 ? Limits.TARGETS_MAX : job.targetsMax();
        if (wanted.size() > max) {
            warn.accept(
                    job.name()
                            + ": target_limit: "
                            + wanted.size()
                            + " targets (expected: at most "
                            + max
                            + "; none is scraped)");
            wanted.clear();
        }
        loops.entrySet()
                .removeIf(each -> {
                    boolean gone = !wanted.containsKey(each.getKey());
                    if (gone) {
                        each.getValue().end(true);
                    }
                    return gone;
                });
        for (Map.Entry<String, Target> each : wanted.entrySet()) {
            if (!loops.containsKey(each.getKey())) {
                TargetLoop loop =
                        new TargetLoop(
                                each.getValue(), requests, resolver.get(), families, store, clock);
                loops.put(each.getKey(), loop);
                loop.start();
            }
        }
        dropped = List.copyOf(left);
        droppedCount = leftCount;
    }

    private @Nullable Target target(Labels labels) {
        try {
            return Target.of(job, labels);
        } catch (ScrapeException e) {
            warn.accept(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Ends all; {@code marks} when the series end too. */
    synchronized void end(boolean marks) {
        loops.values().forEach(loop -> loop.end(marks));
        loops.clear();
    }
}
