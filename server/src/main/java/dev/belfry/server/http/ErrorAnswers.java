package dev.belfry.server.http;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** What the web server itself refuses, in the API's own shape. */
public final class ErrorAnswers implements ServerErrorHandler {
    @Override
    public @Nullable HttpResponse onServiceException(
            ServiceRequestContext context, Throwable cause) {
        return null;
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            @Nullable ServiceRequestContext context,
            ServiceConfig config,
            @Nullable RequestHeaders headers,
            HttpStatus status,
            @Nullable String description,
            @Nullable Throwable cause) {
        String code =
                switch (status.code()) {
                    case 401 -> "UNAUTHORIZED";
                    case 404 -> "NOT_FOUND";
                    case 413 -> "TOO_LARGE";
                    case 503 -> "OVERLOADED";
                    default -> status.code() >= 500 ? "INTERNAL_SERVER_ERROR" : "VALIDATION_ERROR";
                };
        JsonText text = new JsonText(128).object().name("success").truth(false).name("error");
        text.object().name("code").text(code).name("message");
        text.text(description == null ? status.reasonPhrase() : description);
        text.name("details").object().endObject().endObject().endObject();
        ResponseHeadersBuilder answer = ResponseHeaders.builder(status).contentType(MediaType.JSON);
        SecurityHeaders.add(answer, context != null && context.sessionProtocol().isTls());
        return AggregatedHttpResponse.of(answer.build(), HttpData.wrap(text.bytes()));
    }
}
