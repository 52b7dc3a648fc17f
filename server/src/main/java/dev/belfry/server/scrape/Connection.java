package dev.belfry.server.scrape;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * One connection of HTTP/1.1 to a server, for one GET after the other; for one thread at a time.
 */
final class Connection implements AutoCloseable {
    /*
     * RFC 9112, as far as a GET needs it. A target is asked some hundred bytes and answers once in its interval: what
     * a client of general use does around that (streams, executors, a selector) costs more than the parsing of what
     * comes. Reads are plain blocking ones of a virtual thread; who asks bounds the time by closing the socket.
     */
    private static final int HEAD_BYTES_MAX = 64 << 10;
    private static final int LINE_BYTES_MAX = 1 << 10;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[8 << 10];
    private int at;
    private int end;
    private boolean used;
    private boolean keeps;

    /**
     * The head of an answer.
     *
     * @param location empty when it leads nowhere
     * @param encoding of the content, lower case; empty for none
     */
    record Head(int status, String contentType, String location, String encoding) {}

    private String contentType = "";
    private String location = "";
    private String encoding = "";
    private String transfer = "";
    private String keeping = "";
    private long length;

    private Connection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Takes the socket of a connection as soon as there is one: to close it when time is up. */
    interface Watch {
        void socket(Socket socket) throws IOException;
    }

