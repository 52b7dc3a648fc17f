/** Endpoints of login, users, keys and audit. */
@NullMarked
package dev.belfry.server.access;

import org.jspecify.annotations.NullMarked;
