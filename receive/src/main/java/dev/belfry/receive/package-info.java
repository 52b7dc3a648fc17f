/**
 * Bytes that came in become checked batches of the model: {@link dev.belfry.receive.JsonEvents} for
 * requests, {@link dev.belfry.receive.ImportCommand} for files.
 */
@NullMarked
package dev.belfry.receive;

import org.jspecify.annotations.NullMarked;
