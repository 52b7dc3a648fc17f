package dev.belfry.server.http;

import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the clients of a protocol show who they are, and how they hear a refusal. Belfry's own API
 * has one; each protocol that others made has another.
 */
public interface Dialect {
    /** Belfry's own API: a token or a session's cookie; the envelope. */
    Dialect API = (error, _) -> Errors.reply(error);

    /**
     * The answer to a request that is refused, whatever refused it: no credentials, a body too
     * large, overload, or the endpoint itself. What is not the caller's fault comes as
     * INTERNAL_SERVER_ERROR.
     *
     * @param headers of the request; null for those that it has not
     */
    Reply refusal(BelfryException error, UnaryOperator<@Nullable String> headers);

    /**
     * The token that the request shows in a manner of this protocol alone, beside {@code Bearer},
     * {@code X-API-Key} and Basic; empty when it does not.
     */
    default Optional<String> token(UnaryOperator<@Nullable String> headers) {
        return Optional.empty();
    }

    /**
     * Who a request without any credentials speaks for; empty where it is refused.
     *
     * @param address from where it came
     */
    default Optional<Principal> anonymous(String address) {
        return Optional.empty();
    }

    /**
     * Whether this is another protocol's: Basic is taken, parameters that are not declared are let
     * pass.
     */
    default boolean isForeign() {
        return !equals(API);
    }
}
