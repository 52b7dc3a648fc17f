package dev.belfry.server.http;

import dev.belfry.identity.Caller;
import dev.belfry.identity.Origin;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One request to an endpoint, checked: who calls, what they gave, and whether they still wait. */
public final class Call {
    private final Endpoint endpoint;
    private final @Nullable Principal principal;
    private final @Nullable String token;
    private final Origin origin;
    private final Map<String, String> pathValues;
    private final Map<String, List<String>> parameters;
    private final UnaryOperator<@Nullable String> headers;
    private final Body body;
    private final Gone gone;
    private final Gone ended;
    private final Sending sending;
    private final boolean secure;
    private final long startNanoTime;

    /** Is told once when something has become of the call. */
    interface Gone {
        void then(Runnable action);
    }

    /** The body, with what was reserved for it. */
    record Body(byte[] bytes, int length, InFlight.@Nullable Share share) {
        static final Body NONE = new Body(new byte[0], 0, null);
    }

    Call(
            Endpoint endpoint,
            @Nullable Principal principal,
            @Nullable String token,
            Origin origin,
            Map<String, String> pathValues,
            Map<String, List<String>> parameters,
            UnaryOperator<@Nullable String> headers,
            Body body,
            Gone gone,
            Gone ended,
            Sending sending,
            boolean secure,
            long startNanoTime) {
        this.endpoint = endpoint;
        this.principal = principal;
        this.token = token;
        this.origin = origin;
        this.pathValues = pathValues;
        this.parameters = parameters;
        this.headers = headers;
        this.body = body;
        this.gone = gone;
        this.ended = ended;
        this.sending = sending;
        this.secure = secure;
        this.startNanoTime = startNanoTime;
    }

    /** The endpoint that is called. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Who calls; only for endpoints that are not public. */
    public Principal principal() {
        if (principal == null) {
            throw new IllegalStateException("BUG: a public endpoint asked who calls");
        }
        return principal;
    }

    /** Takes {@code more} bytes of the bound of all bodies in work, as long as the call lasts. */
    public void reserve(long more) {
        if (body.share() != null) {
            body.share().reserve(more);
        }
    }

    /** Who calls from where. */
    public Caller caller() {
        return new Caller(principal(), origin);
    }

    /** The session's or key's token; empty for other credentials. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** From where the call comes. */
    public Origin origin() {
        return origin;
    }

    /** What stands in the path for {@code {name}}. */
    public String pathValue(String name) {
        String value = pathValues.get(name);
        if (value == null) {
            throw new IllegalStateException("BUG: no {" + name + "} in " + endpoint.path());
        }
        return value;
    }

    /** What stands in the path for {@code {name}} as a UUID; NOT_FOUND when it is none. */
    public UUID pathId(String name) {
        String value = pathValue(name);
        if (value.length() == 36) {
            try {
                return UUID.fromString(value);
            } catch (IllegalArgumentException _) {
                // Said below: there cannot be a thing with such an id.
            }
        }
        throw new BelfryException(ErrorCode.NOT_FOUND, name + ": " + value + " (expected: a UUID)");
    }

    /** The parameters of the query, each with its values in order. */
    public Map<String, List<String>> parameters() {
        return parameters;
    }

    /** A parameter that is given at most once. */
    public Optional<String> parameter(String name) {
        List<String> values = parameters.get(name);
        return values == null ? Optional.empty() : Optional.of(values.getLast());
    }

    /** A whole number from {@code min} to {@code max}. */
    public int whole(String name, int fallback, int min, int max) {
        Optional<String> text = parameter(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below, with the bounds.
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                name
                        + ": "
                        + text.get()
                        + " (expected: a whole number from "
                        + min
                        + " to "
                        + max
                        + ")");
    }

    /** A header, or null. */
    public @Nullable String header(String name) {
        return headers.apply(name);
    }

    /** Whether the call came by TLS. */
    public boolean secure() {
        return secure;
    }

    /** The body as it was sent; the first {@link #bodyLength()} bytes count. */
    public byte[] bodyBytes() {
        return body.bytes();
    }

    /** The length of the body. */
    public int bodyLength() {
        return body.length();
    }

    /** The body as a JSON object with no other members than {@code known}. */
    public JsonObject object(String... known) {
        byte[] whole =
                body.bytes().length == body.length()
                        ? body.bytes()
                        : Arrays.copyOf(body.bytes(), body.length());
        return JsonObject.parse(whole, known);
    }

    /** Runs {@code action} when the client leaves before the answer. */
    public void whenGone(Runnable action) {
        gone.then(action);
    }

    /** Runs {@code action} when the answer was sent, or cannot be any more. */
    public void whenEnded(Runnable action) {
        ended.then(action);
    }

    /** How the answer gets on. */
    public Sending sending() {
        return sending;
    }

    /** {@link System#nanoTime()} at the request's beginning. */
    public long startNanoTime() {
        return startNanoTime;
    }
}
