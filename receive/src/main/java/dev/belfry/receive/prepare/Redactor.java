package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.RedactionRule;
import dev.belfry.receive.SecretKind;
import dev.belfry.receive.json.JsonMembers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/** Replaces secrets in messages, tags and payloads; safe for many threads. */
final class Redactor {
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final SecretFinder finder;
    private final JsonSecrets json;
    private final PersonalData personal;
    private final boolean personalWanted;
    private final ObjIntConsumer<String> counter;

    /**
     * A redactor.
     *
     * @param counter is told of each batch how much of which kind was replaced; from many threads
     */
    Redactor(Set<SecretKind> kinds, List<RedactionRule> rules, ObjIntConsumer<String> counter) {
        finder = new SecretFinder(kinds, rules);
        json = new JsonSecrets(finder);
        personal = new PersonalData(kinds);
        personalWanted = personal.isWanted();
        this.counter = counter;
    }

    /** The batch without secrets: the same one where there are none. */
    EventBatch redact(EventBatch batch) {
        RedactionCounts counts = new RedactionCounts();
        BytesColumn messages = column(batch.messages(), null, counts);
        List<FieldColumn> fields = batch.fields();
        List<FieldColumn> changed = null;
        for (int index = 0; index < fields.size(); index++) {
            FieldColumn field = fields.get(index);
            FieldColumn redacted = field(field, counts);
            if (redacted != null) {
                changed = changed == null ? new ArrayList<>(fields) : changed;
                changed.set(index, redacted);
            }
        }
        if (messages == batch.messages() && changed == null) {
            return batch;
        }
        counts.report(counter);
        return batch.with(messages, changed == null ? fields : changed);
    }

    /* The field without secrets; null when it has none. */
    private @Nullable FieldColumn field(FieldColumn field, RedactionCounts counts) {
        if (field.space() == FieldSpace.EVENT) {
            return null;
        }
        SecretKind kind = SecretNames.kind(field.key());
        if (kind != null && finder.has(kind)) {
            return named(field, kind, counts);
        }
        BytesColumn values = column(field.values(), field, counts);
        if (field.key().equals(FieldColumn.REST) && values != field.values()) {
            values = objects(values);
        }
        return values == field.values()
                ? null
                : new FieldColumn(
                        field.space(), field.key(), field.rows(), kinds(field, values), values);
    }

    /* The rest must stay an object: one that a rule of one's own broke is left out. */
    private static BytesColumn objects(BytesColumn values) {
        BytesColumn.Builder builder = new BytesColumn.Builder(values.count());
        for (int index = 0; index < values.count(); index++) {
            boolean good =
                    JsonMembers.isValue(values.data(), values.start(index), values.end(index));
            builder.add(good ? values.bytes(index) : EMPTY_OBJECT);
        }
        return builder.build();
    }

    /* Numbers that were replaced became strings; so does JSON that a rule of one's own broke. */
    private static byte[] kinds(FieldColumn field, BytesColumn values) {
        byte[] kinds = field.kinds().clone();
        for (int index = 0; index < kinds.length; index++) {
            ValueKind kind = field.kind(index);
            boolean became =
                    kind == ValueKind.NUMBER
                            && values.length(index) > 0
                            && values.data()[values.start(index)] == '[';
            boolean broken =
                    kind == ValueKind.JSON
                            && values.length(index) != field.values().length(index)
                            && !JsonMembers.isValue(
                                    values.data(), values.start(index), values.end(index));
            if (became || broken) {
                kinds[index] = (byte) ValueKind.STRING.ordinal();
            }
        }
        return kinds;
    }

    /* All values of a field whose name stands for a secret. */
    private @Nullable FieldColumn named(
            FieldColumn field, SecretKind kind, RedactionCounts counts) {
        FieldColumn.Builder builder =
                new FieldColumn.Builder(field.space(), field.key(), field.count());
        BytesColumn values = field.values();
        boolean any = false;
        for (int index = 0; index < field.count(); index++) {
            Spans spans = new Spans();
            boolean whole = false;
            int from = values.start(index);
            int to = values.end(index);
            switch (field.kind(index)) {
                case STRING -> KeyedSecrets.addHeader(values.data(), from, to, kind, spans);
                case NUMBER -> spans.add(from, to, kind.text(), false);
                case JSON -> {
                    whole = values.data()[from] == '[' || JsonSecrets.isWhole(kind);
                    if (whole) {
                        spans.add(from, to, kind.text(), false);
                    } else {
                        json.find(values.data(), from, to, spans);
                    }
                }
                case TRUE, FALSE, NULL -> {}
            }
            boolean string = whole || field.kind(index) == ValueKind.NUMBER;
            byte[] text = Columns.replaced(values.data(), from, to, spans, 0, spans.count());
            builder.add(
                    field.rows()[index],
                    string ? ValueKind.STRING : field.kind(index),
                    text,
                    0,
                    text.length);
            any |= count(spans, counts);
        }
        return any ? builder.build() : null;
    }

