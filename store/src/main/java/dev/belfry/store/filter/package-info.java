/** Words of texts, their hashes, and filters that say which row groups may hold them. */
@NullMarked
package dev.belfry.store.filter;

import org.jspecify.annotations.NullMarked;
