package dev.belfry.server.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.query.PromqlFailure;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.Gzip;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What all calls of Prometheus' API have in common: paths, parameters, answers, refusals. */
public final class PrometheusApi {
    static final String GROUP = "Prometheus";
    private static final List<String> PREFIXES = List.of("", "/prometheus");
    private static final long FORM_BYTES_MAX = 4 << 20;
    private static final int RETRY_SECONDS = 1;

    /** Refusals as {@code {"status":"error",…}}. */
    static final Dialect DIALECT =
            (error, _) -> {
                Reply reply = refusal(ApiFailure.of(error));
                return switch (error.code()) {
                    case UNAUTHORIZED -> reply.with("www-authenticate", "Basic realm=\"belfry\"");
                    case OVERLOADED, STORAGE_FULL, RATE_LIMITED ->
                            reply.with("retry-after", retrySeconds(error));
                    default -> reply;
                };
            };

    private PrometheusApi() {}

    static String retrySeconds(BelfryException error) {
        Object given = error.details().get("retry_after_seconds");
        return given == null ? Integer.toString(RETRY_SECONDS) : given.toString();
    }

    /**
     * A call at {@code path} and below {@code /prometheus}, for each of {@code methods}.
     *
     * @param parameters of the query, or of a form in the body
     */
    public static List<Endpoint> declare(
            List<String> methods,
            String path,
            Access access,
            String summary,
            List<Parameter> parameters,
            Endpoint.Handler handler) {
        List<Endpoint> all = new ArrayList<>();
        for (String prefix : PREFIXES) {
            for (String method : methods) {
                Endpoint endpoint =
                        Endpoint.of(method, prefix + path, access, GROUP, summary, said(handler))
                                .with(parameters)
                                .answersRaw(200, Shape.FREE)
                                .fails(ErrorCode.QUERY_LIMIT, ErrorCode.OVERLOADED)
                                .speaks(DIALECT);
                all.add(
                        method.equals("GET")
                                ? endpoint
                                : endpoint.takes(Shape.FREE, "").bodyMax(FORM_BYTES_MAX));
            }
        }
        return all;
    }

    private static Endpoint.Handler said(Endpoint.Handler handler) {
        if (handler instanceof Endpoint.Computing) {
            return (Endpoint.Computing) call -> said(handler, call);
        }
        return call -> said(handler, call);
    }

    private static Reply said(Endpoint.Handler handler, Call call) throws Exception {
        try {
            return Gzip.of(handler.handle(call), call.header("accept-encoding"));
        } catch (ApiFailure failure) {
            return refusal(failure);
        } catch (PromqlFailure failure) {
            return refusal(ApiFailure.of(failure, "query"));
        }
    }

    private static Reply refusal(ApiFailure failure) {
        Reply reply =
                new ApiJson()
                        .raw("{\"status\":\"error\",\"errorType\":")
                        .text(failure.type())
                        .raw(",\"error\":")
                        .text(String.valueOf(failure.getMessage()))
                        .raw('}')
                        .reply(failure.status());
        return failure.isUnavailable()
                ? reply.with("retry-after", Integer.toString(RETRY_SECONDS))
                : reply;
    }

    /** A good answer with what {@code data} writes. */
    static Reply success(Consumer<ApiJson> data) {
        return success(data, List.of(), List.of());
    }

    /** The same with warnings and infos. */
    static Reply success(Consumer<ApiJson> data, List<String> warnings, List<String> infos) {
        ApiJson json = new ApiJson();
        write(json, data, warnings, infos);
        return json.reply(200);
    }

    /** The same, made while it is sent. */
    static Reply streamed(Consumer<ApiJson> data, List<String> warnings, List<String> infos) {
        return Reply.streamed(
                200,
                "application/json",
                sink -> {
                    ApiJson json = new ApiJson(sink);
                    write(json, data, warnings, infos);
                    json.finish();
                });
    }

    private static void write(
            ApiJson json, Consumer<ApiJson> data, List<String> warnings, List<String> infos) {
        json.raw("{\"status\":\"success\",\"data\":");
        data.accept(json);
        notes(json, "warnings", warnings);
        notes(json, "infos", infos);
        json.raw('}');
    }

    private static void notes(ApiJson json, String name, List<String> notes) {
        if (!notes.isEmpty()) {
            json.raw(',').name(name);
            texts(json, notes);
        }
    }

    /** Writes a list of texts. */
    static void texts(ApiJson json, List<String> texts) {
        json.raw('[');
        for (int index = 0; index < texts.size(); index++) {
            if (index > 0) {
                json.raw(',');
            }
            json.text(texts.get(index));
        }
        json.raw(']');
    }
}
