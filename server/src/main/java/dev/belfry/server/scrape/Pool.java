package dev.belfry.server.scrape;

import dev.belfry.model.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The targets of one job: discovered, scraped, ended. Safe for many threads. */
final class Pool {
    private final TargetLoop.Scope scope;
    private final Map<Discovery, List<Group>> found = new LinkedHashMap<>();
    private final Map<Discovery, Long> askedNanoTime = new HashMap<>();
    private final Map<String, TargetLoop> loops = new LinkedHashMap<>();
    private volatile Job job;
    private List<Labels> dropped = List.of();
    private int droppedCount;
    private boolean changed;
    private boolean ended;

    /* Of discoveries that fail, what was told last: once for the same. */
    private final Map<Discovery, String> told = new HashMap<>();

    Pool(Job job, TargetLoop.Scope scope) {
        this.job = job;
        this.scope = scope;
    }

    Job job() {
        return job;
    }

    /**
     * Goes on with {@code next}, of the same name. What discoveries that are still there gave holds
     * until they are asked again; targets that are not there any more end when all have answered.
     */
    synchronized void reload(Job next) {
        Map<Discovery, List<Group>> kept = new HashMap<>(found);
        found.clear();
        for (Discovery each : next.discoveries()) {
            List<Group> groups = kept.get(each);
            if (groups != null) {
                found.put(each, groups);
            }
        }
        askedNanoTime.clear();
        told.keySet().retainAll(next.discoveries());
        job = next;
        changed = true;
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
        for (Discovery discovery : job.discoveries()) {
            Long asked = askedNanoTime.get(discovery);
            boolean due =
                    asked == null || System.nanoTime() - asked > discovery.refresh().toNanos();
            if (!due) {
                continue;
            }
            askedNanoTime.put(discovery, System.nanoTime());
            try {
                found(discovery, discovery.targets());
                told.remove(discovery);
            } catch (IOException | ScrapeException | RuntimeException | Error e) {
                warn(discovery, ScrapeException.told(e));
            }
        }
        bring();
    }

    private synchronized void found(Discovery discovery, List<Group> groups) {
        changed |= !groups.equals(found.put(discovery, groups));
    }

    private void warn(Discovery discovery, String problem) {
        if (!problem.equals(told.put(discovery, problem))) {
            scope.warn().accept(job.name() + ": " + problem + " (the targets before hold)");
        }
    }

    private synchronized void bring() {
        if (!changed || ended) {
            return;
        }
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
                        if (left.size() < job.droppedMax()) {
                            left.add(Target.discovered(job, each));
                        }
                    }
                }
            }
        }
        int max = job.targetsMax() == 0 ? Limits.TARGETS_MAX : job.targetsMax();
        if (wanted.size() > max) {
            scope.warn()
                    .accept(
                            job.name()
                                    + ": target_limit: "
                                    + wanted.size()
                                    + " targets (expected: at most "
                                    + max
                                    + "; none is scraped)");
            wanted.clear();
        }
        boolean answered = found.keySet().containsAll(job.discoveries());
        loops.entrySet()
                .removeIf(each -> {
                    boolean gone = answered && !wanted.containsKey(each.getKey());
                    if (gone) {
                        each.getValue().end(true);
                    }
                    return gone;
                });
        wanted.forEach((key, target) -> {
            TargetLoop loop = loops.get(key);
            if (loop == null) {
                loop = new TargetLoop(target, scope);
                loops.put(key, loop);
                loop.start();
            } else if (!loop.target().equals(target)) {
                loop.replace(target);
            }
        });
        dropped = List.copyOf(left);
        droppedCount = leftCount;
        changed = false;
    }

    private @Nullable Target target(Labels labels) {
        try {
            return Target.of(job, labels);
        } catch (ScrapeException e) {
            scope.warn().accept(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** Ends all, for ever; {@code marks} when the series end too. */
    synchronized void end(boolean marks) {
        ended = true;
        loops.values().forEach(loop -> loop.end(marks));
        loops.clear();
    }
}
