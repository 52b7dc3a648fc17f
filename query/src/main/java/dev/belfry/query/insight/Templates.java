package dev.belfry.query.insight;

import dev.belfry.store.EventStore;
import dev.belfry.store.QueryContext;
import dev.belfry.store.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The templates of texts: what is the same in many of them, with {@code <*>} for what varies. */
final class Templates {
    /*
     * Two steps. Each line is masked by its looks alone (LineTokens) and counted by what is left: that
     * is one pass without memory of lines, and a million lines leave some thousand shapes. Then shapes
     * of one length that differ at one place only are joined, when that place has so many values that
     * it must be a variable; again until nothing is left to join. Never at the first place, which
     * mostly tells the event.
     *
     * After: Drain (He et al., ICWS 2017) for shapes of one length and the first words' weight; Brain
     * (Yu et al., TSC 2023) for the bidirectional view: the whole rest of a line decides.
     */
    static final String VARIABLE = "<*>";
    static final long VARIABLE_HASH = 0x9e3779b97f4a7c15L;

    /** What {@link #rows} has. */
    static final List<String> COLUMNS = List.of("pattern", "count", "share", "example");

    /* A place with so many different words is a variable. */
    private static final int VALUES_MIN = 4;

    /* … and so many other words must be fixed: fewer when very many values agree. */
    private static final int FIXED_MIN = 2;
    private static final int MANY_VALUES = 6;

    /*
     * Fewer values than this that are all frequent are a closed set, such as Started, Paused, Resumed, Stopped:
     * each tells another event. That a value is rare says that more are to come (Good, The population
     * frequencies of species, Biometrika 40, 1953: the chance of a new one is the share of those seen once).
     */
    private static final int CLOSED_MAX = 10;
    private static final int RARE_MAX = 2;

    private static final int ROUNDS_MAX = 20;

    /* Shapes held at once; when there are more they are joined, and what cannot be is one rest. */
    private static final int SHAPES_MAX = 20_000;
    private static final int SHAPE_BYTES = 512;

    /* Of a line; what is behind is one variable. */
    private static final int SHAPE_TEXT_MAX = 8_192;
    private static final int EXAMPLE_MAX = 1_000;

    /* Of a pattern of like: the words behind are left out. */
    private static final int LIKE_MAX = 900;
    private static final Pattern LIKE_SIGNS = Pattern.compile("[%_\\\\]");

    private final QueryContext context;
    private final int buckets;
    private final LineTokens tokens = new LineTokens();
    private Map<Long, Shape> shapes = new HashMap<>();
    private long total;

    Templates(QueryContext context) {
        this(context, 0);
    }

    /** Templates that are also counted by bucket, 0 to {@code buckets - 1}. */
    Templates(QueryContext context, int buckets) {
        this.context = context;
        this.buckets = buckets;
    }

    private static final class Shape {
        private final String[] words;
        private final byte[] kinds;
        private final boolean[] spaced;
        private final long[] hashes;
        private final String example;
        private final int[] buckets;
        private long hash;
        private long count;
        private long firstNanos = Long.MAX_VALUE;
        private long lastNanos = Long.MIN_VALUE;

        Shape(LineTokens tokens, long hash, String example, int bucketCount) {
            int n = tokens.count();
            words = new String[n];
            kinds = new byte[n];
            spaced = new boolean[n];
            hashes = new long[n];
            for (int i = 0; i < n; i++) {
                words[i] = tokens.text(i);
                kinds[i] = tokens.kind(i);
                spaced[i] = tokens.isSpaced(i);
                hashes[i] = tokens.hash(i);
            }
            this.hash = hash;
            this.example = example;
            this.buckets = new int[bucketCount];
        }

        void count(int bucket, long timeNanos) {
            count++;
            if (bucket >= 0) {
                buckets[bucket]++;
            }
            firstNanos = Math.min(firstNanos, timeNanos);
            lastNanos = Math.max(lastNanos, timeNanos);
        }

