package dev.belfry.identity;

/** Is told what happens around logins and permissions. */
@FunctionalInterface
public interface SecurityEvents {
    /** Takes {@code event}, on the thread of the request and after the change; must not block. */
    void on(SecurityEvent event);
}
