package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;

/** What every answer tells browsers not to do. */
final class SecurityHeaders {
    /*
     * An answer of the API is data: nothing in it may run, be framed or be guessed to be another
     * type. The page's own files replace the policy by theirs. HSTS only by TLS: a browser that was
     * told by a plain answer would have to ignore it.
     */
    private static final String DATA_POLICY =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private static final HttpHeaders ALWAYS =
            HttpHeaders.of(
                    "x-content-type-options", "nosniff",
                    "content-security-policy", DATA_POLICY,
                    "referrer-policy", "same-origin",
                    "x-frame-options", "DENY");
    private static final HttpHeaders BY_TLS =
            ALWAYS.toBuilder().add("strict-transport-security", "max-age=31536000").build();

    private SecurityHeaders() {}

    /** Adds them to {@code headers}; what an answer says itself is to be set after. */
    static void add(ResponseHeadersBuilder headers, boolean secure) {
        headers.add(secure ? BY_TLS : ALWAYS);
    }
}
