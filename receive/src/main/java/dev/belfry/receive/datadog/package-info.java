/** Bodies of Datadog's logs intake. */
@NullMarked
package dev.belfry.receive.datadog;

import org.jspecify.annotations.NullMarked;
