package dev.belfry.server.http;

import dev.belfry.model.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, declared once: routing, the permission check, the check of the query's
 * parameters, the OpenAPI document and the table in the documentation come from here.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code DELETE}
 * @param path with {@code {name}} for what varies
 * @param access who may call it
 * @param group under which heading it is documented
 * @param summary one line
 * @param parameters of the query
 * @param request the body's shape; null when it has none
 * @param requestExample a body; empty when there is none
 * @param response the answer's shape under {@code data}, or whole when not {@code enveloped}
 * @param status of a good answer
 * @param enveloped whether the answer stands under {@code data}
 * @param errors further codes that it may answer, beside those that any call may
 * @param bodyMaxBytes the largest body as sent
 * @param quiet whether it is left out of the access log
 * @param dialect how callers show who they are, and how they hear a refusal
 * @param handler does it
 */
public record Endpoint(
        String method,
        String path,
        Access access,
        String group,
        String summary,
        List<Parameter> parameters,
        @Nullable Shape request,
        String requestExample,
        @Nullable Shape response,
        int status,
        boolean enveloped,
        List<ErrorCode> errors,
        long bodyMaxBytes,
        boolean quiet,
        Dialect dialect,
        Handler handler) {
    private static final long BODY_MAX_BYTES = 1 << 20;

    /**
     * Does what the endpoint is for; runs on a thread of its own, often a virtual one, and may
     * block.
     */
    @FunctionalInterface
    public interface Handler {
        /** The answer to {@code call}; what it throws becomes an error answer. */
        Reply handle(Call call) throws Exception;
    }

    /**
     * A handler that computes for long: it runs on a thread of the machine where one is free, since
     * it would keep a virtual thread's carrier, and changes threads less often then.
     */
    @FunctionalInterface
    public interface Computing extends Handler {}

    public Endpoint {
        parameters = List.copyOf(parameters);
        errors = List.copyOf(errors);
    }

    /** A call that answers 200 with an envelope and takes no body. */
    public static Endpoint of(
            String method,
            String path,
            Access access,
            String group,
            String summary,
            Handler handler) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                List.of(),
                null,
                "",
                null,
                200,
                true,
                List.of(),
                BODY_MAX_BYTES,
                false,
                Dialect.API,
                handler);
    }

    /** The same with parameters of the query. */
    public Endpoint with(List<Parameter> value) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                value,
                request,
                requestExample,
                response,
                status,
                enveloped,
                errors,
                bodyMaxBytes,
                quiet,
                dialect,
                handler);
    }

    /** The same with a body. */
    public Endpoint takes(Shape shape, String example) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                shape,
                example,
                response,
                status,
                enveloped,
                errors,
                bodyMaxBytes,
                quiet,
                dialect,
                handler);
    }

    /** The same with an answer. */
    public Endpoint answers(int code, Shape shape) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                shape,
                code,
                enveloped,
                errors,
                bodyMaxBytes,
                quiet,
                dialect,
                handler);
    }

    /** The same with an answer that has no envelope. */
    public Endpoint answersRaw(int code, Shape shape) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                shape,
                code,
                false,
                errors,
                bodyMaxBytes,
                quiet,
                dialect,
                handler);
    }

    /** The same with further error codes. */
    public Endpoint fails(ErrorCode... codes) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                response,
                status,
                enveloped,
                List.of(codes),
                bodyMaxBytes,
                quiet,
                dialect,
                handler);
    }

    /** The same with another bound on the body. */
    public Endpoint bodyMax(long bytes) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                response,
                status,
                enveloped,
                errors,
                bytes,
                quiet,
                dialect,
                handler);
    }

    /** The same, left out of the access log. */
    public Endpoint hushed() {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                response,
                status,
                enveloped,
                errors,
                bodyMaxBytes,
                true,
                dialect,
                handler);
    }

    /**
     * The same in another protocol's manner: further parameters are let pass, and refusals are that
     * protocol's.
     */
    public Endpoint speaks(Dialect value) {
        return new Endpoint(
                method,
                path,
                access,
                group,
                summary,
                parameters,
                request,
                requestExample,
                response,
                status,
                enveloped,
                errors,
                bodyMaxBytes,
                quiet,
                value,
                handler);
    }
}
