package dev.belfry.receive.prepare;

import dev.belfry.receive.SecretKind;
import java.util.List;

/** Secrets that are known by how they begin: keys and tokens of services, JWTs. */
final class SecretForms {
    /**
     * A form of secret.
     *
     * @param kind what it is
     * @param prefix how it begins, in this case
     * @param others what may follow beside letters and digits
     * @param min how many bytes follow at least
     * @param max how many bytes follow at most; one more and it is something else
     */
    record Form(SecretKind kind, String prefix, String others, int min, int max) {
        /** The end of the secret that begins at {@code at}, or -1. */
        int end(byte[] data, int from, int at, int to) {
            if (at > from && (Bytes.isAlphanumeric(data[at - 1]) || data[at - 1] == '_')) {
                return -1;
            }
            int start = at + prefix.length();
            int end = start;
            while (end < to
                    && (Bytes.isAlphanumeric(data[end]) || others.indexOf(data[end]) >= 0)) {
                end++;
            }
            int length = end - start;
            return length >= min && length <= max ? end : -1;
        }
    }

    private static final int ANY = 4_096;

    static final List<Form> ALL =
            List.of(
                    new Form(SecretKind.AWS_KEY, "AKIA", "", 16, 16),
                    new Form(SecretKind.AWS_KEY, "ASIA", "", 16, 16),
                    new Form(SecretKind.GITHUB_TOKEN, "ghp_", "", 20, 255),
                    new Form(SecretKind.GITHUB_TOKEN, "gho_", "", 20, 255),
                    new Form(SecretKind.GITHUB_TOKEN, "ghu_", "", 20, 255),
                    new Form(SecretKind.GITHUB_TOKEN, "ghs_", "", 20, 255),
                    new Form(SecretKind.GITHUB_TOKEN, "ghr_", "", 20, 255),
                    new Form(SecretKind.GITHUB_TOKEN, "github_pat_", "_", 20, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxb-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxp-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxa-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxr-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxs-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xoxe", "-.", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "xapp-", "-", 10, 255),
                    new Form(SecretKind.SLACK_TOKEN, "hooks.slack.com/services/", "/", 10, 255),
                    new Form(SecretKind.STRIPE_KEY, "sk_live_", "", 10, 255),
                    new Form(SecretKind.STRIPE_KEY, "sk_test_", "", 10, 255),
                    new Form(SecretKind.STRIPE_KEY, "rk_live_", "", 10, 255),
                    new Form(SecretKind.STRIPE_KEY, "rk_test_", "", 10, 255),
                    new Form(SecretKind.STRIPE_KEY, "whsec_", "+/=", 16, 255),
                    new Form(SecretKind.GOOGLE_KEY, "AIza", "_-", 30, 40),
                    new Form(SecretKind.GOOGLE_KEY, "GOCSPX-", "_-", 20, 40),
                    new Form(SecretKind.GOOGLE_KEY, "ya29.", "_-.", 20, ANY),
                    new Form(SecretKind.API_KEY, "glpat-", "_-", 16, 255),
                    new Form(SecretKind.API_KEY, "sk-ant-", "_-", 16, 255),
                    new Form(SecretKind.API_KEY, "sk-proj-", "_-", 16, 255),
                    new Form(SecretKind.API_KEY, "dop_v1_", "", 32, 255),
                    new Form(SecretKind.API_KEY, "shpat_", "", 24, 255),
                    new Form(SecretKind.API_KEY, "npm_", "", 30, 60));

    /** How a JWT begins: base64url of <code>{"</code> and the first names of RFC 7515 to 7519. */
    static final List<String> JWT_HEADS =
            List.of(
                    "eyJhbGci",
                    "eyJ0eXAi",
                    "eyJraWQi",
                    "eyJlbmMi",
                    "eyJjdHki",
                    "eyJ4NXQ",
                    "eyJ4NWMi",
                    "eyJ4NXUi",
                    "eyJqa3Ui",
                    "eyJqd2si",
                    "eyJ6aXAi",
                    "eyJjcml0",
                    "eyJiNjQi",
                    "eyJlcGsi",
                    "eyJhcHUi",
                    "eyJwMnMi",
                    "eyJpc3Mi",
                    "eyJ2ZXIi",
                    "eyJub25j",
                    "eyJzdWIi",
                    "eyAiYWxn",
                    "eyAidHlw",
                    "ewogICJh");

    private static final int PART_MIN = 4;

    private SecretForms() {}

    /** The end of the JWT that begins at {@code at}, or -1: two full stops at least. */
    static int jwtEnd(byte[] data, int from, int at, int to) {
        if (at > from && (Bytes.isWord(data[at - 1]) || data[at - 1] == '.')) {
            return -1;
        }
        int end = Bytes.wordEnd(data, at, to);
        int parts = 0;
        while (end < to && data[end] == '.' && parts < 4) {
            int next = Bytes.wordEnd(data, end + 1, to);
            if (parts == 0 && next - end <= PART_MIN) {
                return -1;
            }
            if (next == end + 1 && parts > 1) {
                break;
            }
            end = next;
            parts++;
        }
        return parts >= 2 ? end : -1;
    }
}
