@NullMarked
package dev.belfry.receive.importer;

import org.jspecify.annotations.NullMarked;
