package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.Event;
import dev.belfry.model.disk.Disk;
import dev.belfry.store.Owner;
import dev.belfry.store.ResultTable;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.TimeRange;
import dev.belfry.testkit.EventGenerator;
import dev.belfry.testkit.SimulatedClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is damaged in the event store takes nothing with it that it did not hit. */
class DamagedStoreTest {
    private static final int SEGMENTS = 3;
    private static final int EVENTS = 9000;

    @TempDir private Path folder;

    private final SimulatedClock clock = new SimulatedClock();
    private final List<List<UUID>> sent = new ArrayList<>();

    /** What happens to the second of three segments, and what must survive of it. */
    private enum Damage {
        PAGE(true, Survives.SOME),
        DICTIONARY_OR_FIRST_PAGE(true, Survives.SOME_OR_NONE),
        HALF_ZEROED(true, Survives.SOME_OR_NONE),
        TRUNCATED(true, Survives.SOME_OR_NONE),
        TRUNCATED_BEFORE_START(false, Survives.NONE),
        SEGMENT_MISSING(false, Survives.NONE),
        FOOTER(false, Survives.NONE),
        FILTER_MISSING(false, Survives.ALL),
        FILTER_TRUNCATED(false, Survives.ALL),
        FILTER_DIRECTORY(false, Survives.ALL),
        FILTER(false, Survives.ALL),
        PAIRS(true, Survives.ALL);

        private final boolean whileOpen;
        private final Survives survives;

        Damage(boolean whileOpen, Survives survives) {
            this.whileOpen = whileOpen;
            this.survives = survives;
        }

        void hit(Path parquet, Path filter) throws IOException {
            long size = Files.size(parquet);
            switch (this) {
                case PAGE -> flip(parquet, size / 2, 1);
                case DICTIONARY_OR_FIRST_PAGE -> flip(parquet, 200, 1);
                case HALF_ZEROED -> zero(parquet, 4, size / 2);
                case TRUNCATED, TRUNCATED_BEFORE_START -> cut(parquet, size / 2);
                case SEGMENT_MISSING -> Files.delete(parquet);
                case FOOTER -> flip(parquet, size - 100, 1);
                case FILTER_MISSING -> Files.delete(filter);
                case FILTER_TRUNCATED -> cut(filter, Files.size(filter) / 2);
                case FILTER_DIRECTORY -> flip(filter, Files.size(filter) - 40, 1);
                case FILTER -> flip(filter, 200, 1);
                case PAIRS -> zeroPairs(filter, Files.size(filter) - 60);
            }
        }
    }

    private enum Survives {
        ALL,
        SOME,
        SOME_OR_NONE,
        NONE
    }

    @ParameterizedTest
    @EnumSource
    void damagedSegment_answersTheRest_tellsWhat_andMergesWhatIsLeft(Damage damage)
            throws Exception {
        Engine engine = open();
        for (int i = 0; i < SEGMENTS; i++) {
            seal(engine);
        }
        List<String> names = names(engine);
        if (!damage.whileOpen) {
            engine.close();
        }
        damage.hit(file(names.get(1), ".parquet"), file(names.get(1), ".filter"));
        if (!damage.whileOpen) {
            engine = open();
        }
        try (Engine running = engine) {
            Set<UUID> left = check(running, damage, names.get(1));
            merge(running, left);
        }
        try (Engine again = open()) {
            check(again, sent.stream().flatMap(List::stream).toList());
        }
    }

