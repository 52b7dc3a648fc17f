/**
 * Users, sessions, API keys, roles, permissions and the audit trail. {@link
 * dev.belfry.identity.Identity} is the front door.
 */
@NullMarked
package dev.belfry.identity;

import org.jspecify.annotations.NullMarked;
