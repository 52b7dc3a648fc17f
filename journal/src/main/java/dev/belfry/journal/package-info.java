/** The write-ahead log: append durably, read from any position, repair, trim. */
@NullMarked
package dev.belfry.journal;

import org.jspecify.annotations.NullMarked;
