/** What is done to every batch between decoding and the journal, whatever its protocol. */
@NullMarked
package dev.belfry.receive.prepare;

import org.jspecify.annotations.NullMarked;
