/** The words of the field as types: events, columns of events, ids, errors. */
@NullMarked
package dev.belfry.model;

import org.jspecify.annotations.NullMarked;
