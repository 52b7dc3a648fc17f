package dev.belfry.query.insight;

import dev.belfry.query.MessageTemplate;
import dev.belfry.store.EventStore;
import dev.belfry.store.Plan;
import dev.belfry.store.QueryContext;
import dev.belfry.store.ResultTable;
import dev.belfry.store.Values;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/** Finds the templates of the messages of some scans; one thread. */
public final class TemplateSearch {
    private final EventStore store;
    private final QueryContext context;
    private final int buckets;
    private final Templates all;
    private ResultTable.Statistics statistics = ResultTable.Statistics.NONE;

    /** A search whose messages are counted by {@code buckets}. */
    public TemplateSearch(EventStore store, QueryContext context, int buckets) {
        this.store = store;
        this.context = context;
        this.buckets = buckets;
        this.all = new Templates(context, buckets);
    }

    /**
     * Takes in the messages of {@code scan}.
     *
     * @param share of them, 0 to 1: from all over its range
     * @param bucketOf the bucket of a time (epoch nanoseconds)
     * @return how many were read
     */
    public long read(Plan.Scan scan, double share, LongToIntFunction bucketOf) {
        Plan plan =
                new Plan.Extract(
                        scan,
                        List.of(
                                new Plan.Named("text", Names.MESSAGE),
                                new Plan.Named("time", Names.TIMESTAMP)));
        EventStore.Visited<Reader> visited =
                store.visit(plan, share, context, () -> new Reader(bucketOf));
        long before = all.total();
        visited.visitors().forEach(reader -> all.merge(reader.templates));
        statistics = visited.statistics();
        return all.total() - before;
    }

    private final class Reader implements EventStore.Visitor {
        private final Templates templates = new Templates(context, buckets);
        private final LongToIntFunction bucketOf;

        Reader(LongToIntFunction bucketOf) {
            this.bucketOf = bucketOf;
        }

        @Override
        public void take(@Nullable Object[][] columns) {
            for (int row = 0; row < columns[0].length; row++) {
                if (columns[1][row] instanceof Long time) {
                    templates.add(Values.text(columns[0][row]), bucketOf.applyAsInt(time), time);
                }
            }
        }
    }

    /** What was found, the most frequent first. */
    public List<MessageTemplate> found() {
        return all.found().stream()
                .map(template ->
                        new MessageTemplate(
                                template.pattern(),
                                template.like(),
                                template.count(),
                                template.example(),
                                template.firstNanos(),
                                template.lastNanos(),
                                Arrays.stream(template.buckets()).asLongStream().toArray()))
                .toList();
    }

    /** What the last read cost. */
    public ResultTable.Statistics statistics() {
        return statistics;
    }
}
