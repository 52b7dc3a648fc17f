/** Series and samples: labels, matchers, native histograms, decoded columns of samples. */
@NullMarked
package dev.belfry.model.series;

import org.jspecify.annotations.NullMarked;
