package dev.belfry.store.parquet;

import dev.belfry.store.column.ColumnSpec;
import dev.belfry.store.column.Vector;

/**
 * One column of a row group to be encoded.
 *
 * @param spec which
 * @param values its values, a row each, in the shape that the form asks for
 */
public record Column(ColumnSpec spec, Vector values) {
    public Column {
        boolean fits =
                switch (values) {
                    case Vector.Longs _ -> spec.form().isLong();
                    case Vector.Codes _, Vector.Text _ -> spec.form().isText();
                    case Vector.Binary binary -> spec.form().width() == binary.width();
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    spec.name() + ": " + values.getClass().getSimpleName() + " for " + spec.form());
        }
    }
}
