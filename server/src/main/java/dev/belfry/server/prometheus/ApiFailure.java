package dev.belfry.server.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.query.Promql;
import dev.belfry.query.PromqlFailure;
import dev.belfry.server.http.Errors;

/** A refusal as Prometheus' clients know it. */
public final class ApiFailure extends RuntimeException {
    /* web/api/v1/api.go of Prometheus: the types of errors and their statuses. */
    private static final long serialVersionUID = 1L;

    /** What kind of refusal it is. */
    enum Type {
        BAD_DATA("bad_data", 400),
        EXECUTION("execution", 422),
        CANCELED("canceled", 499),
        TIMEOUT("timeout", 503),
        INTERNAL("internal", 500),
        UNAVAILABLE("unavailable", 503),
        NOT_FOUND("not_found", 404);

        final String text;
        final int status;

        Type(String text, int status) {
            this.text = text;
            this.status = status;
        }
    }

    private final String type;
    private final int status;

    /** A request that cannot be, in Prometheus' words. */
    public static ApiFailure badData(String message) {
        return new ApiFailure(Type.BAD_DATA, message);
    }

    private ApiFailure(String type, int status, String message) {
        super(message, null, false, false);
        this.type = type;
        this.status = status;
    }

    ApiFailure(Type type, String message) {
        this(type.text, type.status, message);
    }

    /** A parameter that cannot be. */
    public static ApiFailure parameter(String name, String message) {
        return new ApiFailure(
                Type.BAD_DATA, "invalid parameter " + Promql.quoted(name) + ": " + message);
    }

    /** What a query came to, given as parameter {@code name}. */
    public static ApiFailure of(PromqlFailure failure, String name) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.kind()) {
            case TEXT -> parameter(name, message);
            case EXECUTION -> new ApiFailure(Type.EXECUTION, message);
            case TIMEOUT -> new ApiFailure(Type.TIMEOUT, message);
            case CANCELLED -> new ApiFailure(Type.CANCELED, message);
            case BUSY -> new ApiFailure(Type.UNAVAILABLE, message);
        };
    }

    /** A refusal of Belfry itself. */
    static ApiFailure of(BelfryException failure) {
        String message = String.valueOf(failure.getMessage());
        return switch (failure.code()) {
            case VALIDATION_ERROR -> new ApiFailure(Type.BAD_DATA, message);
            case QUERY_LIMIT -> new ApiFailure(Type.EXECUTION, message);
            case NOT_FOUND -> new ApiFailure(Type.NOT_FOUND, message);
            case OVERLOADED, STORAGE_FULL -> new ApiFailure(Type.UNAVAILABLE, message);
            case INTERNAL_SERVER_ERROR -> new ApiFailure(Type.INTERNAL, message);
            case UNAUTHORIZED, FORBIDDEN, CONFLICT, TOO_LARGE, RATE_LIMITED ->
                    new ApiFailure(
                            failure.code().name().toLowerCase(java.util.Locale.ROOT),
                            Errors.status(failure.code()),
                            message);
        };
    }

    String type() {
        return type;
    }

    /** Whether it may be well in a moment. */
    boolean isUnavailable() {
        return type.equals(Type.UNAVAILABLE.text);
    }

    int status() {
        return status;
    }
}
