package dev.belfry.receive.lines;

import dev.belfry.receive.time.TimeReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Access logs in Apache's common and combined formats, and nginx' with what people put before it.
 */
final class AccessLines implements LineParser {
    /* prefix ident user [time] "request" status bytes ["referrer" "agent"] rest. Possessive inside quotes. */
    private static final Pattern LINE =
            Pattern.compile(
                    "^(.{1,1000}?) (\\S++) (\\S++) \\[([^\\]]{20,40})\\]"
                            + " \"((?:[^\"\\\\]++|\\\\.)*+)\" (\\d{3}) (\\d++|-)"
                            + "(?: \"((?:[^\"\\\\]++|\\\\.)*+)\" \"((?:[^\"\\\\]++|\\\\.)*+)\")?+.*$");
    private static final Pattern REQUEST =
            Pattern.compile("([A-Z_-]{2,32}) (\\S++)(?: (HTTP/[\\d.]++))?+");
    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final Pattern PRIVATE =
            Pattern.compile(
                    "10\\..*|127\\..*|192\\.168\\..*|172\\.(1[6-9]|2\\d|3[01])\\..*|::1|f[cd].*|fe80.*");

    private final TimeReader times;
    private final LineParser text;

    /** A parser that leaves lines of another shape to {@code text}. */
    AccessLines(TimeReader times, LineParser text) {
        this.times = times;
        this.text = text;
    }

    /** Whether a line is of an access log. */
    static boolean matches(String line) {
        return LINE.matcher(line).matches();
    }

    @Override
    public boolean continues(CharSequence record, String line) {
        return false;
    }

    @Override
    public boolean parse(String record, LineEvent event) {
        Matcher line = LINE.matcher(record);
        if (!line.matches() || !times.read(line.group(4))) {
            return text.parse(record, event);
        }
        event.timestampNanos(times.epochNanos());
        event.message(record);
        addresses(line.group(1), event);
        String user = line.group(3);
        if (!user.equals("-")) {
            event.payload("user", user);
        }
        request(line.group(5), event);
        int status = Integer.parseInt(line.group(6));
        event.tagJson("status", Integer.toString(status));
        event.level(status >= 500 ? "error" : status >= 400 ? "warn" : "info");
        if (FieldPlaces.isNumber(line.group(7))) {
            event.payloadJson("bytes", line.group(7));
        }
        present("referrer", line.group(8), event);
        present("user_agent", line.group(9), event);
        return true;
    }

    private static void present(String name, @Nullable String value, LineEvent event) {
        if (value != null && !value.isEmpty() && !value.equals("-")) {
            event.payload(name, value);
        }
    }

    private static void request(String request, LineEvent event) {
        Matcher parts = REQUEST.matcher(request);
        if (!parts.matches()) {
            present("request", request, event);
            return;
        }
        event.tag("method", parts.group(1));
        event.payload("path", parts.group(2));
        present("protocol", parts.group(3), event);
    }

    /* One address, or a proxy chain; a name before it is the virtual host. The client is the first public one. */
    private static void addresses(String prefix, LineEvent event) {
        String client = "";
        for (String part : prefix.replace("\"", "").split("[ ,]+")) {
            if (!ADDRESS.matcher(part).matches()) {
                if (!part.equals("-") && !part.isEmpty()) {
                    event.tag("host", part);
                }
            } else if (client.isEmpty()
                    || PRIVATE.matcher(client).matches() && !PRIVATE.matcher(part).matches()) {
                client = part;
            }
        }
        present("client_ip", client, event);
        if (prefix.indexOf(' ') > 0 && !client.isEmpty()) {
            event.payload("forwarded_for", prefix.replace("\"", ""));
        }
    }
}
