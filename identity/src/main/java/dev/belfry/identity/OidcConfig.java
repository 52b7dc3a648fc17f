package dev.belfry.identity;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who else vouches for people, by OpenID Connect, and what their claims mean here.
 *
 * @param issuer its URL, as it says itself
 * @param clientId Belfry's name there
 * @param clientSecret Belfry's secret there; null: a public client
 * @param scopes what is asked for, {@code openid} among them
 * @param usernameClaim the claim that becomes the username
 * @param roleClaim the claim that {@code roles} is about; dots for levels
 * @param roles the values of that claim that give a role
 * @param defaultRole of who has no such value; null: they are refused
 * @param sourcesClaim the claim that lists owned sources; null: they are kept here
 */
public record OidcConfig(
        String issuer,
        String clientId,
        @Nullable String clientSecret,
        List<String> scopes,
        String usernameClaim,
        String roleClaim,
        Map<Role, List<String>> roles,
        @Nullable Role defaultRole,
        @Nullable String sourcesClaim) {
    public OidcConfig {
        scopes = List.copyOf(scopes);
        roles = Map.copyOf(roles);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OidcConfig[" + issuer + ", " + clientId + "]";
    }
}
