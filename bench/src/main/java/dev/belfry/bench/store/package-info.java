/** What the parts of the store cost, each alone. */
@NullMarked
package dev.belfry.bench.store;

import org.jspecify.annotations.NullMarked;
