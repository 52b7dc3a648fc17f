package dev.belfry.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ReadyHeapTest {
    private static final List<String> MAPS =
            List.of(
                    "23001000-26d5a000 rw-p 00001000 fe:00 2147677    /tmp/belfry.aot",
                    "27000000-27020000 rw-p 00000000 00:00 0 ",
                    "27020000-27040000 ---p 00000000 00:00 0 ",
                    "c0000000-e0000000 ---p 00000000 00:00 0 ",
                    "e0000000-e7e00000 rw-p 00000000 00:00 0 ",
                    "e7e00000-eaaa0000 ---p 00000000 00:00 0 ",
                    "eaaa0000-eac00000 rw-p 00000000 00:00 0 ",
                    "eac00000-fa800000 rw-p 00000000 00:00 0 ",
                    "fa800000-100000000 ---p 00000000 00:00 0 ",
                    "7f0000000000-7f0000001000 r-xp 00000000 fe:00 12    /lib/libc.so.6",
                    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]");

    @Test
    void low_isWhereARowOfThatLengthBegins() {
        assertThat(ReadyHeap.low(MAPS, 512L << 20)).hasValue(0xe0000000L);
        assertThat(ReadyHeap.low(MAPS, 256L << 10)).hasValue(0x27000000L);
    }

    @Test
    void low_ofNoRow_isEmpty() {
        assertThat(ReadyHeap.low(MAPS, 511L << 20)).isEmpty();
        assertThat(ReadyHeap.low(MAPS, 1L << 30)).isEmpty();
        assertThat(ReadyHeap.low(MAPS, 0x1000)).isEmpty();
        assertThat(ReadyHeap.low(List.of(), 0)).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void find_findsTheSerialCollectorsHeap_andLookLeavesItAsItWas() throws Exception {
        boolean serial =
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .anyMatch(pool -> pool.getName().equals("Tenured Gen"));
        var found = ReadyHeap.find();
        assertThat(found.isPresent()).isEqualTo(serial);
        byte[] kept = new byte[4 << 20];
        for (int index = 0; index < kept.length; index++) {
            kept[index] = (byte) (index * 31);
        }
        if (serial) {
            boolean first = found.orElseThrow().look();
            assertThat(found.orElseThrow().look()).isEqualTo(first);
        }
        for (int index = 0; index < kept.length; index++) {
            assertThat(kept[index] == (byte) (index * 31)).isTrue();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void find_ofPages_findsMemoryAndLeavesWhatIsThere(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pages");
        byte[] content = new byte[1 << 20];
        content[5] = 42;
        Files.write(file, content);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment pages = channel.map(MapMode.PRIVATE, 0, content.length, arena);
            boolean found = Pages.find(pages.address(), content.length);
            assertThat(residentKibibytes(pages.address())).isEqualTo(found ? 1024 : 0);
            assertThat(pages.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(content);
        }
    }

    @Test
    void find_ofWhatIsNotMapped_isNotDone() {
        assertThat(Pages.find(4096, 4096)).isFalse();
    }

    /** Of the mapping that begins at {@code address}. */
    private static long residentKibibytes(long address) throws Exception {
        boolean found = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            found |= line.startsWith(Long.toHexString(address) + "-");
            if (found && line.startsWith("Rss:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException("no mapping at " + Long.toHexString(address));
    }
}
