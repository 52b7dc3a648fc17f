package dev.belfry.receive.bulk;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.BulkItem;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.json.DocumentParser;
import dev.belfry.receive.json.ItemRows;
import dev.belfry.receive.json.JsonMembers;
import dev.belfry.receive.json.JsonScanner;
import dev.belfry.receive.json.JsonType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Takes a {@code _bulk} body apart; used once. */
public final class BulkBody {
    private static final Set<String> ACTIONS = Set.of("create", "index", "update", "delete");

    private final byte[] body;
    private final int length;
    private final JsonEventsConfig limits;
    private final long nowNanos;
    private final String defaultIndex;
    private final ItemRows rows;
    private final DocumentParser documents;
    private final List<BulkItem> items = new ArrayList<>();

    /* Senders repeat one action for all their documents. */
    private int actionFrom;
    private int actionTo;
    private BulkItem action = new BulkItem("", "", null);

    /** A parser of {@code body[0 .. length)}; the rest as {@code BulkEvents} says. */
    public BulkBody(
            byte[] body,
            int length,
            JsonEventsConfig limits,
            long nowNanos,
            SourceRule sources,
            String defaultIndex) {
        this.body = body;
        this.length = length;
        this.limits = limits;
        this.nowNanos = nowNanos;
        this.defaultIndex = defaultIndex;
        rows = new ItemRows(length);
        documents = new DocumentParser(rows.builder(), limits, nowNanos, sources);
    }

    /** The actions, in the order of the body. */
    public List<BulkItem> items() {
        return Collections.unmodifiableList(items);
    }

    /** The events of the body; {@code BulkEvents} says what it throws. */
    public DecodedEvents parse() {
        int at = 0;
        int line = 0;
        while (at < length) {
            int end = JsonScanner.lineEnd(body, at, length);
            line++;
            if (isBlank(at, end)) {
                at = end + 1;
                continue;
            }
            BulkItem item = action(at, end, line);
            at = end + 1;
            if (items.size() >= limits.itemsMax()) {
                throw new BelfryException(
                        ErrorCode.TOO_LARGE,
                        "body: more than "
                                + limits.itemsMax()
                                + " actions (expected: at most that)");
            }
            items.add(item);
            if (item.action().equals("delete")) {
                refuse("delete: events are never taken back (expected: create or index)");
                continue;
            }
            int documentEnd = at < length ? JsonScanner.lineEnd(body, at, length) : length;
            line++;
            document(item, Math.min(at, length), documentEnd);
            at = documentEnd + 1;
        }
        if (items.isEmpty()) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "Validation Failed: 1: no requests added;");
        }
        return rows.decoded();
    }

    /** The whole body as the document of {@code item}. */
    public DecodedEvents document(BulkItem item) {
        items.add(item);
        document(item, 0, length);
        return rows.decoded();
    }

    private void document(BulkItem item, int from, int to) {
        if (item.action().equals("update")) {
            refuse("update: events are never changed (expected: create or index)");
            return;
        }
        rows.builder().timestampNanos(nowNanos);
        documents.fallbackSource(item.index().isEmpty() ? null : item.index());
        if (documents.take(body, from, to)) {
            rows.good();
        } else {
            rows.bad(documents.errorCode(), documents.error());
        }
    }

    private void refuse(String message) {
        rows.bad(ErrorCode.VALIDATION_ERROR, message);
    }

    private BulkItem action(int from, int to, int line) {
        if (Arrays.equals(body, from, to, body, actionFrom, actionTo) && actionTo > actionFrom) {
            return action;
        }
        BulkItem item = readAction(from, to, line);
        if (item.id() == null) {
            actionFrom = from;
            actionTo = to;
            action = item;
        }
        return item;
    }

    private BulkItem readAction(int from, int to, int line) {
        if (to - from > Limits.ACTION_BYTES_MAX) {
            throw malformed(line, (to - from) + " bytes", "at most " + Limits.ACTION_BYTES_MAX);
        }
        String text = new String(body, from, to - from, StandardCharsets.UTF_8);
        List<JsonMembers.Member> members = JsonMembers.read(text);
        if (members == null || members.size() != 1) {
            throw malformed(line, "no object with one member", "such as {\"create\":{}}");
        }
        JsonMembers.Member member = members.getFirst();
        if (!ACTIONS.contains(member.name())) {
            throw malformed(line, "an unknown action", "one of create, index, update, delete");
        }
        List<JsonMembers.Member> details =
                member.type() == JsonType.OBJECT ? JsonMembers.read(member.text()) : null;
        if (details == null) {
            throw malformed(line, member.type().words(), "an object behind " + member.name());
        }
        String index = defaultIndex;
        String id = null;
        for (JsonMembers.Member detail : details) {
            boolean scalar = detail.isScalar() && detail.type() != JsonType.NULL;
            if (scalar && detail.name().equals("_index")) {
                index = detail.text();
            } else if (scalar && detail.name().equals("_id")) {
                id = detail.text();
            }
        }
        return new BulkItem(member.name(), index, id);
    }

    private static BelfryException malformed(int line, String found, String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "Malformed action/metadata line ["
                        + line
                        + "], found "
                        + found
                        + " (expected: "
                        + expected
                        + ")");
    }

    private boolean isBlank(int from, int to) {
        for (int at = from; at < to; at++) {
            if (body[at] != ' ' && body[at] != '\r' && body[at] != '\t') {
                return false;
            }
        }
        return true;
    }
}
