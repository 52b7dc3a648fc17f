/** Segments: standard Parquet files and their filters, written and read without another library. */
@NullMarked
package dev.belfry.store.parquet;

import org.jspecify.annotations.NullMarked;
