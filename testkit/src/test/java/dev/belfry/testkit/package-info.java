@NullMarked
package dev.belfry.testkit;

import org.jspecify.annotations.NullMarked;