        void merge(Shape other) {
            count += other.count;
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] += other.buckets[i];
            }
            firstNanos = Math.min(firstNanos, other.firstNanos);
            lastNanos = Math.max(lastNanos, other.lastNanos);
        }

        void setVariable(int place) {
            hash += at(VARIABLE_HASH, place) - at(hashes[place], place);
            words[place] = VARIABLE;
            kinds[place] = LineTokens.VARIABLE;
            hashes[place] = VARIABLE_HASH;
        }

        /* What varies, and what was left out beside it, is any text. */
        String like() {
            StringBuilder like = new StringBuilder("%");
            for (int i = 0; i < words.length && like.length() < LIKE_MAX; i++) {
                if (kinds[i] == LineTokens.WORD) {
                    like.append(LIKE_SIGNS.matcher(words[i]).replaceAll("\\\\$0")).append('%');
                }
            }
            return like.toString();
        }

        String text() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < words.length; i++) {
                boolean joined =
                        i > 0
                                && kinds[i] == LineTokens.VARIABLE
                                && kinds[i - 1] == LineTokens.VARIABLE;
                if (joined) {
                    continue;
                }
                text.append(spaced[i] && i > 0 ? " " : "").append(words[i]);
            }
            return text.toString();
        }
    }

    /** Finds the templates of the first column of rows. */
    static final class Visitor implements EventStore.Visitor {
        private final Templates templates;

        Visitor(QueryContext context) {
            this.templates = new Templates(context);
        }

        Templates templates() {
            return templates;
        }

        @Override
        public void take(@Nullable Object[][] columns) {
            for (Object value : columns[0]) {
                templates.add(Values.text(value));
            }
        }
    }

    static long mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xd6e8feb86659fd93L;
        return mixed ^ mixed >>> 32;
    }

    private static long at(long hash, int place) {
        return mix(hash + place * 0x9e3779b97f4a7c15L);
    }

    /** Takes in a text; absent ones do not count. */
    void add(@Nullable String text) {
        add(text, -1, 0);
    }

    /**
     * Takes in a text of a bucket (-1: of none) and a time.
     *
     * @param timeNanos epoch nanoseconds
     */
    void add(@Nullable String text, int bucket, long timeNanos) {
        if (text == null) {
            return;
        }
        total++;
        tokens.read(text.length() <= SHAPE_TEXT_MAX ? text : text.substring(0, SHAPE_TEXT_MAX));
        long hash = tokens.count();
        for (int i = 0; i < tokens.count(); i++) {
            hash += at(tokens.hash(i), i);
        }
        Shape shape = shapes.get(hash);
        if (shape == null) {
            if (shapes.size() == SHAPES_MAX) {
                compact();
            }
            context.reserve(
                    SHAPE_BYTES
                            + 4L * buckets
                            + 64L * tokens.count()
                            + 2L * Math.min(text.length(), SHAPE_TEXT_MAX));
            String example =
                    text.length() <= EXAMPLE_MAX ? text : text.substring(0, EXAMPLE_MAX) + "…";
            shape = new Shape(tokens, hash, example, buckets);
            shapes.put(hash, shape);
        }
        shape.count(bucket, timeNanos);
    }

    /** How many texts there were. */
    long total() {
        return total;
    }

    /** Takes in what another has found. */
    void merge(Templates other) {
        total += other.total;
        for (Shape shape : other.shapes.values()) {
            put(shapes, shape);
        }
    }

    /**
     * A template.
     *
     * @param pattern what is the same, with {@link #VARIABLE} for what varies
     * @param like a pattern of {@code like} that all its texts match: its words in their order
     * @param count texts
     * @param example one of them
     * @param firstNanos the earliest time
     * @param lastNanos the latest time
     * @param buckets texts by bucket
     */
    record Template(
            String pattern,
            String like,
            long count,
            String example,
            long firstNanos,
            long lastNanos,
            int[] buckets) {}

    /** The templates, the most frequent first. */
    List<Template> found() {
        join();
        return shapes.values().stream()
                .map(shape ->
                        new Template(
                                shape.text(),
                                shape.like(),
                                shape.count,
                                shape.example,
                                shape.firstNanos,
                                shape.lastNanos,
                                shape.buckets))
                .sorted(
                        Comparator.comparingLong((Template template) -> -template.count())
                                .thenComparing(Template::pattern))
                .toList();
    }

    /** A row for each template, the most frequent first. */
    List<@Nullable Object[]> rows() {
        List<@Nullable Object[]> rows = new ArrayList<>(shapes.size());
        for (Template template : found()) {
            rows.add(
                    new @Nullable Object[] {
                        template.pattern(),
                        template.count(),
                        Math.round(1e6 * template.count() / total) / 1e6,
                        template.example()
                    });
        }
        return rows;
    }

    /* Makes room: joins, and when that is not enough takes the least frequent as variables whole. */
    private void compact() {
        join();
        if (shapes.size() <= SHAPES_MAX / 2) {
            return;
        }
        List<Shape> least =
                shapes.values().stream()
                        .sorted(Comparator.comparingLong(shape -> shape.count))
                        .limit(shapes.size() - SHAPES_MAX / 2)
                        .toList();
        for (Shape shape : least) {
            shapes.remove(shape.hash);
            for (int place = 0; place < shape.words.length; place++) {
                if (shape.kinds[place] == LineTokens.WORD) {
                    shape.setVariable(place);
                }
            }
            put(shapes, shape);
        }
    }

    private static void put(Map<Long, Shape> shapes, Shape shape) {
        Shape own = shapes.putIfAbsent(shape.hash, shape);
        if (own != null) {
            own.merge(shape);
        }
    }

    private void join() {
        Map<Integer, List<Shape>> byLength = new HashMap<>();
        for (Shape shape : shapes.values()) {
            byLength.computeIfAbsent(shape.words.length, _ -> new ArrayList<>()).add(shape);
        }
        Map<Long, Shape> joined = new HashMap<>();
        for (List<Shape> same : byLength.values()) {
            joinSame(same).forEach(shape -> put(joined, shape));
        }
        shapes = joined;
    }

    private List<Shape> joinSame(List<Shape> shapes) {
        List<Shape> left = new ArrayList<>(shapes);
        left.sort(Comparator.comparingLong(shape -> shape.hash));
        int length = left.getFirst().words.length;
        boolean changed = true;
        for (int round = 0; changed && round < ROUNDS_MAX; round++) {
            changed = false;
            for (int place = 1; place < length; place++) {
                context.check();
                List<Shape> after = joinAt(left, place);
                changed |= after.size() < left.size();
                left = after;
            }
        }
        return left;
    }

    private static List<Shape> joinAt(List<Shape> shapes, int place) {
        Map<Long, List<Shape>> alike = new HashMap<>();
        List<Shape> result = new ArrayList<>(shapes.size());
        for (Shape shape : shapes) {
            if (shape.kinds[place] == LineTokens.SIGN) {
                result.add(shape);
            } else {
                long rest = shape.hash - at(shape.hashes[place], place);
                alike.computeIfAbsent(rest, _ -> new ArrayList<>(1)).add(shape);
            }
        }
        for (List<Shape> group : alike.values()) {
            if (group.size() > 1 && isVariable(group, place)) {
                Shape first = group.getFirst();
                for (Shape other : group.subList(1, group.size())) {
                    first.merge(other);
                }
                first.setVariable(place);
                result.add(first);
            } else {
                result.addAll(group);
            }
        }
        return result;
    }

    private static boolean isVariable(List<Shape> group, int place) {
        Map<Long, Long> counts = new HashMap<>();
        boolean masked = false;
        for (Shape shape : group) {
            counts.merge(shape.hashes[place], shape.count, Long::sum);
            masked |= shape.kinds[place] == LineTokens.VARIABLE;
        }
        int fixed = 0;
        Shape first = group.getFirst();
        for (int i = 0; i < first.words.length; i++) {
            fixed += i != place && first.kinds[i] == LineTokens.WORD ? 1 : 0;
        }
        int values = counts.size();
        boolean open =
                values >= CLOSED_MAX
                        || counts.values().stream().anyMatch(count -> count <= RARE_MAX);
        return values >= (masked ? 2 : VALUES_MIN)
                && (masked || open)
                && fixed >= (values < MANY_VALUES ? FIXED_MIN : 1);
    }
}
