package dev.belfry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.linecorp.armeria.common.Flags;
import com.linecorp.armeria.common.util.EventLoopGroups;
import com.linecorp.armeria.common.util.TransportType;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When event loops write what waits. */
final class EventLoopsTest {
    private static final int CONNECTIONS = 8;

    private final BlockingQueue<EventLoop> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> order = new LinkedBlockingQueue<>();

    /** Reads, and has an answer to write. */
    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected.add(context.channel().eventLoop());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            order.add("read");
            context.channel().eventLoop().execute(() -> order.add("answer"));
        }
    }

    @Test
    void open_manyConnectionsHaveSentSomething_anAnswerIsWrittenBeforeTheNextIsRead()
            throws Exception {
        assumeTrue(Flags.transportType() == TransportType.EPOLL);
        EventLoopGroup loops = EventLoops.open();
        List<Socket> clients = new ArrayList<>();
        List<Socket> others = new ArrayList<>();
        try {
            Channel server = listening(loops);
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            EventLoop loop = connect(port, clients);
            while (clients.size() < CONNECTIONS) {
                List<Socket> more = new ArrayList<>();
                (connect(port, more).equals(loop) ? clients : others).addAll(more);
            }

            CountDownLatch sent = new CountDownLatch(1);
            loop.execute(() -> awaitQuietly(sent));
            for (Socket client : clients) {
                OutputStream out = client.getOutputStream();
                out.write(1);
                out.flush();
            }
            sent.countDown();

            List<String> expected = new ArrayList<>();
            List<String> found = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                expected.addAll(List.of("read", "answer"));
                found.add(order.poll(10, TimeUnit.SECONDS));
                found.add(order.poll(10, TimeUnit.SECONDS));
            }
            assertThat(found).isEqualTo(expected);
        } finally {
            clients.addAll(others);
            for (Socket client : clients) {
                client.close();
            }
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    /** The loop of a new connection. */
    private EventLoop connect(int port, List<Socket> clients)
            throws IOException, InterruptedException {
        clients.add(new Socket(InetAddress.getLoopbackAddress(), port));
        return Objects.requireNonNull(connected.poll(10, TimeUnit.SECONDS));
    }

    private Channel listening(EventLoopGroup loops) throws InterruptedException {
        return new ServerBootstrap()
                .group(loops)
                .channel(EventLoopGroups.serverChannelType(loops))
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new Reader());
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
