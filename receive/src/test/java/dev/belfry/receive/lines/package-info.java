@NullMarked
package dev.belfry.receive.lines;

import org.jspecify.annotations.NullMarked;
