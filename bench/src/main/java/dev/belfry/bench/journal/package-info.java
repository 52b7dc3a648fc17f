/** What the journal costs, and how long an acknowledgement takes. */
@NullMarked
package dev.belfry.bench.journal;

import org.jspecify.annotations.NullMarked;
