/** Text to plan to result, and the engine that any Java program can embed. */
@NullMarked
package dev.belfry.query;

import org.jspecify.annotations.NullMarked;
