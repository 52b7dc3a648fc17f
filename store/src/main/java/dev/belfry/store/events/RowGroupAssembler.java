package dev.belfry.store.events;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Form;
import dev.belfry.store.column.HexText;
import dev.belfry.store.column.IdKeys;
import dev.belfry.store.column.ReadCost;
import dev.belfry.store.column.Vector;
import dev.belfry.store.filter.HashSet64;
import dev.belfry.store.parquet.Column;
import dev.belfry.store.parquet.EncodedRowGroup;
import dev.belfry.store.parquet.RowGroupEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a full chunk into a row group as it will stand in a segment: which fields get a column,
 * which go into the rest, and what its filter holds. For one thread.
 */
final class RowGroupAssembler implements AutoCloseable {
    /* Fields with a column in a row group; the rest of a wide one is JSON. */
    private static final int FIELD_COLUMNS_MAX = 256;

    /* A field gets a column when at least one row of so many has it. */
    private static final int ROWS_PER_VALUE_MAX = 128;

    private final RowGroupEncoder encoder;
    private final HashSet64 hashes = new HashSet64();
    private final FilterTerms terms = new FilterTerms(hashes);

    RowGroupAssembler(RowGroupEncoder encoder) {
        this.encoder = encoder;
    }

    EncodedRowGroup encode(ChunkView rows) {
        List<ColumnSpec> kept = new ArrayList<>();
        List<ColumnSpec> folded = new ArrayList<>();
        choose(rows, kept, folded);
        ReadCost free = new ReadCost();
        List<Column> columns = new ArrayList<>(kept.size() + 2);
        terms.begin(rows.rowCount());
        for (ColumnSpec spec : kept) {
            Column column = column(spec, rows.read(spec, free));
            terms.add(column.spec(), column.values());
            columns.add(column);
        }
        for (FieldSpace space : List.of(FieldSpace.TAG, FieldSpace.PAYLOAD)) {
            Column rest = rest(rows, space, folded);
            if (rest != null) {
                terms.add(rest.spec(), rest.values());
                columns.add(rest);
            }
        }
        return encoder.encode(columns, hashes.toArray(), hashes.count(), terms.pairs());
    }

    private static Column column(ColumnSpec spec, Vector values) {
        if (spec.form() == Form.TEXT && values instanceof Vector.Text(BytesColumn texts)) {
            Form hex = spec.space() == FieldSpace.EVENT ? null : HexText.formOf(texts);
            if (hex != null) {
                ColumnSpec packed = new ColumnSpec(spec.space(), spec.key(), hex, 0);
                return new Column(packed, HexText.pack(texts, hex));
            }
        }
        return new Column(spec, values);
    }

    private static void choose(ChunkView rows, List<ColumnSpec> kept, List<ColumnSpec> folded) {
        List<ColumnSpec> fields = new ArrayList<>();
        for (ColumnSpec spec : rows.columns()) {
            if (spec.space() == FieldSpace.EVENT) {
                kept.add(spec);
            } else if (spec.equals(ColumnSpec.TAGS_REST) || spec.equals(ColumnSpec.PAYLOAD_REST)) {
                folded.add(spec);
            } else {
                fields.add(spec);
            }
        }
        fields.sort(Comparator.comparingInt(rows::valueCount).reversed());
        int room = FIELD_COLUMNS_MAX;
        int least = Math.max(1, rows.rowCount() / ROWS_PER_VALUE_MAX);
        for (ColumnSpec spec : fields) {
            boolean id = IdKeys.contains(spec.key());
            if (id || room > 0 && rows.valueCount(spec) >= least) {
                kept.add(spec);
                room--;
            } else {
                folded.add(spec);
            }
        }
    }

    private static @Nullable Column rest(
            ChunkView rows, FieldSpace space, List<ColumnSpec> folded) {
        RestObjects objects = new RestObjects(rows.rowCount());
        ReadCost free = new ReadCost();
        for (ColumnSpec spec : folded) {
            if (spec.space() == space) {
                objects.add(spec, rows.read(spec, free));
            }
        }
        if (objects.isEmpty()) {
            return null;
        }
        ColumnSpec spec = space == FieldSpace.TAG ? ColumnSpec.TAGS_REST : ColumnSpec.PAYLOAD_REST;
        return new Column(spec, new Vector.Text(objects.build()));
    }

    @Override
    public void close() {
        encoder.close();
    }
}
