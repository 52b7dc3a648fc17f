package dev.belfry.server.access;

/**
 * A way to log in elsewhere, as the page shows it.
 *
 * @param id its name in the API
 * @param label what its button says
 * @param url where the button leads
 */
public record Provider(String id, String label, String url) {}
