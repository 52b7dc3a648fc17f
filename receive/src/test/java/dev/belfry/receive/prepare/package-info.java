@NullMarked
package dev.belfry.receive.prepare;

import org.jspecify.annotations.NullMarked;
