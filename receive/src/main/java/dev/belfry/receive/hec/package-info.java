/** Bodies of Splunk's HTTP Event Collector. */
@NullMarked
package dev.belfry.receive.hec;

import org.jspecify.annotations.NullMarked;
