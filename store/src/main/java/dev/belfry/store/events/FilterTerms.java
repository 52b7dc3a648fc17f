package dev.belfry.store.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Decimals;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.HexText;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.HashSet64;
import dev.belfry.store.filter.PairFilter;
import dev.belfry.store.filter.Tokens;
import dev.belfry.store.filter.WordPairs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a row group's filters must answer for: every word of message, tags, payload and
 * names, ids included, and the pairs of neighbouring words. For one thread.
 */
final class FilterTerms {
    /* What was checked on receipt is bounded by the size of an event; Jackson's own bounds would refuse some of it. */
    private static final StreamReadConstraints UNBOUNDED =
            StreamReadConstraints.builder()
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build();

    /*
     * A phrase of a query is looked for by its words, an equality by the words of its value; an id is one word or few.
     * Numbers have the words of their text; true and false have none.
     */
    private final JsonFactory json = JsonFactory.builder().streamReadConstraints(UNBOUNDED).build();
    private final HashSet64 hashes;
    private final WordPairs pairs;
    private int partRows;

    /* Numbers of the column that were met not long ago: most repeat, and their text is dear. */
    private static final int SEEN_BITS = 13;
    private final long[] seen = new long[1 << SEEN_BITS];

    FilterTerms(HashSet64 hashes) {
        this.hashes = hashes;
        this.pairs = new WordPairs(hashes);
    }

    /** Begins a group of {@code rowCount} rows. */
    void begin(int rowCount) {
        hashes.clear();
        pairs.clear();
        partRows = PairFilter.partRows(rowCount);
    }

    /** Which parts of the group have which pairs of words; null when they are too many. */
    @Nullable PairFilter pairs() {
        return pairs.build();
    }

    void add(ColumnSpec spec, Vector values) {
        switch (values) {
            case Vector.Longs longs -> addLongs(spec, longs);
            case Vector.Codes codes ->
                    addTexts(spec, codes.dictionary(), hasPairs(spec) ? parts(codes) : null);
            case Vector.Text text -> addTexts(spec, text.values(), null);
            case Vector.Binary binary -> addBinary(spec.form(), binary);
        }
    }

    /* Texts that a phrase is looked for in; numbers and ids are not among them (Phrase.mayBeDigits). */
    private static boolean hasPairs(ColumnSpec spec) {
        boolean isText = spec.form() == Form.TEXT || spec.form() == Form.JSON;
        return isText
                && (spec.space() != FieldSpace.EVENT
                        || spec.key().equals("message")
                        || spec.key().equals("trace_id")
                        || spec.key().equals("span_id"));
    }

    /* For each entry of the dictionary the parts with a row that has it. */
    private byte[] parts(Vector.Codes codes) {
        byte[] parts = new byte[codes.dictionary().count()];
        for (int row = 0; row < codes.count(); row++) {
            int code = codes.codes()[row];
            if (code >= 0) {
                parts[code] |= (byte) (1 << row / partRows);
            }
        }
        return parts;
    }

    private void addBinary(Form form, Vector.Binary binary) {
        for (int i = 0; i < binary.count(); i++) {
            if (binary.isNull(i)) {
                continue;
            }
            switch (form) {
                case HEX8 -> hashes.add(Tokens.hash8(binary.data(), i * 8));
                case HEX16 -> hashes.add(Tokens.hash16(binary.data(), i * 16));
                default -> {
                    byte[] text = HexText.of(form, binary.data(), i);
                    Tokens.addAll(text, 0, text.length, hashes);
                }
            }
        }
    }

    private void addLongs(ColumnSpec spec, Vector.Longs longs) {
        if (spec.form() != Form.DECIMAL) {
            return;
        }
        /* A slot that holds 0 is free, but for that of 0 itself, which 1 (of another slot) marks as free. */
        Arrays.fill(seen, 0);
        seen[slot(0)] = 1;
        for (int i = 0; i < longs.count(); i++) {
            long value = longs.values()[i];
            int slot = slot(value);
            if (longs.isNull(i) || seen[slot] == value) {
                continue;
            }
            seen[slot] = value;
            byte[] text = Decimals.text(value, spec.scale()).getBytes(StandardCharsets.US_ASCII);
            Tokens.addAll(text, 0, text.length, hashes);
        }
    }

    private static int slot(long value) {
        return (int) (value * 0x9E3779B97F4A7C15L >>> 64 - SEEN_BITS);
    }

    /* The parts of each text; null where text i is that of row i. */
    private void addTexts(ColumnSpec spec, BytesColumn values, byte @Nullable [] partsOf) {
        boolean hasPairs = hasPairs(spec);
        for (int i = 0; i < values.count(); i++) {
            if (values.isNull(i)) {
                continue;
            }
            int start = values.start(i);
            int end = values.end(i);
            int parts = !hasPairs ? 0 : partsOf == null ? 1 << i / partRows : partsOf[i] & 0xFF;
            if (spec.form() == Form.JSON) {
                addJson(values.data(), start, end, parts);
            } else if (hasPairs) {
                boolean isField = spec.space() != FieldSpace.EVENT;
                pairs.add(values.data(), start, end, parts, isField);
            } else {
                pairs.addWords(values.data(), start, end);
            }
        }
    }

    private void addJson(byte[] data, int start, int end, int parts) {
        try (JsonParser parser = json.createParser(data, start, end - start)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
                    pairs.add(text, 0, text.length, parts, true);
                } else if (token.isNumeric()) {
                    byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
                    pairs.addWords(text, 0, text.length);
                }
            }
        } catch (IOException malformed) {
            throw new IllegalStateException("BUG: JSON that was checked on receipt", malformed);
        }
    }
}
