package dev.belfry.receive.lines;

import dev.belfry.model.EventType;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonType;
import java.util.List;
import java.util.Set;

/** A JSON object a line: an event as the server takes it, or an object of any other shape. */
final class JsonLines implements LineParser {
    private static final Set<String> EVENT_NAMES =
            Set.of(
                    "event_type",
                    "eventType",
                    "source",
                    "message",
                    "level",
                    "tags",
                    "payload",
                    "timestamp",
                    "trace_id",
                    "traceId",
                    "span_id",
                    "spanId",
                    "log_group",
                    "id",
                    "created_at",
                    "created_by");

    private final FieldPlaces places;
    private final LineParser text;
    private final boolean sourceIsFixed;

    /** A parser that leaves lines that are not JSON to {@code text}. */
    JsonLines(FieldPlaces places, LineParser text, boolean sourceIsFixed) {
        this.places = places;
        this.text = text;
        this.sourceIsFixed = sourceIsFixed;
    }

    @Override
    public boolean continues(CharSequence record, String line) {
        return false;
    }

    @Override
    public boolean parse(String record, LineEvent event) {
        String line = record.strip();
        if (line.equals("[") || line.equals("]")) {
            return false;
        }
        int end = line.endsWith(",") ? line.length() - 1 : line.length();
        List<JsonMembers.Member> members = JsonMembers.read(line.substring(0, end));
        if (members == null) {
            return text.parse(record, event);
        }
        if (!sourceIsFixed && isEvent(members)) {
            event.whole(line.substring(0, end));
            return true;
        }
        places.begin();
        for (JsonMembers.Member member : members) {
            places.put(member, event);
        }
        places.finish(event);
        return true;
    }

    private static boolean isEvent(List<JsonMembers.Member> members) {
        boolean typed = false;
        boolean named = false;
        for (JsonMembers.Member member : members) {
            if (!EVENT_NAMES.contains(member.name())) {
                return false;
            }
            boolean string = member.type() == JsonType.STRING;
            typed |=
                    member.name().startsWith("event")
                            && string
                            && EventType.parse(member.text()).isPresent();
            named |= member.name().equals("source") && string;
        }
        return typed && named;
    }
}
