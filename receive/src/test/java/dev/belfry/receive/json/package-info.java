@NullMarked
package dev.belfry.receive.json;

import org.jspecify.annotations.NullMarked;
