/** Tests of the sandbox for SQL. */
@NullMarked
package dev.belfry.store.sql;

import org.jspecify.annotations.NullMarked;
