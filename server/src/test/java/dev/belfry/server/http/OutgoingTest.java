package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import dev.belfry.testkit.Await;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OutgoingTest {
    private static final byte[] PIECE = new byte[64 << 10];
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final BlockingQueue<Outgoing> begun = new LinkedBlockingQueue<>();

    @Test
    void answerStalls_whileNothingIsRead_andNoLongerOnceALittleIs() throws Exception {
        try (Server server =
                        Server.builder()
                                .http(0)
                                .requestTimeout(Duration.ofMinutes(2))
                                .service(
                                        "/",
                                        (context, _) ->
                                                answer(
                                                        new Outgoing(
                                                                context,
                                                                new AnswerRoom(1 << 30),
                                                                Duration.ofMinutes(1))))
                                .build();
                Socket client = new Socket()) {
            server.start().join();
            client.setReceiveBufferSize(32 << 10);
            client.connect(new InetSocketAddress("127.0.0.1", server.activeLocalPort()));
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Outgoing answer = begun.take();
            Await.until(
                    "nothing is sent for a while",
                    Duration.ofMinutes(1),
                    () -> answer.stalledNanos() >= QUIET_NANOS);
            client.getInputStream().readNBytes(128 << 10);
            assertThat(answer.stalledNanos()).isLessThan(QUIET_NANOS);
        }
    }

    private HttpResponse answer(Outgoing answer) {
        HttpResponseWriter out = HttpResponse.streaming();
        Thread.ofVirtual()
                .start(() -> {
                    begun.add(answer);
                    try {
                        answer.stream(
                                out,
                                ResponseHeaders.of(200),
                                "owner",
                                sink -> {
                                    while (true) {
                                        sink.write(PIECE.clone());
                                    }
                                },
                                _ -> {});
                    } catch (Exception left) {
                        out.close(left);
                    }
                });
        return out;
    }
}
