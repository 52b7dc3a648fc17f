/**
 * The relational store: one SQLite file in the data folder, or PostgreSQL through {@code
 * DATABASE_URL}. {@link dev.belfry.metadata.MetadataStore} is the front door.
 */
@NullMarked
package dev.belfry.metadata;

import org.jspecify.annotations.NullMarked;
