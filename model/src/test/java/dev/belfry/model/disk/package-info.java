@NullMarked
package dev.belfry.model.disk;

import org.jspecify.annotations.NullMarked;
