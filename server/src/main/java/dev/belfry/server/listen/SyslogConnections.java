package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.receive.SyslogFrames;
import dev.belfry.receive.SyslogMessages;
import dev.belfry.receive.SyslogSettings;
import dev.belfry.server.config.Listener;
import dev.belfry.server.receive.Receiving;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;

/** Syslog over TCP: reads what is there, appends it as one batch, and only then reads on. */
final class SyslogConnections implements TcpListener.Conversation {
    /* Nothing is acknowledged in this protocol, so not reading is the only way to slow a sender. */
    private static final int FIRST_BUFFER_BYTES = 16 << 10;
    private static final int BUFFER_BYTES_MAX = 512 << 10;

    private final Listener settings;
    private final SyslogSettings syslog;
    private final Intake intake;
    private final String name;

    SyslogConnections(Listener settings, Intake intake, String name) {
        this.settings = settings;
        this.intake = intake;
        this.name = name;
        syslog = new SyslogSettings(settings.source(), settings.zone(), settings.lineBytesMax());
    }

    @Override
    public void hold(Socket socket, TcpListener listener) throws IOException {
        SyslogFrames frames = new SyslogFrames(settings.lineBytesMax());
        String peer = socket.getInetAddress().getHostAddress();
        int most = Math.max(BUFFER_BYTES_MAX, 2 * frames.bufferBytesMin());
        byte[] buffer = new byte[FIRST_BUFFER_BYTES];
        int size = 0;
        InputStream input = socket.getInputStream();
        while (true) {
            int read = input.read(buffer, size, buffer.length - size);
            boolean ended = read < 0;
            size += Math.max(0, read);
            int at = take(frames, buffer, size, peer, ended, listener);
            if (ended || at < 0) {
                return;
            }
            boolean full = size == buffer.length;
            System.arraycopy(buffer, at, buffer, 0, size - at);
            size -= at;
            if (full && buffer.length < most) {
                buffer = Arrays.copyOf(buffer, Math.min(most, buffer.length * 2));
            }
        }
    }

    /* Where to go on, or -1 when the server ends. */
    private int take(
            SyslogFrames frames,
            byte[] buffer,
            int size,
            String peer,
            boolean ended,
            TcpListener listener) {
        Principal principal = intake.principal(settings.key(), name);
        SyslogMessages messages =
                new SyslogMessages(syslog, intake.nowNanos(), Receiving.sources(principal), peer);
        int[] refused = new int[1];
        SyslogFrames.Sink sink =
                (data, from, to) -> refused[0] += messages.add(data, from, to) ? 0 : 1;
        int at = frames.take(buffer, 0, size, sink);
        if (ended && !listener.isClosed()) {
            frames.end(buffer, at, size, sink);
        }
        int count = messages.count();
        if (count > 0) {
            int malformed = messages.malformed();
            if (!intake.append(principal, at, messages.build(), listener::isOver)) {
                intake.metrics().dropped.add(count, name, "end");
                return -1;
            }
            intake.metrics().messages.add(count, name);
            intake.metrics().malformed.add(malformed, name);
        }
        if (refused[0] > 0) {
            intake.metrics().dropped.add(refused[0], name, "source");
        }
        return at;
    }
}