    /**
     * A connection to the server of {@code uri}, or to the proxy for it, at the first address that
     * takes it.
     *
     * @param guard gives the addresses of who is connected to
     * @param trusted whether the job's certificate may be shown
     */
    static Connection open(
            URI uri, Requests.Guard guard, HttpOptions options, boolean trusted, Watch watch)
            throws IOException {
        URI proxy = options.proxies().of(uri);
        URI first = proxy == null ? uri : proxy;
        IOException problem = new IOException(first.getHost() + ": has no address");
        for (InetAddress address : guard.check(first)) {
            Socket socket = new Socket();
            try {
                watch.socket(socket);
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(address, Requests.port(first)));
                if (!Requests.isSecure(uri)) {
                    return new Connection(socket);
                }
                if (proxy != null) {
                    tunnel(socket, uri, options.proxies().headers(proxy));
                }
                return new Connection(options.secure(socket, uri, trusted));
            } catch (IOException e) {
                socket.close();
                problem = e;
            }
        }
        throw problem;
    }

    /* RFC 9110, section 9.3.6: behind the answer of the proxy, the bytes are the server's. */
    private static void tunnel(Socket socket, URI uri, Map<String, String> headers)
            throws IOException {
        String server = uri.getHost() + ":" + Requests.port(uri);
        StringBuilder text = new StringBuilder("CONNECT ").append(server);
        text.append(" HTTP/1.1\r\nHost: ").append(server).append("\r\nUser-Agent: Belfry\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        Connection proxy = new Connection(socket);
        proxy.send(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        int status = proxy.head().status();
        if (status / 100 != 2 || proxy.at < proxy.end) {
            throw new IOException(
                    "proxy: HTTP status " + status + " to CONNECT " + server + " (expected: 200)");
        }
    }

    /** Whether a request was answered by it before: then the server may have closed it since. */
    boolean isUsed() {
        return used;
    }

    /** Whether another request can follow: the answer was read to its end, and is not the last. */
    boolean isKept() {
        return keeps && !socket.isClosed();
    }

    /** The socket, to be closed when time is up. */
    Socket socket() {
        return socket;
    }

    /** Sends a request, whole. */
    void send(byte[] request) throws IOException {
        keeps = false;
        at = 0;
        end = 0;
        out.write(request);
    }

    /**
     * Waits for the first byte of the answer.
     *
     * @return false when there is none: the server has closed the connection
     */
    boolean begins() throws IOException {
        return fill();
    }

    /** Reads the head of the answer, those before it that only say "go on" passed over. */
    Head head() throws IOException {
        while (true) {
            int[] left = {HEAD_BYTES_MAX};
            String line = line(left);
            if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
                throw new IOException("answer: " + shown(line) + " (expected: HTTP/1.1)");
            }
            int status = number(line.substring(9, 12), 10);
            headers(left);
            if (status >= 200) {
                boolean newer = line.startsWith("HTTP/1.1");
                used = true;
                keeps = newer && !keeping.contains("close");
                if (status == 204 || status == 304) {
                    length = 0;
                    transfer = "";
                }
                return new Head(status, contentType, location, encoding);
            }
        }
    }

    private void headers(int[] left) throws IOException {
        contentType = "";
        location = "";
        encoding = "";
        transfer = "";
        keeping = "";
        length = -1;
        for (String line = line(left); !line.isEmpty(); line = line(left)) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT)) {
                case "content-type" -> contentType = value;
                case "location" -> location = value;
                case "content-encoding" -> encoding = value.toLowerCase(Locale.ROOT);
                case "transfer-encoding" -> transfer = value.toLowerCase(Locale.ROOT);
                case "connection" -> keeping = value.toLowerCase(Locale.ROOT);
                case "content-length" -> length = number(value, 10);
                default -> {
                    // Says nothing to a scraper.
                }
            }
        }
    }

    /**
     * Reads the body of the answer into {@code room}.
     *
     * @return its length
     * @throws IOException when it is longer than {@code bytesMax}, or does not come to its end
     */
    int body(Room room, long bytesMax) throws IOException {
        if (transfer.equals("chunked")) {
            return chunks(room, bytesMax);
        }
        if (!transfer.isEmpty()) {
            throw new IOException("transfer-encoding: " + shown(transfer) + " (expected: chunked)");
        }
        if (length > bytesMax) {
            throw tooLong(bytesMax);
        }
        if (length >= 0) {
            take(room, 0, (int) length);
            return (int) length;
        }
        keeps = false;
        int count = 0;
        while (at < end || fill()) {
            count += taken(room, count, end - at, bytesMax);
        }
        return count;
    }

    private int chunks(Room room, long bytesMax) throws IOException {
        int count = 0;
        while (true) {
            int[] left = {LINE_BYTES_MAX};
            String line = line(left);
            int stop = line.indexOf(';');
            int size = number((stop < 0 ? line : line.substring(0, stop)).strip(), 16);
            if (size == 0) {
                break;
            }
            count += taken(room, count, size, bytesMax);
            if (!line(left).isEmpty()) {
                throw new IOException("chunk: longer than it says (expected: " + size + " bytes)");
            }
        }
        int[] left = {HEAD_BYTES_MAX};
        while (!line(left).isEmpty()) {
            // A trailer says nothing to a scraper.
        }
        return count;
    }

    private int taken(Room room, int before, int size, long bytesMax) throws IOException {
        if (before + (long) size > bytesMax) {
            throw tooLong(bytesMax);
        }
        take(room, before, size);
        return size;
    }

    /* Moves the next bytes of the answer to the room, behind those that it has. */
    private void take(Room room, int before, int size) throws IOException {
        byte[] target = room.sent(before, before + size);
        int buffered = Math.min(size, end - at);
        System.arraycopy(buffer, at, target, before, buffered);
        at += buffered;
        for (int done = buffered; done < size; ) {
            int count = in.read(target, before + done, size - done);
            if (count < 0) {
                throw new IOException("answer: ends too early (expected: its whole body)");
            }
            done += count;
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private String line(int[] left) throws IOException {
        byte[] bytes = new byte[128];
        int count = 0;
        while (true) {
            if (at == end && !fill()) {
                throw new IOException("answer: ends too early (expected: its whole head)");
            }
            byte next = buffer[at++];
            if (next == '\n') {
                break;
            }
            if (--left[0] < 0) {
                throw new IOException("answer: a head of more than " + HEAD_BYTES_MAX + " bytes");
            }
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            bytes[count++] = next;
        }
        int stop = count > 0 && bytes[count - 1] == '\r' ? count - 1 : count;
        return new String(bytes, 0, stop, StandardCharsets.ISO_8859_1);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && text.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IOException("answer: " + shown(text) + " (expected: a number)");
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(40, text.length()));
    }

    private static IOException tooLong(long bytesMax) {
        return new IOException("body: more than " + bytesMax + " bytes (expected: less)");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Where the bytes of an answer are; used again and again. */
    interface Room {
        /** An array with room for {@code size} bytes, whose first {@code kept} are as they were. */
        byte[] sent(int kept, int size);
    }
}
