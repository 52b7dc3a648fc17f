package dev.belfry.server.access;

import dev.belfry.server.http.Authentication;
import dev.belfry.server.http.Call;
import org.jspecify.annotations.Nullable;

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

    /** The value of the cookie {@code name} that the call carries, or null. */
    static @Nullable String value(Call call, String name) {
        String header = call.header("cookie");
        for (String pair : header == null ? new String[0] : header.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                return pair.substring(equals + 1).strip();
            }
        }
        return null;
    }

    private static String attributes(Call call) {
        return "; Path=/; HttpOnly; SameSite=Strict" + (call.secure() ? "; Secure" : "");
    }
}
