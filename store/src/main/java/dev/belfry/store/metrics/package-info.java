/** The series: index, open samples, what is read from the journal and what is kept. */
@NullMarked
package dev.belfry.store.metrics;

import org.jspecify.annotations.NullMarked;
