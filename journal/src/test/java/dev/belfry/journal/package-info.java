@NullMarked
package dev.belfry.journal;

import org.jspecify.annotations.NullMarked;
