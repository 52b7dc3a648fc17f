package dev.belfry.identity;

import dev.belfry.model.BelfryException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Who is logged in where. */
public final class Sessions {
    private final Context context;
    private final AuditTrail audit;

    Sessions(Context context, AuditTrail audit) {
        this.context = context;
        this.audit = audit;
    }

    /**
     * The sessions of {@code user} that stand, newest first; 50 at most.
     *
     * @throws BelfryException {@code FORBIDDEN} for another's without {@code monitoring:admin}
     */
    public List<Session> list(Caller caller, UUID user) {
        refuseOthers(caller.principal(), user);
        return context.store()
                .read(handle -> SessionRows.list(handle, user, context.clock().millis()));
    }

    /**
     * Ends a session at once.
     *
     * @throws BelfryException {@code NOT_FOUND} when there is none that the caller may see
     */
    public void revoke(Caller caller, UUID id) {
        Principal principal = caller.principal();
        context.change(handle -> {
            Session session =
                    SessionRows.byId(handle, id)
                            .filter(found -> isOf(principal, found.userId()))
                            .orElseThrow(() -> Checks.notFound("session", id));
            SessionRows.delete(handle, id);
            audit.append(
                    handle,
                    caller,
                    "session.revoke",
                    "user:" + session.userId(),
                    Map.of("session", id.toString()));
            return null;
        });
    }

    /**
     * Ends all sessions of {@code user} but the one that calls; says how many.
     *
     * @throws BelfryException {@code FORBIDDEN} for another's without {@code monitoring:admin}
     */
    public int revokeAll(Caller caller, UUID user) {
        refuseOthers(caller.principal(), user);
        return context.change(handle -> {
            int ended = SessionRows.deleteOf(handle, user, caller.principal().sessionId());
            audit.append(
                    handle,
                    caller,
                    "session.revoke_all",
                    "user:" + user,
                    Map.of("sessions_ended", ended));
            return ended;
        });
    }

    private static void refuseOthers(Principal principal, UUID user) {
        if (!isOf(principal, user)) {
            principal.require(Permission.ADMIN);
        }
    }

    /** A person's own, or an administrator; a key does not see its owner's sessions. */
    private static boolean isOf(Principal principal, UUID user) {
        boolean own = principal.kind() == Principal.Kind.USER && user.equals(principal.userId());
        return own || principal.may(Permission.ADMIN);
    }
}
