package dev.belfry.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Targets on loopback, each with a port of its own, served by one thread; when each was asked. */
final class ScrapeTargets implements AutoCloseable {
    private final Selector selector;
    private final List<One> targets = new ArrayList<>();
    private final byte[][] plain;
    private final byte[][] zipped;
    private final Thread thread;
    private volatile boolean closed;

    /** A target: its scrapes by time. */
    private static final class One {
        final int port;
        long[] askedNanoTime = new long[64];
        int count;

        One(int port) {
            this.port = port;
        }

        synchronized int asked() {
            if (count == askedNanoTime.length) {
                askedNanoTime = Arrays.copyOf(askedNanoTime, 2 * count);
            }
            askedNanoTime[count] = System.nanoTime();
            return count++;
        }

        synchronized long[] times() {
            return Arrays.copyOf(askedNanoTime, count);
        }
    }

    /** A connection of a scraper. */
    private static final class Connection {
        final One target;
        final ByteBuffer request = ByteBuffer.allocate(8192);
        ByteBuffer answer = ByteBuffer.allocate(0);

        Connection(One target) {
            this.target = target;
        }
    }

    /**
     * Begins to serve.
     *
     * @param count of targets
     * @param samples of each
     * @param pages how many scrapes differ; the last page is served from then on
     */
    ScrapeTargets(int count, int samples, int pages) throws IOException {
        plain = new byte[pages][];
        zipped = new byte[pages][];
        for (int page = 0; page < pages; page++) {
            byte[] text = ScrapePages.text(samples, page);
            plain[page] = answer(text, "");
            zipped[page] = answer(ScrapePages.gzip(text), "Content-Encoding: gzip\r\n");
        }
        selector = Selector.open();
        for (int index = 0; index < count; index++) {
            ServerSocketChannel door = ServerSocketChannel.open();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            door.configureBlocking(false);
            One target = new One(door.socket().getLocalPort());
            targets.add(target);
            door.register(selector, SelectionKey.OP_ACCEPT, target);
        }
        thread = Thread.ofPlatform().daemon().name("targets").start(this::run);
    }

    private static byte[] answer(byte[] body, String more) {
        byte[] head =
                ("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                                + more
                                + "Content-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    /** Their addresses, host:port. */
    List<String> addresses() {
        return targets.stream().map(target -> "127.0.0.1:" + target.port).toList();
    }

    /** When each target was asked, {@link System#nanoTime}, ascending. */
    List<long[]> times() {
        return targets.stream().map(One::times).toList();
    }

    private void run() {
        while (!closed) {
            try {
                selector.select();
            } catch (IOException e) {
                throw new IllegalStateException("targets: " + e.getMessage(), e);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                try {
                    serve(key);
                } catch (IOException _) {
                    key.cancel();
                    close(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ, new Connection((One) key.attachment()));
            return;
        }
        Connection connection = (Connection) key.attachment();
        SocketChannel client = (SocketChannel) key.channel();
        if (key.isReadable()) {
            if (client.read(connection.request) < 0) {
                throw new IOException("closed");
            }
            String head =
                    new String(
                            connection.request.array(),
                            0,
                            connection.request.position(),
                            StandardCharsets.US_ASCII);
            if (!head.endsWith("\r\n\r\n")) {
                return;
            }
            connection.request.clear();
            int page = Math.min(connection.target.asked(), plain.length - 1);
            byte[][] pages = head.contains("gzip") ? zipped : plain;
            connection.answer = ByteBuffer.wrap(pages[page]);
        }
        client.write(connection.answer);
        boolean more = connection.answer.hasRemaining();
        key.interestOps(more ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            close(key);
        }
        selector.close();
    }
}
