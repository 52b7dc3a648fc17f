/** Endpoints of events: receiving, search, fields, histogram, tail, SQL. */
@NullMarked
package dev.belfry.server.events;

import org.jspecify.annotations.NullMarked;
