package dev.belfry.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.series.Exemplar;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricMetadata;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SampleBatch.SeriesExemplar;
import dev.belfry.model.series.SeriesDeletion;
import dev.belfry.store.MetricStoreConfig;
import dev.belfry.testkit.CrashDisk;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** The durable copy of the index: how it grows, and what of it a crash and damage leave. */
final class SeriesLogTest {
    private static final Path FOLDER = Path.of("/metrics");
    private static final Path PATH = FOLDER.resolve("SERIES");
    private static final int EXEMPLARS_MAX = 100;

    private final CrashDisk disk = new CrashDisk();
    private SeriesIndex index;
    private Families families;
    private ExemplarRing exemplars;
    private SeriesLog log;

    @BeforeEach
    void open() throws IOException {
        disk.createFolders(FOLDER);
        open(SeriesLog.End.NONE);
    }

    private void open(SeriesLog.End end) throws IOException {
        index = new SeriesIndex(MetricStoreConfig.STANDARD.limits(), 7, () -> {});
        families = new Families();
        exemplars = new ExemplarRing(EXEMPLARS_MAX);
        log = SeriesLog.open(disk, FOLDER, index, families, exemplars, end);
    }

    private void reopen(SeriesLog.End end) throws IOException {
        log.close();
        open(end);
    }

    private void append() throws IOException {
        log.append(new RoaringBitmap());
    }

    private static Labels labels(String name, int number) {
        return Labels.of("__name__", name, "i", "value".repeat(100) + number);
    }

    private void define(String name, int count) {
        for (int i = 0; i < count; i++) {
            Labels labels = labels(name, i);
            index.known().add(index.resolve(labels.stableHash(), 1, labels));
        }
    }

    private static SeriesExemplar exemplar(int number, String text) {
        Labels labels = Labels.of("trace_id", text + number);
        return new SeriesExemplar(3, new Exemplar(labels, number, 1000L + number));
    }

    private static MetricMetadata family(int number, String help) {
        return new MetricMetadata("family" + number, MetricType.COUNTER, "", help);
    }

    private long bytes() throws IOException {
        return disk.bytes(PATH).length;
    }

    @Test
    void everything_isThereAgain() throws IOException {
        define("a", 50);
        families.add(family(1, "one"));
        exemplars.add(exemplar(1, "x"));
        append();
        define("b", 60);
        RoaringBitmap gone = RoaringBitmap.bitmapOf(2, 3);
        index.remove(gone);
        log.append(gone);
        families.add(family(1, "other"));
        append();
        SeriesLog.End end = log.end();
        reopen(end);
        assertThat(log.damage()).isEmpty();
        assertThat(log.end()).isEqualTo(end);
        assertThat(index.count()).isEqualTo(108);
        assertThat(index.labels(50)).isEqualTo(labels("b", 0));
        assertThat(families.list("family1")).containsExactly(family(1, "one"), family(1, "other"));
        assertThat(exemplars.since(0)).containsExactly(exemplar(1, "x"));
    }

    @Test
    void exemplarsThatComeAndGo_doNotLetItGrowWithoutBound() throws IOException {
        String text = "t".repeat(20_000);
        int number = 0;
        for (int i = 0; i < 13; i++) {
            for (int at = 0; at < EXEMPLARS_MAX; at++) {
                exemplars.add(exemplar(number++, text));
            }
            append();
        }
        assertThat(bytes()).isLessThan(10 << 20);
        reopen(log.end());
        assertThat(exemplars.since(0)).hasSize(EXEMPLARS_MAX);
        assertThat(exemplars.since(0).getLast()).isEqualTo(exemplar(number - 1, text));
    }

    @Test
    void aFamilyThatChanges_isWrittenAlone() throws IOException {
        for (int i = 0; i < 1000; i++) {
            families.add(family(i, "as it was"));
        }
        append();
        long before = bytes();
        families.add(family(7, "as it is"));
        append();
        assertThat(bytes() - before).isBetween(10L, 200L);
        reopen(log.end());
        assertThat(families.list(null)).hasSize(1001).contains(family(7, "as it is"));
    }

    @Test
    void deletedExemplars_doNotComeBack() throws IOException {
        for (int i = 0; i < 10; i++) {
            exemplars.add(exemplar(i, "x"));
        }
        append();
        exemplars.remove(new SeriesDeletion(new int[] {3}, 1002, 1007));
        exemplars.add(exemplar(5, "x"));
        append();
        reopen(log.end());
        assertThat(exemplars.since(0))
                .containsExactly(
                        exemplar(0, "x"),
                        exemplar(1, "x"),
                        exemplar(8, "x"),
                        exemplar(9, "x"),
                        exemplar(5, "x"));
    }

    @Test
    void anExemplarThatIsReadTwice_isThereOnce() {
        for (int round = 0; round < 2; round++) {
            exemplars.add(exemplar(1, "x"));
            exemplars.add(exemplar(2, "x"));
        }
        assertThat(exemplars.since(0)).hasSize(2);
    }

    /* Labels of 3000 series take several records. */
    private SeriesLog.End appendSpoilt(boolean isCommitted) throws IOException {
        define("a", 10);
        append();
        SeriesLog.End before = log.end();
        define("b", 3000);
        append();
        disk.flip(PATH, before.bytes() + 100_000);
        return isCommitted ? log.end() : before;
    }

    @Test
    void anAppendThatACrashTore_isNoDamage() throws IOException {
        reopen(appendSpoilt(false));
        assertThat(log.damage()).isEmpty();
        define("a", 10);
        assertThat(index.end()).isEqualTo(3010);
        append();
        define("b", 3000);
        append();
        SeriesLog.End end = log.end();
        reopen(end);
        assertThat(log.damage()).isEmpty();
        assertThat(index.count()).isEqualTo(3010);
    }

    @Test
    void aRecordThatIsSpoiltLater_isDamage_untilItIsWrittenAnew() throws IOException {
        reopen(appendSpoilt(true));
        assertThat(log.damage()).isNotEmpty().first().asString().contains("are damaged");
        assertThat(index.count()).isBetween(10, 3009);
        define("c", 1);
        append();
        reopen(log.end());
        assertThat(log.damage()).isEmpty();
        assertThat(index.labels(3010)).isEqualTo(labels("c", 0));
    }

    @Test
    void anEndThatIsGone_isDamage() throws IOException {
        define("a", 10);
        append();
        SeriesLog.End end = log.end();
        disk.cut(PATH, end.bytes() - 3);
        reopen(end);
        assertThat(log.damage()).singleElement().asString().contains("ends at byte");
    }

    @Test
    void aFileOfAnEarlierTime_isDamage() throws IOException {
        reopen(new SeriesLog.End(5, 100));
        assertThat(log.damage())
                .singleElement()
                .isEqualTo(PATH + ": ends at byte 22, written anew 1 times (expected: 100, 5)");
    }
}
