package dev.belfry.server.events;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Principal;
import dev.belfry.metadata.SavedQueries;
import dev.belfry.metadata.SavedQuery;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.query.InsightResult;
import dev.belfry.query.Insights;
import dev.belfry.server.http.JsonText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs saved queries when they are due, one after the other, in the names of their owners. */
public final class QuerySchedule implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int AT_ONCE_MAX = 20;
    private static final int ROWS_MAX = 1_000;

    /* Of an answer that is kept: ten of each of a user's twenty queries are 50 MiB at most. */
    private static final int ANSWER_BYTES_MAX = 256 << 10;

    private final Supplier<Engine> engine;
    private final QueryDesk desk;
    private final Supplier<Identity> identity;
    private final LongSupplier nowNanos;
    private @Nullable Thread thread;

    /** A schedule over {@code engine}. */
    public QuerySchedule(
            Supplier<Engine> engine,
            QueryDesk desk,
            Supplier<Identity> identity,
            LongSupplier nowNanos) {
        this.engine = engine;
        this.desk = desk;
        this.identity = identity;
        this.nowNanos = nowNanos;
    }

    /** Begins to look for what is due among {@code queries}. */
    public void start(SavedQueries queries) {
        thread = Thread.ofVirtual().name("query-schedule").start(() -> look(queries));
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void look(SavedQueries queries) {
        System.Logger logger = System.getLogger(QuerySchedule.class.getName());
        while (true) {
            try {
                Thread.sleep(LOOK);
                for (SavedQuery query : queries.takeDue(nowMillis(), AT_ONCE_MAX)) {
                    long at = nowMillis();
                    Optional<SavedQuery.Answer> answer = answer(query, at);
                    if (answer.isPresent()) {
                        queries.answered(query.id(), answer.get());
                    }
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                logger.log(System.Logger.Level.WARNING, "scheduled queries", e);
            }
        }
    }

    private long nowMillis() {
        return Math.floorDiv(nowNanos.getAsLong(), 1_000_000L);
    }

    /* Empty when the owner may not ask. */
    private Optional<SavedQuery.Answer> answer(SavedQuery query, long at)
            throws InterruptedException {
        Principal owner = identity.get().inTheNameOf(query.ownerId()).orElse(null);
        if (owner == null || !owner.may(Permission.EVENTS_READ)) {
            return Optional.empty();
        }
        JsonText text = new JsonText(4096).object();
        boolean good = true;
        try {
            InsightResult result = ask(query, owner, at * 1_000_000);
            boolean cut = InsightAnswers.data(text, result, ANSWER_BYTES_MAX);
            SearchEndpoints.statistics(text, result.statistics(), cut || result.truncated());
        } catch (BelfryException e) {
            if (e.code() == ErrorCode.OVERLOADED) {
                return Optional.empty();
            }
            good = false;
            text.name("error").object().name("code").text(e.code().name());
            text.name("message").text(e.getMessage()).endObject();
        }
        return Optional.of(new SavedQuery.Answer(at, good, text.endObject().toString()));
    }

    private InsightResult ask(SavedQuery query, Principal owner, long now)
            throws InterruptedException {
        return desk.run(
                new QueryDesk.Question("insights", query.query(), Insights.STEP_ROWS_MAX),
                owner,
                found -> found.rows().size(),
                context ->
                        engine.get()
                                .insights()
                                .run(
                                        query.query(),
                                        Filters.range(query.startTime(), query.endTime(), now),
                                        Filters.owner(owner),
                                        owner.onlySources(),
                                        now,
                                        ROWS_MAX,
                                        context));
    }
}
