/** OpenTelemetry's protocol (OTLP). */
@NullMarked
package dev.belfry.receive.otlp;

import org.jspecify.annotations.NullMarked;
