/** Tests of the executor against a plain reference. */
@NullMarked
package dev.belfry.store.exec;

import org.jspecify.annotations.NullMarked;
