package dev.belfry.server.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class NicenessTest {
    private static final int NICE_FIELD = 19;

    @Test
    @EnabledOnOs(OS.LINUX)
    void raise_isOfTheCallingThreadAlone() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        int before = niceness();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            seen.add(niceness());
                            Niceness.raise(2);
                            seen.add(niceness());
                        });
        thread.join();
        assertThat(seen).containsExactly(before, Math.min(19, before + 2));
        assertThat(niceness()).isEqualTo(before);
    }

    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Integer.parseInt(fields[NICE_FIELD - 3]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
