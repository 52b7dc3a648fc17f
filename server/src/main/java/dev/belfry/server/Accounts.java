package dev.belfry.server;

import dev.belfry.identity.Identity;
import dev.belfry.metadata.MetadataStore;

/**
 * The metadata store and identity on it, which are opened one after the other.
 *
 * @param store closed by the server
 * @param identity who may do what
 */
record Accounts(MetadataStore store, Identity identity) {}
