package dev.belfry.receive.lines;

import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonType;
import dev.belfry.receive.time.TimeReader;
import java.time.ZoneId;

/** Makes an event of a row of named values; for one thread. */
public final class RowMapper {
    private final FieldPlaces places;
    private LineEvent event = new LineEvent("", true);

    /** A mapper; zone and reference are as {@link TimeReader} has them. */
    public RowMapper(ZoneId zone, long referenceSeconds) {
        places = new FieldPlaces(new TimeReader(zone, referenceSeconds));
    }

    /** Starts a row that becomes {@code target}. */
    public void begin(LineEvent target) {
        event = target;
        event.clear();
        places.begin();
    }

    /** Adds a value; {@code json} says that it is the text of an array or object. */
    public void put(String name, String value, boolean json) {
        if (json) {
            JsonType type = value.startsWith("[") ? JsonType.ARRAY : JsonType.OBJECT;
            places.put(new JsonMembers.Member(name, type, value), event);
        } else {
            places.putText(name, value, event);
        }
    }

    /** Ends the row. */
    public void finish() {
        places.finish(event);
    }
}
