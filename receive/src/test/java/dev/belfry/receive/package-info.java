@NullMarked
package dev.belfry.receive;

import org.jspecify.annotations.NullMarked;
