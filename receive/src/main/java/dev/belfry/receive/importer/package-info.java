/**
 * Sends files to a running Belfry, in batches, so that an interruption neither loses nor doubles.
 */
@NullMarked
package dev.belfry.receive.importer;

import org.jspecify.annotations.NullMarked;
