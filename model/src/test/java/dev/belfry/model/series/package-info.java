@NullMarked
package dev.belfry.model.series;

import org.jspecify.annotations.NullMarked;
