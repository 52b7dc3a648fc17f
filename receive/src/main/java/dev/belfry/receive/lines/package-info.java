/** Log files of the usual formats as events. */
@NullMarked
package dev.belfry.receive.lines;

import org.jspecify.annotations.NullMarked;
