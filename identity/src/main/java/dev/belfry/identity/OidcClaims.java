package dev.belfry.identity;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a provider says of a person, and what that means here. */
final class OidcClaims {
    private static final int USERNAME_MAX = Limits.USERNAME_MAX;

    private final OidcConfig config;
    private final Map<String, Object> claims;

    OidcClaims(OidcConfig config, Map<String, Object> claims) {
        this.config = config;
        this.claims = claims;
    }

    /** Whether all that the configuration asks about is there. */
    boolean isComplete() {
        return find(config.roleClaim()) != null
                && find(config.usernameClaim()) != null
                && (config.sourcesClaim() == null || find(config.sourcesClaim()) != null);
    }

    /** The claim, then e-mail, then the subject; what a username may not hold becomes a dash. */
    String username(String subject) {
        for (String claim : List.of(config.usernameClaim(), "email")) {
            if (find(claim) instanceof String text && !text.isBlank()) {
                return username0(text);
            }
        }
        return username0(subject);
    }

    /** The highest role that a value gives, else the default one; null: none. */
    @Nullable Role role() {
        Set<String> values = texts(find(config.roleClaim()));
        for (Role role : List.of(Role.ADMIN, Role.MODERATOR, Role.USER)) {
            if (config.roles().getOrDefault(role, List.of()).stream().anyMatch(values::contains)) {
                return role;
            }
        }
        return config.defaultRole();
    }

    /** The sources that they own; null: the provider is not asked. */
    @Nullable Set<String> sources() {
        String claim = config.sourcesClaim();
        return claim == null ? null : texts(find(claim));
    }

    private static String username0(String text) {
        String plain = text.strip().replaceAll("[^\\p{L}\\p{N}._@+-]", "-");
        int end =
                plain.offsetByCodePoints(
                        0, Math.min(USERNAME_MAX, plain.codePointCount(0, plain.length())));
        return plain.substring(0, end);
    }

    /** The claim called so, else, dot by dot, the one inside. */
    private @Nullable Object find(String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        Object value = claims;
        for (String name : path.split("\\.")) {
            value = value instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return value;
    }

    private static Set<String> texts(@Nullable Object value) {
        Set<String> texts = new LinkedHashSet<>();
        if (value instanceof String text && !text.isBlank()) {
            texts.add(text);
        } else if (value instanceof List<?> list) {
            list.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(texts::add);
        }
        return texts;
    }
}
