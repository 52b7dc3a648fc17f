/** Tests of what the receivers of series share. */
@NullMarked
package dev.belfry.receive.prometheus;

import org.jspecify.annotations.NullMarked;
