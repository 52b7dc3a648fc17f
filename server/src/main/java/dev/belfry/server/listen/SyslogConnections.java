package dev.belfry.server.listen;

import dev.belfry.identity.Principal;
import dev.belfry.receive.SyslogFrames;
import dev.belfry.receive.SyslogMessages;
import dev.belfry.receive.SyslogSettings;
import dev.belfry.server.config.Listener;
import dev.belfry.server.receive.Receiving;
import java.io.IOException;
import java.net.Socket;

/** Syslog over TCP: reads what is there, appends it as one batch, and only then reads on. */
final class SyslogConnections implements TcpListener.Conversation {
    /* Nothing is acknowledged in this protocol, so not reading is the only way to slow a sender. */
    private static final long ROOM_BYTES = 32 << 20;

    private final Listener settings;
    private final SyslogSettings syslog;
    private final Intake intake;
    private final String name;
    private final BufferRoom room = new BufferRoom(ROOM_BYTES);

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
        int freeBytes = 2 * frames.bufferBytesMin();
        try (LineBuffer buffer = new LineBuffer(socket.getInputStream(), freeBytes, room)) {
            boolean ended = false;
            while (!ended) {
                ended = !buffer.fill();
                int at = take(frames, buffer.bytes(), buffer.size(), peer, ended, listener);
                if (at < 0) {
                    return;
                }
                buffer.drop(at);
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
                new SyslogMessages(
                        syslog, intake.nowNanos(), Receiving.sources(principal), peer, size);
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
