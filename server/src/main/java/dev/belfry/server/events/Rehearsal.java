package dev.belfry.server.events;

import dev.belfry.model.BelfryException;
import dev.belfry.model.Event;
import dev.belfry.query.Engine;
import dev.belfry.query.EventFilter;
import dev.belfry.query.EventPage;
import dev.belfry.query.Order;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.threads.Niceness;
import dev.belfry.store.Owner;
import dev.belfry.store.QueryContext;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks each kind of question about the newest segment a few times, once in a process, before
 * somebody else does.
 */
public final class Rehearsal implements AutoCloseable {
    /*
     * The first question of a kind takes several times as long as those after it: classes are initialised, calls are
     * linked, loops run without having been compiled, and files are read that no question needed. All that is done
     * here, when there is a segment and nobody sends much, or a while later.
     */
    private static final long FIRST_MILLIS = 5_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final int LOOKS_MAX = 30;
    private static final long LULL_EVENTS = 1_000;
    private static final int NICENESS = 5;
    private static final int ROUNDS = 2;
    private static final int LIMIT = 100;
    private static final int BUCKETS = 120;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final long MEMORY_BYTES = 32L << 20;

    /* A member of tags or payload that is a text without escapes, one that is a number. */
    private static final Pattern MEMBER = Pattern.compile("\"([^\"\\\\`]+)\":\"([^\"\\\\]+)\"");
    private static final Pattern NUMBER = Pattern.compile("\"([^\"\\\\`]+)\":[0-9]+[,}]");

    private final Supplier<@Nullable Engine> engine;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable QueryContext asking;

    /** A rehearsal with the engine that {@code engine} gives, null while it is not open. */
    public Rehearsal(Supplier<@Nullable Engine> engine) {
        this.engine = engine;
        this.thread = Thread.ofPlatform().name("belfry-rehearse").daemon().unstarted(this::run);
    }

    /** Waits in the background for the time to begin. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            if (closing.await(FIRST_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
            Niceness.raise(NICENESS);
            long before = -1;
            int looks = 0;
            while (true) {
                Engine open = engine.get();
                StoreStatus status = open == null ? null : open.store().status();
                long events = status == null ? 0 : status.eventsEver();
                boolean hasSegments = status != null && !status.segments().isEmpty();
                boolean isLull = before >= 0 && events - before < LULL_EVENTS;
                looks += hasSegments ? 1 : 0;
                if (open != null && hasSegments && (isLull || looks > LOOKS_MAX)) {
                    ask(open);
                    return;
                }
                before = events;
                if (closing.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (BelfryException _) {
            // Too much or too slow now: whoever asks first waits, as without this.
        }
    }

    /** Asks; how many questions were answered. */
    int ask(Engine open) {
        TimeRange range =
                open.store().status().segments().stream()
                        .max(Comparator.comparing(segment -> segment.maxTimestampNanos()))
                        .map(newest ->
                                new TimeRange(
                                        newest.minTimestampNanos(), newest.maxTimestampNanos() + 1))
                        .orElse(TimeRange.ALL);
        EventFilter all = EventFilter.all(range, Owner.ALL);
        List<Event> events = search(open, all).events();
        if (events.isEmpty()) {
            return 1;
        }
        List<EventFilter> filters = filters(all, events.getLast());
        List<String> statistics = statistics(events.getLast());
        for (int round = 0; round < ROUNDS; round++) {
            for (EventFilter filter : filters) {
                search(open, filter);
            }
            QueryContext context = context();
            var _ = open.events().histogram(all, BUCKETS, context);
            for (String query : statistics) {
                var _ = open.insights().run(query, range, Owner.ALL, Set.of(), 0, LIMIT, context());
            }
        }
        return 1 + ROUNDS * (filters.size() + 1 + statistics.size());
    }

    private static List<String> statistics(Event like) {
        List<String> queries = new ArrayList<>();
        queries.add("stats count() by bin(1m), level");
        Matcher tag = MEMBER.matcher(like.tagsJson());
        if (tag.find()) {
            queries.add("stats count() by `" + tag.group(1) + '`');
        }
        Matcher number = NUMBER.matcher(like.payloadJson());
        if (number.find()) {
            queries.add("stats p95(`" + number.group(1) + "`)");
        }
        return queries;
    }

    private static List<EventFilter> filters(EventFilter all, Event like) {
        List<EventFilter> filters = new ArrayList<>();
        filters.add(all);
        filters.add(filter(all, "\u0000nobody", null, null, null, null, null));
        if (like.level() != null) {
            filters.add(filter(all, null, like.level(), null, null, null, null));
        }
        Matcher tag = MEMBER.matcher(like.tagsJson());
        if (tag.find()) {
            Map<String, List<String>> tags = Map.of(tag.group(1), List.of(tag.group(2)));
            filters.add(filter(all, null, null, null, null, tags, null));
        }
        Matcher member = MEMBER.matcher(like.payloadJson());
        if (member.find()) {
            Map<String, List<String>> payload = Map.of(member.group(1), List.of(member.group(2)));
            filters.add(filter(all, null, null, null, null, null, payload));
        }
        if (like.traceId() != null) {
            filters.add(filter(all, null, null, like.traceId(), null, null, null));
            filters.add(filter(all, null, null, null, like.traceId(), null, null));
        }
        if (like.message() != null) {
            String[] words = like.message().split("\\W+", 4);
            if (words.length > 2 && !words[0].isEmpty()) {
                String apart = '"' + words[1] + ' ' + words[0] + '"';
                filters.add(filter(all, null, null, null, words[0], null, null));
                filters.add(filter(all, null, null, null, apart, null, null));
            }
        }
        return filters;
    }

    private static EventFilter filter(
            EventFilter all,
            @Nullable String source,
            @Nullable String level,
            @Nullable String traceId,
            @Nullable String q,
            @Nullable Map<String, List<String>> tags,
            @Nullable Map<String, List<String>> payload) {
        return new EventFilter(
                all.range(),
                List.of(),
                source == null ? List.of() : List.of(source),
                level == null ? List.of() : List.of(level),
                traceId,
                q,
                tags == null ? Map.of() : tags,
                payload == null ? Map.of() : payload,
                all.owner());
    }

    private EventPage search(Engine open, EventFilter filter) {
        EventPage page =
                open.events().search(filter, Order.NEWEST_FIRST, LIMIT, 0, null, context());
        JsonText text = new JsonText(512).array();
        page.events().forEach(event -> EventJson.write(text, event));
        text.endArray();
        return page;
    }

    private QueryContext context() {
        QueryContext context = new QueryContext(TIMEOUT, MEMORY_BYTES, LIMIT * LIMIT, true);
        asking = context;
        if (closing.getCount() == 0) {
            context.cancel();
        }
        return context;
    }

    /** Ends it, whatever it does. */
    @Override
    public void close() {
        closing.countDown();
        QueryContext now = asking;
        if (now != null) {
            now.cancel();
        }
        try {
            if (thread.isAlive()) {
                thread.join(TIMEOUT);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
