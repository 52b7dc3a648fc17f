package dev.belfry.server.receive;

import dev.belfry.journal.Appended;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.Engine;
import dev.belfry.receive.BulkItem;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.ItemError;
import dev.belfry.server.http.JsonText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what became of the actions of a {@code _bulk} request, or of one document. */
final class BulkAnswer {
    private static final int ITEM_BYTES = 200;

    private final List<BulkItem> items;
    private final FilterPath filter;
    private final Map<String, Parts> parts = new HashMap<>();

    /** Which members of an action's answer are wanted. */
    private record Parts(
            boolean index,
            boolean id,
            boolean version,
            boolean result,
            boolean shards,
            boolean sequence,
            boolean term,
            boolean status,
            boolean errorType,
            boolean errorReason) {
        static Parts of(FilterPath filter, String path) {
            return new Parts(
                    filter.has(path + "_index"),
                    filter.has(path + "_id"),
                    filter.has(path + "_version"),
                    filter.has(path + "result"),
                    filter.has(path + "_shards"),
                    filter.has(path + "_seq_no"),
                    filter.has(path + "_primary_term"),
                    filter.has(path + "status"),
                    filter.has(path + "error.type"),
                    filter.has(path + "error.reason"));
        }

        boolean good() {
            return index || id || version || result || shards || sequence || term || status;
        }

        boolean bad() {
            return index || id || status || errorType || errorReason;
        }
    }

    BulkAnswer(List<BulkItem> items, FilterPath filter) {
        this.items = items;
        this.filter = filter;
    }

    /**
     * The answer.
     *
     * @param decoded what the body held
     * @param appended where the good events are; null when they were refused or there were none
     * @param refusal why the good ones were not taken; null when they were
     */
    JsonText write(
            DecodedEvents decoded,
            @Nullable Appended appended,
            @Nullable BelfryException refusal,
            long tookMillis) {
        JsonText text = new JsonText(64 + items.size() * ITEM_BYTES).object();
        if (filter.has("took")) {
            text.name("took").number(tookMillis);
        }
        if (filter.has("errors")) {
            text.name("errors").truth(refusal != null || !decoded.errors().isEmpty());
        }
        int row = 0;
        int error = 0;
        boolean any = false;
        for (int index = 0; index < items.size(); index++) {
            BulkItem item = items.get(index);
            boolean bad =
                    error < decoded.errors().size() && decoded.errors().get(error).index() == index;
            ItemError why = bad ? decoded.errors().get(error++) : null;
            int good = bad ? -1 : row++;
            Parts wanted =
                    parts.computeIfAbsent(
                            item.action(), action -> Parts.of(filter, "items." + action + "."));
            boolean failed = bad || appended == null;
            if (!(failed ? wanted.bad() : wanted.good())) {
                continue;
            }
            if (!any) {
                text.name("items").array();
                any = true;
            }
            text.object().name(item.action()).object();
            if (why != null) {
                bad(text, wanted, item, why.code(), why.message(), isDocument(item));
            } else if (appended == null) {
                ErrorCode code = refusal == null ? ErrorCode.OVERLOADED : refusal.code();
                String message = refusal == null ? "" : String.valueOf(refusal.getMessage());
                bad(text, wanted, item, code, message, true);
            } else {
                good(text, wanted, item, appended, good);
                if (wanted.status()) {
                    text.name("status").number(201);
                }
            }
            text.endObject().endObject();
        }
        return (any ? text.endArray() : text).endObject();
    }

    /** The answer to a request of one document, {@code item}, which lies at {@code appended}. */
    static JsonText document(BulkItem item, FilterPath filter, Appended appended) {
        JsonText text = new JsonText(ITEM_BYTES).object();
        good(text, Parts.of(filter, ""), item, appended, 0);
        return text.endObject();
    }

    private static boolean isDocument(BulkItem item) {
        return item.action().equals("create") || item.action().equals("index");
    }

    private static void good(
            JsonText text, Parts wanted, BulkItem item, Appended appended, int row) {
        UUID made = item.id() == null ? Engine.id(appended, row) : null;
        if (wanted.index()) {
            text.name("_index").text(item.index());
        }
        if (wanted.id()) {
            text.name("_id");
            if (made == null) {
                text.text(item.id());
            } else {
                text.uuid(made);
            }
        }
        if (wanted.version()) {
            text.name("_version").number(1);
        }
        if (wanted.result()) {
            text.name("result").text("created");
        }
        if (wanted.shards()) {
            text.name("_shards").object().name("total").number(1).name("successful").number(1);
            text.name("failed").number(0).endObject();
        }
        if (wanted.sequence()) {
            text.name("_seq_no").number(appended.baseOffset() + row);
        }
        if (wanted.term()) {
            text.name("_primary_term").number(1);
        }
    }

    private static void bad(
            JsonText text,
            Parts wanted,
            BulkItem item,
            ErrorCode code,
            String message,
            boolean document) {
        if (wanted.index()) {
            text.name("_index").text(item.index());
        }
        if (wanted.id()) {
            text.name("_id").text(item.id());
        }
        if (wanted.status()) {
            text.name("status").number(ElasticDialect.status(code));
        }
        if (wanted.errorType() || wanted.errorReason()) {
            boolean unread =
                    document && (code == ErrorCode.VALIDATION_ERROR || code == ErrorCode.TOO_LARGE);
            text.name("error").object();
            if (wanted.errorType()) {
                text.name("type");
                text.text(unread ? "mapper_parsing_exception" : ElasticDialect.type(code));
            }
            if (wanted.errorReason()) {
                text.name("reason").text(unread ? "failed to parse: " + message : message);
            }
            text.endObject();
        }
    }
}
