package dev.belfry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.disk.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir Path folder;

    @Test
    void append_isReadFromMemory_andAfterReopenFromTheFile() throws Exception {
        Object decoded = new Object();
        try (Journal journal = open()) {
            Appended first = journal.append(append("one", 3, null, decoded));
            Appended second = journal.append(append("two", 1, null, null));
            assertThat(first.baseOffset()).isZero();
            assertThat(second.baseOffset()).isEqualTo(3);
            assertThat(journal.durableEnd()).isEqualTo(4);
            List<Frame> frames = readAll(journal, 0);
            assertThat(frames.getFirst().decoded()).isSameAs(decoded);
            assertThat(texts(frames)).containsExactly("one", "two");
        }
        try (Journal journal = open()) {
            assertThat(journal.durableEnd()).isEqualTo(4);
            List<Frame> frames = readAll(journal, 0);
            assertThat(texts(frames)).containsExactly("one", "two");
            assertThat(frames.getFirst().decoded()).isNull();
            assertThat(journal.append(append("three", 2, null, null)).baseOffset()).isEqualTo(4);
            assertThat(texts(readAll(journal, 3))).containsExactly("two", "three");
            assertThat(journal.status().damages()).isEmpty();
        }
    }

    private Journal open() throws Exception {
        return Journal.open(JournalConfig.defaults(), Disk.real(), folder, InstantSource.system());
    }

    static Append append(
            String text, int count, @Nullable Idempotency key, @Nullable Object decoded) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Append(Stream.EVENTS, 1, 1, body, body.length, count, "key:a", key, decoded);
    }

    static List<Frame> readAll(Journal journal, long from) throws Exception {
        List<Frame> frames = new ArrayList<>();
        try (JournalReader reader = journal.reader("test", Set.of(Stream.EVENTS), from)) {
            while (reader.position() < journal.durableEnd()) {
                frames.addAll(reader.poll(100, 1 << 20, Duration.ZERO));
            }
        }
        return frames;
    }

    static List<String> texts(List<Frame> frames) {
        return frames.stream()
                .map(frame ->
                        new String(frame.body(), 0, frame.bodyLength(), StandardCharsets.UTF_8))
                .toList();
    }
}
