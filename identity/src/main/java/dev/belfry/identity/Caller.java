package dev.belfry.identity;

/**
 * Who calls from where; every change carries it into the audit trail.
 *
 * @param principal who
 * @param origin from where
 */
public record Caller(Principal principal, Origin origin) {
    /** Belfry itself. */
    public static final Caller BELFRY = new Caller(Principal.system("belfry"), Origin.LOCAL);
}
