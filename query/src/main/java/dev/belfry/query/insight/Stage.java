package dev.belfry.query.insight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands between two pipes. */
sealed interface Stage {
    /** Where in the text it begins, from 0. */
    int at();

    /** A value with the name that it gets; null: what it reads like. */
    record Item(Node value, @Nullable String name) {}

    /** One sort key. */
    record Key(Node value, boolean descending) {}

    /** A search bar: words and fields. */
    record Search(Term term, int at) implements Stage {}

    /** Columns to show and to name. */
    record Fields(List<Item> items, int at) implements Stage {
        public Fields {
            items = List.copyOf(items);
        }
    }

    /** Rows to keep. */
    record Filter(Node condition, int at) implements Stage {}

    /**
     * Parts to take out of a text.
     *
     * @param pattern {@link Node.Text} with {@code *}, or {@link Node.Regex}
     * @param names of the parts; empty for a regular expression with named groups
     */
    record Parse(Node operand, Node pattern, List<String> names, int at) implements Stage {
        public Parse {
            names = List.copyOf(names);
        }
    }

    /** Groups and what is computed over each. */
    record Stats(List<Item> measures, List<Item> keys, int at) implements Stage {
        public Stats {
            measures = List.copyOf(measures);
            keys = List.copyOf(keys);
        }
    }

    /** An order. */
    record Sort(List<Key> keys, int at) implements Stage {
        public Sort {
            keys = List.copyOf(keys);
        }
    }

    /** The first rows. */
    record Limit(int count, int at) implements Stage {}

    /** The first row for each combination of values. */
    record Dedup(List<Node> values, int at) implements Stage {
        public Dedup {
            values = List.copyOf(values);
        }
    }

    /** Templates of a text. */
    record Patterns(Node value, int at) implements Stage {}

    /** The columns that are shown in the end. */
    record Display(List<Node> values, int at) implements Stage {
        public Display {
            values = List.copyOf(values);
        }
    }
}
