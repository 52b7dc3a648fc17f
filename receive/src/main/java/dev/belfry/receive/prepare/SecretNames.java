package dev.belfry.receive.prepare;

import dev.belfry.receive.SecretKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names of fields, headers and parameters stand for secrets. */
final class SecretNames {
    /*
     * Names are compared without case, dots, dashes and underscores, by their end: db.password, DB_PASSWORD and
     * userPassword are one. So password_changed, token_count, max_tokens and secretary are none.
     */
    private record Ending(String text, SecretKind kind) {}

    private static final int NAME_LENGTH_MAX = 128;
    private static final List<Ending> ENDINGS =
            List.of(
                    new Ending("password", SecretKind.PASSWORD),
                    new Ending("passwords", SecretKind.PASSWORD),
                    new Ending("passwordhash", SecretKind.PASSWORD),
                    new Ending("passwd", SecretKind.PASSWORD),
                    new Ending("passphrase", SecretKind.PASSWORD),
                    new Ending("passcode", SecretKind.PASSWORD),
                    new Ending("pwd", SecretKind.PASSWORD),
                    new Ending("secret", SecretKind.SECRET),
                    new Ending("secrets", SecretKind.SECRET),
                    new Ending("secretkey", SecretKind.SECRET),
                    new Ending("secretaccesskey", SecretKind.SECRET),
                    new Ending("privatekey", SecretKind.SECRET),
                    new Ending("encryptionkey", SecretKind.SECRET),
                    new Ending("apikey", SecretKind.API_KEY),
                    new Ending("apikeys", SecretKind.API_KEY),
                    new Ending("accesskey", SecretKind.API_KEY),
                    new Ending("authkey", SecretKind.API_KEY),
                    new Ending("authorization", SecretKind.AUTHORIZATION),
                    new Ending("cookie", SecretKind.COOKIE),
                    new Ending("cookies", SecretKind.COOKIE),
                    new Ending("token", SecretKind.TOKEN));

    /** Places in a list, not secrets. */
    private static final Set<String> PLACES =
            Set.of("nexttoken", "pagetoken", "nextpagetoken", "continuationtoken", "synctoken");

    private SecretNames() {}

    /** The kind of secret that {@code name} stands for, or null. */
    static @Nullable SecretKind kind(String name) {
        if (name.length() > NAME_LENGTH_MAX) {
            return null;
        }
        String plain = plain(name);
        for (Ending ending : ENDINGS) {
            if (plain.endsWith(ending.text)) {
                return PLACES.contains(plain) ? null : ending.kind;
            }
        }
        return null;
    }

    /** Whether a number of this name may be that of a card. */
    static boolean isCard(String name) {
        String plain = plain(name);
        return plain.endsWith("card")
                || plain.endsWith("cardnumber")
                || plain.endsWith("cardno")
                || plain.endsWith("pan")
                || plain.endsWith("ccnumber")
                || plain.endsWith("cc")
                || plain.endsWith("ccnum");
    }

    private static String plain(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int at = 0; at < name.length(); at++) {
            char unit = name.charAt(at);
            if (unit != '_' && unit != '-' && unit != '.' && unit != ' ') {
                plain.append(unit);
            }
        }
        return Bytes.lower(plain.toString());
    }
}
