package dev.belfry.receive.json;

import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import java.util.Objects;

/** Reads to which trace and span a log document belongs; for one thread. */
final class DocumentTrace {
    private final DocumentMembers members;
    private final MemberValue value;
    private final EventBatchBuilder builder;

    DocumentTrace(DocumentMembers members, MemberValue value, EventBatchBuilder builder) {
        this.members = members;
        this.value = value;
        this.builder = builder;
    }

    /* 00-<32 hex>-<16 hex>-<2 hex>, W3C Trace Context, section 3.2. */
    boolean takeParent(int member) {
        value.locate(member);
        boolean shaped =
                members.type(member) == JsonType.STRING
                        && value.length() == 55
                        && value.bytes[value.from + 2] == '-'
                        && value.bytes[value.from + 35] == '-'
                        && value.bytes[value.from + 52] == '-';
        if (!shaped) {
            return false;
        }
        int flags =
                (Character.digit(value.bytes[value.from + 53], 16) << 4)
                        | Character.digit(value.bytes[value.from + 54], 16);
        if (flags < 0 || !trace(value.from + 3) || !span(value.from + 36)) {
            return false;
        }
        builder.flags(flags);
        return true;
    }

    /** Whether {@code member} is a trace id; {@code known} says that hex digits alone are. */
    boolean takeTrace(int member, boolean known) {
        if (!isId(member)) {
            return false;
        }
        value.locate(member);
        int slash = value.to - 1;
        while (slash >= value.from && value.bytes[slash] != '/') {
            slash--;
        }
        if (value.to - slash - 1 == 32 && trace(slash + 1)) {
            return true;
        }
        return !known && text(member, "trace_id");
    }

    /** As {@link #takeTrace} of a span's. */
    boolean takeSpan(int member, boolean known) {
        if (!isId(member)) {
            return false;
        }
        value.locate(member);
        return value.length() == 16 && span(value.from) || !known && text(member, "span_id");
    }

    private boolean isId(int member) {
        JsonType type = members.type(member);
        return type == JsonType.STRING || type == JsonType.NUMBER;
    }

    private boolean trace(int at) {
        long first = HexDigits.eight(value.bytes, at);
        long second = HexDigits.eight(value.bytes, at + 8);
        long third = HexDigits.eight(value.bytes, at + 16);
        long fourth = HexDigits.eight(value.bytes, at + 24);
        boolean any = (first | second | third | fourth) != 0;
        if ((first | second | third | fourth) < 0 || !any) {
            return false;
        }
        builder.traceId(first << 32 | second, third << 32 | fourth);
        return true;
    }

    private boolean span(int at) {
        long first = HexDigits.eight(value.bytes, at);
        long second = HexDigits.eight(value.bytes, at + 8);
        if ((first | second) <= 0) {
            return false;
        }
        builder.spanId(first << 32 | second);
        return true;
    }

    /* An id that is not plain hex is kept as it was sent; an empty one is none. */
    private boolean text(int member, String name) {
        value.locate(member);
        if (value.length() > 0) {
            Objects.requireNonNull(builder.field(FieldSpace.EVENT, name))
                    .add(
                            builder.count(),
                            ValueKind.STRING,
                            value.bytes,
                            value.from,
                            value.length());
        }
        return true;
    }
}
