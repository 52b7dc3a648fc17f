package dev.belfry.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TailLinesTest {
    private static final byte[] LINE = new byte[4096];

    private final AtomicLong all = new AtomicLong();

    @Test
    void lines_ofOneClient_areBounded() {
        TailLines lines = new TailLines(all);
        assertThat(filled(lines, new byte[1])).isEqualTo(TailLines.LINES_MAX);
        TailLines large = new TailLines(all);
        assertThat(filled(large, new byte[1 << 20])).isEqualTo(TailLines.BYTES_MAX >> 20);
        assertThat(large.add(new byte[1])).isFalse();
    }

    @Test
    void lines_ofAllClients_areBounded_andEachHasAShare() {
        List<TailLines> clients = new ArrayList<>();
        int fewest = Integer.MAX_VALUE;
        for (int client = 0; client < TailService.CLIENTS_MAX; client++) {
            TailLines lines = new TailLines(all);
            clients.add(lines);
            fewest = Math.min(fewest, filled(lines, LINE));
        }
        assertThat(fewest).isEqualTo((int) (TailLines.SHARE_BYTES / LINE.length));
        assertThat(all.get())
                .isLessThanOrEqualTo(
                        TailLines.ALL_BYTES_MAX + TailService.CLIENTS_MAX * TailLines.SHARE_BYTES);
        clients.forEach(TailLines::close);
        assertThat(all.get()).isZero();
        assertThat(clients.getFirst().add(LINE)).isFalse();
    }

    @Test
    void line_takesRoomUntilTheNextIsAskedFor() throws InterruptedException {
        TailLines lines = new TailLines(all);
        lines.add(LINE);
        assertThat(lines.next(Duration.ZERO)).isEqualTo(LINE);
        assertThat(all.get()).isEqualTo(LINE.length);
        assertThat(lines.next(Duration.ZERO)).isNull();
        assertThat(all.get()).isZero();
    }

    private static int filled(TailLines lines, byte[] line) {
        int count = 0;
        while (lines.add(line)) {
            count++;
        }
        return count;
    }
}
