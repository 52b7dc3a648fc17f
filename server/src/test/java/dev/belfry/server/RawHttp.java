package dev.belfry.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are: what no client library lets one send. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int QUIET_MILLIS = 700;

    private RawHttp() {}

    /** All that comes back until the server closes the connection or says nothing for a while. */
    static String send(int port, String request) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
            } catch (IOException _) {
                // The server may close while it is still being sent to: what it said counts.
            }
            return read(socket);
        } catch (IOException e) {
            return "closed: " + e.getMessage();
        }
    }

    private static String read(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        byte[] piece = new byte[8192];
        InputStream stream = socket.getInputStream();
        try {
            for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                answer.append(new String(piece, 0, count, StandardCharsets.ISO_8859_1));
                socket.setSoTimeout(QUIET_MILLIS);
            }
        } catch (SocketTimeoutException e) {
            if (answer.isEmpty()) {
                throw e;
            }
        } catch (IOException e) {
            if (answer.isEmpty()) {
                throw e;
            }
        }
        return answer.toString();
    }
}
