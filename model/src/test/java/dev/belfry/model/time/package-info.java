@NullMarked
package dev.belfry.model.time;

import org.jspecify.annotations.NullMarked;
