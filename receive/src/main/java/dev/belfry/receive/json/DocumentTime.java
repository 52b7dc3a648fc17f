package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.time.Timestamps;
import dev.belfry.receive.time.TimeReader;
import java.time.ZoneOffset;

/** Reads the time of a log document, in whatever form it has; for one thread. */
final class DocumentTime {
    /* 2000-01-01: a smaller number is a duration or a count, not a time. */
    private static final long EARLIEST_NANOS = 946_684_800_000_000_000L;

    private final DocumentMembers members;
    private final MemberValue value;
    private final EventBatchBuilder builder;
    private final TimeReader times;

    DocumentTime(
            DocumentMembers members, MemberValue value, EventBatchBuilder builder, long nowNanos) {
        this.members = members;
        this.value = value;
        this.builder = builder;
        times = new TimeReader(ZoneOffset.UTC, Math.floorDiv(nowNanos, 1_000_000_000L));
    }

    /** Whether {@code member} is a time; then it is the row's. */
    boolean take(int member) {
        JsonType type = members.type(member);
        if (type != JsonType.STRING && type != JsonType.NUMBER) {
            return false;
        }
        value.locate(member);
        long nanos = Timestamps.NONE;
        if (type == JsonType.STRING) {
            nanos = Timestamps.tryParse(value.bytes, value.from, value.to);
            if (nanos == Timestamps.NONE
                    && value.length() <= Limits.TIME_BYTES_MAX
                    && value.length() > 0) {
                nanos =
                        value.bytes[value.to - 1] <= '9' && value.bytes[value.from] <= '9'
                                ? epoch()
                                : Timestamps.NONE;
                nanos = nanos == Timestamps.NONE ? readTime(value.string()) : nanos;
            }
        } else {
            nanos = epoch();
        }
        if (nanos == Timestamps.NONE) {
            return false;
        }
        builder.timestampNanos(nanos);
        return true;
    }

    private long epoch() {
        long nanos = Timestamps.tryParseEpoch(value.bytes, value.from, value.to);
        return nanos < EARLIEST_NANOS ? Timestamps.NONE : nanos;
    }

    private long readTime(String text) {
        return times.read(text) ? times.epochNanos() : Timestamps.NONE;
    }

    /** Whether there are a date and a time of day apart; then they are the row's time. */
    boolean takeDateAndTime() {
        int date = named(FieldRole.TIME, "date");
        int time = date < 0 ? -1 : named(FieldRole.TIME, "time");
        if (time < 0) {
            return false;
        }
        value.locate(date);
        String day = value.length() <= Limits.TIME_BYTES_MAX ? value.string() : "";
        value.locate(time);
        String clock = value.length() <= Limits.TIME_BYTES_MAX ? value.string() : "";
        long nanos = day.isEmpty() ? Timestamps.NONE : readTime(day + " " + clock);
        if (nanos == Timestamps.NONE) {
            return false;
        }
        members.use(date);
        members.use(time);
        builder.timestampNanos(nanos);
        return true;
    }

    private int named(FieldRole role, String name) {
        for (int index = 0; index < members.candidateCount(role); index++) {
            int member = members.candidate(role, index);
            if (members.type(member) == JsonType.STRING && value.isNamed(member, name)) {
                return member;
            }
        }
        return -1;
    }
}
