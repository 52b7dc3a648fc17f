package dev.belfry.server.access;

import dev.belfry.server.http.Authentication;
import dev.belfry.server.http.Call;

/** The page's session cookie. */
final class Cookies {
    private Cookies() {}

    /** Sets it to {@code token}: for this server only, not for scripts, not from other pages. */
    static String session(Call call, String token) {
        return Authentication.COOKIE + "=" + token + attributes(call);
    }

    /** Takes it away. */
    static String none(Call call) {
        return Authentication.COOKIE + "=" + attributes(call) + "; Max-Age=0";
    }

    private static String attributes(Call call) {
        return "; Path=/; HttpOnly; SameSite=Strict" + (call.secure() ? "; Secure" : "");
    }
}
