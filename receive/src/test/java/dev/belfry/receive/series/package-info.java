/** Tests of what the receivers of series share. */
@NullMarked
package dev.belfry.receive.series;

import org.jspecify.annotations.NullMarked;
