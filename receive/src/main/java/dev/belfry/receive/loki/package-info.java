/** Loki's push. */
@NullMarked
package dev.belfry.receive.loki;

import org.jspecify.annotations.NullMarked;
