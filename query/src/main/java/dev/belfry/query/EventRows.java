package dev.belfry.query;

import dev.belfry.model.Event;
import dev.belfry.model.EventType;
import dev.belfry.store.ResultTable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of a plan that gives whole events, as events. */
final class EventRows {
    private EventRows() {}

    static List<Event> events(ResultTable table) {
        List<Event> events = new ArrayList<>(table.rows().size());
        for (@Nullable Object[] row : table.rows()) {
            events.add(event(row));
        }
        return events;
    }

    /* In the order that Plan promises. */
    private static Event event(@Nullable Object[] row) {
        return new Event(
                (UUID) required(row, 0),
                EventType.parse((String) required(row, 1)).orElseThrow(),
                (String) required(row, 2),
                (String) row[3],
                (String) row[4],
                json(row[5]),
                json(row[6]),
                (Long) required(row, 7),
                (Long) required(row, 8) / 1_000_000,
                row[9] == null ? "" : (String) row[9],
                (String) row[10],
                (String) row[11],
                (int) number(row[12]),
                number(row[13]),
                (int) number(row[14]),
                (String) row[15]);
    }

    private static Object required(@Nullable Object[] row, int index) {
        Object value = row[index];
        if (value == null) {
            throw new IllegalStateException("BUG: an event without column " + index);
        }
        return value;
    }

    private static String json(@Nullable Object value) {
        return value instanceof ResultTable.Json json ? json.text() : "{}";
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
