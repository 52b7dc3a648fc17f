/** Load on the packaged program, and the same load on its peers. */
@NullMarked
package dev.belfry.bench;

import org.jspecify.annotations.NullMarked;
