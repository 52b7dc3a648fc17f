/** JSON to columns of events, without an object in between. */
@NullMarked
package dev.belfry.receive.json;

import org.jspecify.annotations.NullMarked;
