/** What tests of all modules share: clock, seeds, a faulty disk, generators. */
@NullMarked
package dev.belfry.testkit;

import org.jspecify.annotations.NullMarked;
