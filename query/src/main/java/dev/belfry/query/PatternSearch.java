package dev.belfry.query;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.insight.TemplateSearch;
import dev.belfry.store.EventStore;
import dev.belfry.store.Expr;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Table;
import dev.belfry.store.TimeRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The templates of a filter's messages, with their trends. */
final class PatternSearch {
    /** Templates of an answer at most. */
    static final int TEMPLATES_MAX = 1000;

    /** Buckets of a trend at most. */
    static final int BUCKETS_MAX = 100;

    /* Messages that are read: half a second's work on two cores. */
    private static final double MESSAGES_MAX = 500_000;

    private PatternSearch() {}

    static MessagePatterns of(
            EventStore store, EventFilter filter, int limit, int buckets, QueryContext context) {
        check("limit", limit, TEMPLATES_MAX);
        check("buckets", buckets, BUCKETS_MAX);
        Expr withMessage =
                new Expr.And(
                        List.of(filter.expression(), new Expr.Exists(new Expr.Column("message"))));
        Plan.Scan scan =
                new Plan.Scan(Table.EVENTS, filter.range(), withMessage, filter.owner(), null);
        ResultTable extent = store.execute(extent(scan), context);
        @Nullable Object[] row = extent.rows().getFirst();
        if (!(row[0] instanceof Long messages)
                || !(row[1] instanceof Number min)
                || !(row[2] instanceof Number max)) {
            return new MessagePatterns(List.of(), 0, 0, false, 0, 0, extent.statistics());
        }
        TimeRange range = filter.range();
        long start = range.startNanos() == Long.MIN_VALUE ? min.longValue() : range.startNanos();
        long end = range.endNanos() == Long.MAX_VALUE ? max.longValue() + 1 : range.endNanos();
        long width = Math.max(1, Math.ceilDiv(end - start, buckets));
        TemplateSearch search = new TemplateSearch(store, context, buckets);
        double share = Math.min(1, MESSAGES_MAX / messages);
        long read =
                search.read(
                        scan,
                        share,
                        time -> (int) Math.clamp((time - start) / width, 0L, buckets - 1));
        double scale = share < 1 && read > 0 ? (double) messages / read : 1;
        List<MessageTemplate> found = search.found();
        List<MessageTemplate> shown = new ArrayList<>();
        for (MessageTemplate template : found.subList(0, Math.min(limit, found.size()))) {
            shown.add(scaled(template, scale));
        }
        return new MessagePatterns(
                shown, found.size(), messages, share < 1, start, width, search.statistics());
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, name + ": " + value + " (expected: 1-" + max + ")");
        }
    }

    private static Plan extent(Plan.Scan scan) {
        Expr time = new Expr.Column("timestamp");
        return new Plan.Aggregate(
                scan,
                List.of(),
                List.of(
                        new Plan.Measure("count", Plan.Function.COUNT, null, 0),
                        new Plan.Measure("min", Plan.Function.MIN, time, 0),
                        new Plan.Measure("max", Plan.Function.MAX, time, 0)));
    }

    private static MessageTemplate scaled(MessageTemplate template, double scale) {
        if (scale == 1) {
            return template;
        }
        long[] buckets = template.buckets().clone();
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Math.round(buckets[i] * scale);
        }
        return new MessageTemplate(
                template.pattern(),
                template.like(),
                Math.round(template.count() * scale),
                template.example(),
                template.firstNanos(),
                template.lastNanos(),
                buckets);
    }
}
