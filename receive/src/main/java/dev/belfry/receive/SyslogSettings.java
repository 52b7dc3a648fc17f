package dev.belfry.receive;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a syslog listener are read.
 *
 * @param source the source of messages that name no program; null: their host's name
 * @param zone of times without a zone, as RFC 3164 has them
 * @param messageBytesMax what is beyond is cut off
 */
public record SyslogSettings(@Nullable String source, ZoneId zone, int messageBytesMax) {
    /** 64 KiB a message. */
    public static final int MESSAGE_BYTES_MAX = 64 << 10;

    public SyslogSettings {
        if (messageBytesMax < 480) {
            throw new IllegalArgumentException(
                    "line: " + messageBytesMax + " (expected: >= 480, which RFC 5424 asks for)");
        }
    }
}
