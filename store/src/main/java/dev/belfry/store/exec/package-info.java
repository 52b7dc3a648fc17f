/** The vectorised engine that runs a {@link dev.belfry.store.Plan} over row groups. */
@NullMarked
package dev.belfry.store.exec;

import org.jspecify.annotations.NullMarked;
