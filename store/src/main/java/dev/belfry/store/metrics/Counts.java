package dev.belfry.store.metrics;

import dev.belfry.model.series.Labels;
import dev.belfry.store.Cardinality;
import dev.belfry.store.Cardinality.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Counts that are kept while series are written, the largest first. */
final class Counts {
    private final Pairs pairs;
    private final Postings postings;

    Counts(Pairs pairs, Postings postings) {
        this.pairs = pairs;
        this.postings = postings;
    }

    Cardinality cardinality(int series, Churn churn, int limit) {
        Top metrics = new Top(limit);
        Top labels = new Top(limit);
        Top bytes = new Top(limit);
        Top values = new Top(limit);
        long live = 0;
        for (Pairs.Name name : pairs.names()) {
            long distinct = 0;
            long nameBytes = 0;
            for (int i = 0; i < name.pairs.size(); i++) {
                int pair = name.pairs.get(i);
                int count = postings.count(pair);
                if (count == 0) {
                    continue;
                }
                distinct++;
                nameBytes += pairs.valueBytes(pair);
                values.offer(name.text, pair, count);
                if (name.text.equals(Labels.NAME)) {
                    metrics.offer("", pair, count);
                }
            }
            live += distinct;
            labels.offer(name.text, -1, distinct);
            bytes.offer(name.text, -1, nameBytes);
        }
        return new Cardinality(
                series,
                live,
                metrics.list(),
                labels.list(),
                bytes.list(),
                values.list(),
                churn.createdInTheLastHour(),
                churn.forgottenInTheLastHour());
    }

    /** The largest of what is offered; texts are made for those that stay. */
    private final class Top {
        private record Entry(String name, int pair, long count) {}

        private static final Comparator<Entry> LARGER =
                Comparator.comparingLong(Entry::count)
                        .thenComparing(Entry::name, Comparator.reverseOrder())
                        .thenComparing(Entry::pair, Comparator.reverseOrder());

        private final int limit;
        private final PriorityQueue<Entry> kept = new PriorityQueue<>(LARGER);

        Top(int limit) {
            this.limit = limit;
        }

        void offer(String name, int pair, long count) {
            if (count == 0 || kept.size() == limit && kept.element().count >= count) {
                return;
            }
            kept.add(new Entry(name, pair, count));
            if (kept.size() > limit) {
                kept.remove();
            }
        }

        List<Count> list() {
            List<Entry> sorted = new ArrayList<>(kept);
            sorted.sort(LARGER.reversed());
            return sorted.stream().map(this::count).toList();
        }

        private Count count(Entry entry) {
            String value = entry.pair < 0 ? "" : pairs.value(entry.pair);
            String separator = entry.pair < 0 || entry.name.isEmpty() ? "" : "=";
            return new Count(entry.name + separator + value, entry.count);
        }
    }
}
