@NullMarked
package dev.belfry.model.wire;

import org.jspecify.annotations.NullMarked;
