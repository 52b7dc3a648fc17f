/** The forward protocol of Fluentd and Fluent Bit. */
@NullMarked
package dev.belfry.receive.fluent;

import org.jspecify.annotations.NullMarked;
