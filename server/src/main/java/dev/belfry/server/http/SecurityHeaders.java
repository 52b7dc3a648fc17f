package dev.belfry.server.http;

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
    private static final String HSTS = "max-age=31536000";

    private SecurityHeaders() {}

    /** Adds them to {@code headers}; what an answer says itself is to be set after. */
    static void add(ResponseHeadersBuilder headers, boolean secure) {
        headers.set("x-content-type-options", "nosniff");
        headers.set("content-security-policy", DATA_POLICY);
        headers.set("referrer-policy", "same-origin");
        headers.set("x-frame-options", "DENY");
        if (secure) {
            headers.set("strict-transport-security", HSTS);
        }
    }
}
