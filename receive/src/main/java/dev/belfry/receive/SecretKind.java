package dev.belfry.receive;

import java.util.Locale;
import java.util.Optional;

/** A kind of text that is redacted. */
public enum SecretKind {
    /** Values of keys such as {@code password}, {@code passwd}, {@code pwd}. */
    PASSWORD(true),
    /** Values of keys such as {@code client_secret}, {@code secret_key}. */
    SECRET(true),
    /** Values of keys that end in {@code token}. */
    TOKEN(true),
    /** Values of keys such as {@code api_key}, {@code access_key}; keys of a known form. */
    API_KEY(true),
    /** Credentials of {@code Authorization} headers, and bearer tokens anywhere. */
    AUTHORIZATION(true),
    /** {@code Cookie} and {@code Set-Cookie} headers. */
    COOKIE(true),
    /** Private keys as PEM. */
    PRIVATE_KEY(true),
    /** Access key ids of AWS. */
    AWS_KEY(true),
    /** Tokens of GitHub. */
    GITHUB_TOKEN(true),
    /** Tokens of Slack. */
    SLACK_TOKEN(true),
    /** Secret keys of Stripe. */
    STRIPE_KEY(true),
    /** API keys and OAuth secrets of Google. */
    GOOGLE_KEY(true),
    /** JSON web tokens. */
    JWT(true),
    /** The password in {@code scheme://user:password@host}. */
    URL_PASSWORD(true),
    /** Numbers of payment cards. */
    CARD(true),
    /** E-mail addresses. */
    EMAIL(false),
    /** Phone numbers in international form, and of North America. */
    PHONE(false),
    /** International bank account numbers. */
    IBAN(false),
    /**
     * National ids that are told by their form: US SSN, UK NINO, ES DNI and NIE, IT codice fiscale.
     */
    NATIONAL_ID(false);

    private final boolean onByDefault;
    private final String text = name().toLowerCase(Locale.ROOT);

    SecretKind(boolean onByDefault) {
        this.onByDefault = onByDefault;
    }

    /** Whether it is redacted where nothing else is configured. */
    public boolean onByDefault() {
        return onByDefault;
    }

    /** The name outside, as it stands in {@code [redacted:NAME]}. */
    public String text() {
        return text;
    }

    /** The kind whose {@link #text()} is {@code text}; empty when there is none. */
    public static Optional<SecretKind> parse(String text) {
        for (SecretKind kind : values()) {
            if (kind.text.equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
