package dev.belfry.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection that speaks just enough HTTP/1.1: it costs the machine that it shares with the
 * server a tenth of a full client. For one thread.
 */
final class Wire implements AutoCloseable {
    private static final int LINE_BYTES_MAX = 16 << 10;

    private final Socket socket = new Socket();
    private final String host;
    private final String token;
    private final InputStream in;
    private byte[] answered = {};

    private Wire(URI address, String token) throws IOException {
        this.token = token;
        this.host = address.getHost() + ":" + address.getPort();
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), 5_000);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Wire open(BelfryProcess belfry) throws IOException {
        return new Wire(belfry.address(), belfry.token());
    }

    /** With the key of another sender. */
    static Wire open(BelfryProcess belfry, String key) throws IOException {
        return open(belfry.address(), key);
    }

    /** The same, of a Belfry that another process has started. */
    static Wire open(URI address, String key) throws IOException {
        return new Wire(address, key);
    }

    /** Sends events; gives the status. */
    int events(byte[] lines) throws IOException {
        return post("/api/v1/monitoring/events", "application/x-ndjson", lines);
    }

    /** Sends a body; gives the status. */
    int post(String path, String type, byte[] body) throws IOException {
        write(head("POST", path, type, body.length), body);
        return answer();
    }

    /** Asks for a path; gives the status. */
    int get(String path) throws IOException {
        write(head("GET", path, "application/json", 0), new byte[0]);
        return answer();
    }

    /** The head of a request with a body of {@code length} bytes. */
    byte[] head(String method, String path, String type, int length) {
        return "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, host, token, type, length)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends bytes as they are. */
    void write(byte[]... parts) throws IOException {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        socket.getOutputStream().write(all);
    }

    /** Reads an answer whole; gives its status. */
    int answer() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        long length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Long.parseLong(line.substring(15).strip());
            }
        }
        answered = in.readNBytes(Math.toIntExact(length));
        return status;
    }

    /** The body of the answer that came last. */
    String answered() {
        return new String(answered, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LINE_BYTES_MAX) {
                throw new EOFException("the connection ended");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
