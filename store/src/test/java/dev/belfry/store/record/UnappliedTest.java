package dev.belfry.store.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.journal.Frame;
import dev.belfry.journal.Stream;
import dev.belfry.model.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnappliedTest {
    @TempDir Path folder;

    @Test
    void bodiesOfFrames_areKept_andThoseThereStayAsTheyAre() throws IOException {
        Unapplied unapplied = new Unapplied(Disk.real(), folder);
        assertThat(folder).isEmptyDirectory();
        unapplied.add(frame("body"));
        new Unapplied(Disk.real(), folder).add(frame("BODY"));
        assertThat(unapplied.count()).isEqualTo(1);
        Path kept = folder.resolve("unapplied").resolve("00000000000000000042.frame");
        assertThat(Files.readString(kept)).isEqualTo("body");
    }

    /* Its array is longer than the body. */
    private static Frame frame(String body) {
        byte[] bytes = (body + "…").getBytes(StandardCharsets.UTF_8);
        return new Frame(Stream.EVENTS, 0, 1, 42, 1, 0, 0, "", bytes, body.length(), null);
    }
}
