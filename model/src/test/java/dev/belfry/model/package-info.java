@NullMarked
package dev.belfry.model;

import org.jspecify.annotations.NullMarked;
