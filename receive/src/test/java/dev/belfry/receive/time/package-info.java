@NullMarked
package dev.belfry.receive.time;

import org.jspecify.annotations.NullMarked;
