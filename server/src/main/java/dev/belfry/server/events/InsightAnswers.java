package dev.belfry.server.events;

import dev.belfry.model.time.Timestamps;
import dev.belfry.query.InsightResult;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.store.ResultTable;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The answers of Insights as JSON, by lines, and as CSV. */
final class InsightAnswers {
    private static final String NDJSON = "application/x-ndjson";

    private InsightAnswers() {}

    /** All in one. */
    static Reply whole(InsightResult result) {
        JsonText text = new JsonText(4096).object().name("success").truth(true).name("data");
        text.object();
        data(text, result, Integer.MAX_VALUE);
        text.endObject();
        SearchEndpoints.statistics(text, result.statistics(), result.truncated());
        return Reply.json(200, text.endObject());
    }

    /**
     * Columns, their types, rows and ids as members of an object.
     *
     * @param bytesMax of the text; rows behind are left out
     * @return whether rows were left out
     */
    static boolean data(JsonText text, InsightResult result, int bytesMax) {
        text.name("columns").array();
        result.columns().forEach(column -> text.text(column.name()));
        text.endArray().name("types").array();
        result.columns().forEach(column -> text.text(column.time() ? "time" : "value"));
        text.endArray().name("rows").array();
        int shown = 0;
        for (@Nullable Object[] row : result.rows()) {
            if (text.size() > bytesMax) {
                break;
            }
            shown++;
            text.array();
            for (int i = 0; i < row.length; i++) {
                write(text, result.columns().get(i), row[i]);
            }
            text.endArray();
        }
        text.endArray().name("ids").array();
        result.ids().stream().limit(shown).forEach(text::uuid);
        text.endArray();
        return shown < result.rows().size();
    }

    /** A row a line; the last line has the statistics. */
    static Reply lines(InsightResult result) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (@Nullable Object[] row : result.rows()) {
            JsonText text = new JsonText(256).object();
            for (int i = 0; i < row.length; i++) {
                InsightResult.Column column = result.columns().get(i);
                write(text.name(column.name()), column, row[i]);
            }
            body.writeBytes(text.endObject().bytes());
            body.write('\n');
        }
        JsonText last = new JsonText(256).object();
        SearchEndpoints.statistics(last, result.statistics(), result.truncated());
        body.writeBytes(last.endObject().bytes());
        body.write('\n');
        return Reply.bytes(200, NDJSON, body.toByteArray());
    }

    /** A line of names, and a row a line. */
    static Reply csv(InsightResult result) {
        Csv csv = new Csv();
        result.columns().forEach(column -> csv.name(column.name()));
        csv.endLine();
        for (@Nullable Object[] row : result.rows()) {
            for (int i = 0; i < row.length; i++) {
                csv.cell(cell(result.columns().get(i), row[i]));
            }
            csv.endLine();
        }
        return Reply.bytes(200, Csv.TYPE, csv.take())
                .with("content-disposition", "attachment; filename=\"insights.csv\"");
    }

    private static @Nullable String cell(InsightResult.Column column, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Long nanos when column.time() -> Timestamps.format(nanos);
            case Double number -> new JsonText(24).number(number).toString();
            case ResultTable.Json json -> json.text();
            default -> value.toString();
        };
    }

    private static void write(JsonText text, InsightResult.Column column, @Nullable Object value) {
        if (column.time() && value instanceof Long nanos) {
            text.text(Timestamps.format(nanos));
        } else {
            SqlEndpoint.write(text, value);
        }
    }
}
