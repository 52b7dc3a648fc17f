/** The disk as the journal and the stores see it, so that a test can take it away. */
@NullMarked
package dev.belfry.model.disk;

import org.jspecify.annotations.NullMarked;