    private Set<UUID> check(Engine engine, Damage damage, String name) {
        EventPage first = page(engine);
        Set<UUID> found = ids(EngineFixture.all(engine));
        assertThat(found).containsAll(sent.get(0)).containsAll(sent.get(2));
        int left = found.size() - sent.get(0).size() - sent.get(2).size();
        switch (damage.survives) {
            case ALL -> assertThat(left).isEqualTo(EVENTS);
            case SOME -> assertThat(left).isBetween(1, EVENTS - 1);
            case SOME_OR_NONE -> assertThat(left).isLessThan(EVENTS);
            case NONE -> assertThat(left).isZero();
        }
        long lost = EVENTS - left;
        search(engine, "nowhere");
        search(engine, "\"connection request\"");
        StoreStatus status = engine.status().store();
        assertThat(status.unreadableEvents()).isEqualTo(lost);
        assertThat(status.events()).isEqualTo((long) SEGMENTS * EVENTS - lost);
        assertThat(status.damages()).isPositive();
        assertThat(status.damage()).anyMatch(text -> text.contains(name));
        List<String> warnings = page(engine).statistics().warnings();
        if (lost == 0) {
            assertThat(first.statistics().warnings()).isEmpty();
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).hasSize(1);
            assertThat(warnings.getFirst()).contains(name).contains(lost + " events");
            EventFilter elsewhere = EventFilter.all(new TimeRange(Long.MIN_VALUE, 0), Owner.ALL);
            assertThat(
                            engine.events()
                                    .search(
                                            elsewhere,
                                            Order.NEWEST_FIRST,
                                            1,
                                            0,
                                            null,
                                            EngineFixture.context())
                                    .statistics()
                                    .warnings())
                    .isEmpty();
        }
        long rows = (long) SEGMENTS * EVENTS - lost;
        assertThat(engine.events().count(everything(), EngineFixture.context())).isEqualTo(rows);
        ResultTable sql =
                engine.events()
                        .sql("SELECT count(DISTINCT id) n FROM events", EngineFixture.context());
        assertThat(((Number) sql.rows().getFirst()[0]).longValue()).isEqualTo(rows);
        assertThat(sql.statistics().warnings()).hasSize(lost == 0 ? 0 : 1);
        return found;
    }

    private void merge(Engine engine, Set<UUID> left) throws IOException {
        Set<UUID> expected = new HashSet<>(left);
        for (int i = 0; i < 6; i++) {
            expected.addAll(seal(engine));
        }
        engine.store().maintainNow();
        assertThat(ids(EngineFixture.all(engine))).isEqualTo(expected);
        assertThat(engine.status().store().compactions()).isPositive();
        assertThat(engine.status().store().sealFailure()).isEmpty();
        sent.clear();
        sent.add(List.copyOf(expected));
    }

    private void check(Engine engine, List<UUID> expected) {
        assertThat(ids(EngineFixture.all(engine))).isEqualTo(new HashSet<>(expected));
    }

    @Test
    void mergeThatFindsDamageFirst_keepsTheRest() throws Exception {
        try (Engine engine = open()) {
            for (int i = 0; i < 7; i++) {
                seal(engine);
            }
            String name = names(engine).get(3);
            Path parquet = file(name, ".parquet");
            cut(parquet, Files.size(parquet) / 3);
            flip(file(names(engine).get(5), ".filter"), 200, 1);
            seal(engine);
            assertThat(engine.status().store().compactions()).isEqualTo(1);
            Set<UUID> found = ids(EngineFixture.all(engine));
            for (int i = 0; i < 8; i++) {
                if (i != 3) {
                    assertThat(found).containsAll(sent.get(i));
                }
            }
            assertThat(engine.status().store().damage()).anyMatch(text -> text.contains(name));
            assertThat(folder.resolve("events/quarantine").resolve(name + ".parquet")).exists();
        }
    }

    @Test
    void manifestRecord_damagedInTheMiddle_isToldAndFilesStay() throws Exception {
        long[] ends = new long[SEGMENTS];
        Path manifest = folder.resolve("events/MANIFEST");
        try (Engine engine = open()) {
            for (int i = 0; i < SEGMENTS; i++) {
                seal(engine);
                ends[i] = Files.size(manifest);
            }
        }
        flip(manifest, (ends[0] + ends[1]) / 2, 1);
        try (Engine engine = open()) {
            Set<UUID> found = ids(EngineFixture.all(engine));
            assertThat(found).containsAll(sent.get(0)).containsAll(sent.get(2));
            assertThat(engine.status().store().damage())
                    .anyMatch(text -> text.contains("MANIFEST"));
            try (Stream<Path> files = Files.list(folder.resolve("events"))) {
                assertThat(files.filter(path -> path.toString().endsWith(".parquet")))
                        .hasSize(SEGMENTS);
            }
        }
    }

    @Test
    void manifestWithoutItsHeader_isRefusedAndUntouched() throws Exception {
        Path manifest = folder.resolve("events/MANIFEST");
        try (Engine engine = open()) {
            seal(engine);
        }
        flip(manifest, 2, 1);
        byte[] before = Files.readAllBytes(manifest);
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("MANIFEST");
        assertThat(manifest).hasBinaryContent(before);
    }

    private Engine open() throws IOException {
        return Engine.open(EngineFixture.config(Disk.real(), folder, clock));
    }

    private List<UUID> seal(Engine engine) throws IOException {
        EventGenerator generator = new EventGenerator(sent.size() + 7);
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < EVENTS; i += 1000) {
            ids.addAll(EngineFixture.append(engine, generator.next(1000)));
        }
        assertThat(engine.events().count(everything(), EngineFixture.context())).isPositive();
        engine.store().maintainNow();
        sent.add(ids);
        return ids;
    }

    private static List<String> names(Engine engine) {
        return engine.status().store().segments().stream()
                .map(StoreStatus.SegmentStatus::name)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private Path file(String name, String ending) {
        return folder.resolve("events").resolve(name + ending);
    }

    private static EventFilter everything() {
        return EventFilter.all(TimeRange.ALL, Owner.ALL);
    }

    private static EventPage page(Engine engine) {
        return engine.events()
                .search(everything(), Order.NEWEST_FIRST, 1000, 0, null, EngineFixture.context());
    }

    /* Asks each row group's filter. */
    private static void search(Engine engine, String word) {
        EventFilter filter =
                new EventFilter(
                        TimeRange.ALL,
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        word,
                        Map.of(),
                        Map.of(),
                        Owner.ALL);
        engine.events().search(filter, Order.NEWEST_FIRST, 1, 0, null, EngineFixture.context());
    }

    private static Set<UUID> ids(List<Event> events) {
        Set<UUID> ids = new HashSet<>();
        events.forEach(event -> assertThat(ids.add(event.id())).isTrue());
        return ids;
    }

    private static void flip(Path path, long at, int bit) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int old = file.read();
            file.seek(at);
            file.write(old ^ 1 << bit);
        }
    }

    private static void zero(Path path, long from, long to) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(from);
            file.write(new byte[(int) (to - from)]);
        }
    }

    /* The pairs of the only row group, whose entry in the directory stands at the place given. */
    private static void zeroPairs(Path filter, long entryAt) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(filter.toFile(), "r")) {
            byte[] entry = new byte[24];
            file.seek(entryAt);
            file.readFully(entry);
            ByteBuffer fields = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
            long from = fields.getLong(0) + fields.getInt(8);
            zero(filter, from, from + (long) fields.getInt(16) * fields.getInt(20));
        }
    }

    private static void cut(Path path, long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
        }
    }
}
