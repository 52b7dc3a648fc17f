package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import org.jspecify.annotations.Nullable;

/** Reads the severity of a log document; for one thread. */
final class DocumentLevel {
    private static final String[] SYSLOG_LEVELS = {
        "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"
    };
    private static final String[] NUMBERED_LEVELS = {
        "trace", "debug", "info", "warn", "error", "fatal"
    };

    private final DocumentMembers members;
    private final MemberValue value;
    private final EventBatchBuilder builder;
    private boolean found;

    DocumentLevel(DocumentMembers members, MemberValue value, EventBatchBuilder builder) {
        this.members = members;
        this.value = value;
        this.builder = builder;
    }

    /** Starts a document. */
    void begin() {
        found = false;
    }

    /** Whether the document has a level. */
    boolean found() {
        return found;
    }

    /** Whether {@code member} is a level; then it is the row's. */
    boolean take(int member) {
        JsonType type = members.type(member);
        if (type != JsonType.STRING && type != JsonType.NUMBER) {
            return false;
        }
        value.locate(member);
        if (value.length() == 0
                || value.length() > Limits.LEVEL_CHARACTERS_MAX
                        && JsonText.characters(value.bytes, value.from, value.to)
                                > Limits.LEVEL_CHARACTERS_MAX) {
            return false;
        }
        String word = type == JsonType.NUMBER ? numbered() : null;
        found = true;
        if (word != null) {
            builder.level(word);
        } else {
            builder.level(value.bytes, value.from, value.length());
        }
        return true;
    }

    /* The numbers of pino and bunyan; GELF's, which names its message short_message, are syslog's. */
    private @Nullable String numbered() {
        if (value.length() == 2
                && value.bytes[value.from + 1] == '0'
                && value.bytes[value.from] >= '1'
                && value.bytes[value.from] <= '6') {
            return NUMBERED_LEVELS[value.bytes[value.from] - '1'];
        }
        boolean gelf =
                value.length() == 1
                        && value.bytes[value.from] >= '0'
                        && value.bytes[value.from] <= '7'
                        && isGelf();
        return gelf ? SYSLOG_LEVELS[value.bytes[value.from] - '0'] : null;
    }

    private boolean isGelf() {
        return members.candidateCount(FieldRole.MESSAGE) > 0
                && value.isNamed(members.candidate(FieldRole.MESSAGE, 0), "short_message");
    }

    /** As {@link #take} for a syslog severity; one that was named in words is kept. */
    boolean takeSyslog(int member) {
        value.locate(member);
        if (found) {
            return false;
        }
        for (int severity = 0; severity < SYSLOG_LEVELS.length; severity++) {
            if (value.is(SYSLOG_LEVELS[severity])
                    || value.length() == 1 && value.bytes[value.from] == '0' + severity) {
                builder.level(SYSLOG_LEVELS[severity]);
                found = true;
                return true;
            }
        }
        return false;
    }

    /** As {@link #take} for OTLP's number, which is a column of its own. */
    boolean takeNumber(int member) {
        value.locate(member);
        int number = 0;
        for (int at = value.from; at < value.to && value.length() <= 2; at++) {
            number =
                    value.bytes[at] >= '0' && value.bytes[at] <= '9'
                            ? number * 10 + value.bytes[at] - '0'
                            : 99;
        }
        if (members.type(member) != JsonType.NUMBER || number < 1 || number > 24) {
            return false;
        }
        builder.severityNumber(number);
        if (!found) {
            builder.level(NUMBERED_LEVELS[(number - 1) / 4]);
            found = true;
        }
        return true;
    }
}