    private static boolean count(Spans spans, RedactionCounts counts) {
        for (int index = 0; index < spans.count(); index++) {
            counts.count(spans.name(index));
        }
        return spans.count() > 0;
    }

    /* One pass over the bytes of all values; field is null for messages. */
    private BytesColumn column(
            BytesColumn values, @Nullable FieldColumn field, RedactionCounts counts) {
        int count = values.count();
        if (count == 0 || field != null && hasNoText(field)) {
            return values;
        }
        byte[] data = values.data();
        int end = values.end(count - 1);
        boolean mayBeCards = hasLong(values);
        int at = finder.next(data, 0, end, mayBeCards);
        BytesColumn result = values;
        if (at != LiteralScan.END) {
            Spans spans = new Spans();
            int value = 0;
            while (at != LiteralScan.END) {
                value = valueAt(values, value, at);
                at = finder.next(data, inValue(values, value, at, field, spans), end, mayBeCards);
            }
            if (count(spans, counts)) {
                result = Columns.replaced(values, spans);
            }
        }
        return personalWanted ? personal(result, field, counts) : result;
    }

    /* Numbers, truths and nulls only; numbers of cards are told by their name. */
    private boolean hasNoText(FieldColumn field) {
        boolean card = finder.isCard(field.key());
        for (byte kind : field.kinds()) {
            boolean text = kind == ValueKind.STRING.ordinal() || kind == ValueKind.JSON.ordinal();
            if (text || card && kind == ValueKind.NUMBER.ordinal()) {
                return false;
            }
        }
        return true;
    }

    /* Digits of short values that stand beside each other are not looked at. */
    private static boolean hasLong(BytesColumn values) {
        for (int index = 0; index < values.count(); index++) {
            if (values.length(index) >= CardNumbers.DIGITS_MIN) {
                return true;
            }
        }
        return false;
    }

    /* The value that the byte at stands in, which is value or one behind it. */
    private static int valueAt(BytesColumn values, int value, int at) {
        if (at < values.end(value)) {
            return value;
        }
        int low = value + 1;
        int high = values.count() - 1;
        while (low < high) {
            int middle = low + high >>> 1;
            if (at < values.end(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private int inValue(
            BytesColumn values, int value, int at, @Nullable FieldColumn field, Spans spans) {
        ValueKind kind = field == null ? ValueKind.STRING : field.kind(value);
        int from = values.start(value);
        int to = values.end(value);
        if (kind == ValueKind.STRING) {
            return finder.look(values.data(), from, to, at, spans);
        }
        if (kind == ValueKind.JSON) {
            json.find(values.data(), from, to, spans);
            return Math.max(to, at + 1);
        }
        if (field != null
                && finder.isCard(field.key())
                && CardNumbers.end(values.data(), from, from, to) == to) {
            spans.add(from, to, SecretKind.CARD.text(), false);
        }
        return Math.max(to, at + 1);
    }

    private BytesColumn personal(
            BytesColumn values, @Nullable FieldColumn field, RedactionCounts counts) {
        BytesColumn.Builder builder = new BytesColumn.Builder(values.count());
        boolean any = false;
        for (int index = 0; index < values.count(); index++) {
            if (values.isNull(index)) {
                builder.addNull();
                continue;
            }
            int from = values.start(index);
            boolean text =
                    field == null
                            || field.kind(index) == ValueKind.STRING
                            || field.kind(index) == ValueKind.JSON;
            String before = text ? Bytes.text(values.data(), from, values.end(index)) : "";
            String after = text ? personal.redact(before, counts) : "";
            if (before.equals(after)) {
                builder.add(values.data(), from, values.length(index));
            } else {
                any = true;
                builder.add(after.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return any ? builder.build() : values;
    }
}
