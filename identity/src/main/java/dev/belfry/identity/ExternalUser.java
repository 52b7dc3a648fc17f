package dev.belfry.identity;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person that somebody else vouches for.
 *
 * @param issuer who
 * @param subject by which name the issuer knows them, for ever
 * @param username what they are to be called here
 * @param sources the sources that they own; null: what is kept here
 */
record ExternalUser(
        String issuer, String subject, String username, Role role, @Nullable Set<String> sources) {}
