package dev.belfry.identity;

import org.jspecify.annotations.Nullable;

/**
 * Where a request came from.
 *
 * @param address the client's address, for the throttle and the audit trail
 * @param requestId the request's id; null when it has none
 * @param userAgent what the client says about itself; null when it says nothing
 */
public record Origin(String address, @Nullable String requestId, @Nullable String userAgent) {
    /** Belfry itself. */
    public static final Origin LOCAL = new Origin("local", null, null);

    public Origin {
        address = Checks.plain(address);
        requestId = requestId == null ? null : Checks.plain(requestId);
        userAgent = userAgent == null ? null : Checks.plain(userAgent);
        if (userAgent != null && userAgent.length() > Limits.USER_AGENT_MAX) {
            userAgent = userAgent.substring(0, Limits.USER_AGENT_MAX);
        }
    }

    /** A request from {@code address} of which nothing more is known. */
    public static Origin of(String address) {
        return new Origin(address, null, null);
    }
}
