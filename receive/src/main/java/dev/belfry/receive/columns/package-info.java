/** What decoders share on the way from bytes to columns. */
@NullMarked
package dev.belfry.receive.columns;

import org.jspecify.annotations.NullMarked;
