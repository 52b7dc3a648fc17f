package dev.belfry.identity;

import dev.belfry.metadata.Handle;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API keys: each user's own, and for administrators those of all. */
public final class ApiKeys {
    private final Context context;
    private final AuditTrail audit;

    ApiKeys(Context context, AuditTrail audit) {
        this.context = context;
        this.audit = audit;
    }

    /**
     * Keys newest first, revoked and expired ones included.
     *
     * @param owner null: for an administrator those of all, else one's own
     * @param limit 1 to 1000
     * @throws BelfryException {@code FORBIDDEN} for another's without {@code monitoring:admin}
     */
    public Page<ApiKey> list(Caller caller, @Nullable UUID owner, int limit, int offset) {
        Checks.page(limit, offset);
        Principal principal = caller.principal();
        refuseHeld(principal);
        UUID whose = owner;
        if (!principal.may(Permission.ADMIN)) {
            UUID own = own(principal);
            if (owner != null && !owner.equals(own)) {
                principal.require(Permission.ADMIN);
            }
            whose = own;
        }
        UUID of = whose;
        return context.store()
                .read(handle ->
                        new Page<>(
                                KeyRows.list(handle, of, limit, offset),
                                KeyRows.count(handle, of)));
    }

    /**
     * One key.
     *
     * @throws BelfryException {@code NOT_FOUND} when there is none that the caller may see
     */
    public ApiKey get(Caller caller, UUID id) {
        refuseHeld(caller.principal());
        return context.store().read(handle -> visible(handle, caller.principal(), id));
    }

    /**
     * Makes a key; its token is in the answer and nowhere else.
     *
     * @throws BelfryException {@code VALIDATION_ERROR}, {@code FORBIDDEN} for another owner or by a
     *     key without {@code monitoring:admin}, or for what owner or caller lack, {@code CONFLICT}
     *     when the owner has too many
     */
    public CreatedApiKey create(Caller caller, NewApiKey wanted) {
        Principal principal = caller.principal();
        refuseHeld(principal);
        check(wanted);
        UUID owner = wanted.ownerId() == null ? own(principal) : wanted.ownerId();
        boolean forSelf =
                principal.kind() == Principal.Kind.USER && owner.equals(principal.userId());
        if (!forSelf) {
            principal.require(Permission.ADMIN);
        }
        if (!wanted.rateLimits().isNone()) {
            principal.require(Permission.ADMIN);
        }
        refuseWider(principal, wanted);
        String token = context.tokens().key();
        ApiKey key =
                new ApiKey(
                        context.tokens().id(),
                        owner,
                        wanted.name(),
                        Tokens.hint(token),
                        wanted.permissions(),
                        List.copyOf(new TreeSet<>(wanted.sources())),
                        context.now(),
                        principal.text(),
                        wanted.expiresAt(),
                        null,
                        null,
                        wanted.logGroup(),
                        wanted.rateLimits());
        context.change(handle -> insert(handle, caller, key, token));
        return new CreatedApiKey(token, key);
    }

    /**
     * Makes a key useless from now on; it stays in the list. Once more changes nothing.
     *
     * @throws BelfryException {@code NOT_FOUND} when there is none that the caller may see
     */
    public void revoke(Caller caller, UUID id) {
        refuseHeld(caller.principal());
        if (caller.principal().kind() == Principal.Kind.KEY) {
            caller.principal().require(Permission.ADMIN);
        }
        context.change(handle -> {
            ApiKey key = visible(handle, caller.principal(), id);
            if (key.revokedAt() == null) {
                KeyRows.revoke(handle, id, context.clock().millis());
                audit.append(
                        handle,
                        caller,
                        "key.revoke",
                        key.principal(),
                        Map.of("name", key.name(), "owner", "user:" + key.ownerId()));
            }
            return null;
        });
    }

    private @Nullable Void insert(Handle handle, Caller caller, ApiKey key, String token) {
        User owner =
                UserRows.byId(handle, key.ownerId())
                        .orElseThrow(() -> Checks.notFound("owner", key.ownerId()))
                        .user();
        Set<Permission> lacking = new TreeSet<>(key.permissions());
        lacking.removeAll(owner.role().permissions());
        if (!lacking.isEmpty()) {
            throw Checks.forbidden(
                    "permissions: "
                            + lacking.iterator().next().text()
                            + " (the owner "
                            + owner.username()
                            + " is "
                            + owner.role().text()
                            + " and lacks it; a key may never do more)");
        }
        if (KeyRows.count(handle, owner.id()) >= Limits.KEYS_MAX) {
            throw new BelfryException(
                    ErrorCode.CONFLICT,
                    "keys: "
                            + owner.username()
                            + " has "
                            + Limits.KEYS_MAX
                            + " (expected: fewer; use one longer)");
        }
        KeyRows.insert(handle, key, TokenHash.of(token));
        Map<String, Object> details = new TreeMap<>();
        details.put("name", key.name());
        details.put("owner", owner.principal());
        details.put(
                "permissions", key.permissions().stream().sorted().map(Permission::text).toList());
        details.put("sources", key.sources());
        details.put("rate_limits", key.rateLimits().toMap());
        if (key.logGroup() != null) {
            details.put("log_group", key.logGroup());
        }
        audit.append(handle, caller, "key.create", key.principal(), details);
        return null;
    }

    private void check(NewApiKey wanted) {
        Checks.keyName(wanted.name());
        Checks.sources(wanted.sources());
        Checks.logGroup(wanted.logGroup());
        if (wanted.permissions().isEmpty()) {
            throw Checks.invalid("permissions: none (expected: one at least)");
        }
        Instant expiresAt = wanted.expiresAt();
        if (expiresAt != null && !expiresAt.isAfter(context.now())) {
            throw Checks.invalid("expires_at: " + expiresAt + " (expected: in the future)");
        }
    }

    /** A key cannot make one that may do more than itself. */
    private static void refuseWider(Principal principal, NewApiKey wanted) {
        if (principal.kind() != Principal.Kind.KEY) {
            return;
        }
        for (Permission permission : wanted.permissions()) {
            principal.require(permission);
        }
        boolean within =
                principal.onlySources().isEmpty()
                        || (!wanted.sources().isEmpty()
                                && principal.onlySources().containsAll(wanted.sources()));
        if (!within) {
            throw Checks.forbidden(
                    "sources: wider than those of key \"" + principal.name() + "\" that makes it");
        }
    }

    private static ApiKey visible(Handle handle, Principal principal, UUID id) {
        return KeyRows.byId(handle, id)
                .filter(key ->
                        principal.may(Permission.ADMIN) || key.ownerId().equals(principal.userId()))
                .orElseThrow(() -> Checks.notFound("key", id));
    }

    private static UUID own(Principal principal) {
        UUID own = principal.userId();
        if (own == null) {
            throw Checks.invalid("owner_id: missing (expected: a user's id)");
        }
        return own;
    }

    private static void refuseHeld(Principal principal) {
        if (principal.mustChangePassword()) {
            principal.require(Permission.EVENTS_READ);
        }
    }
}
