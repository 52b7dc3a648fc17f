package dev.belfry.receive.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.EventBatch;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.FieldColumn;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.JsonEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.Preparation;
import dev.belfry.receive.PreparationConfig;
import dev.belfry.receive.RedactionRule;
import dev.belfry.receive.SecretKind;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.json.JsonMembers;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String JWT =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"
                    + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

    private final Map<String, Integer> counted = new ConcurrentHashMap<>();
    private final Preparation preparation =
            Preparation.of(
                    redactionOnly(PreparationConfig.defaultKinds(), List.of()),
                    (kind, count) -> counted.merge(kind, count, Integer::sum));

    private static PreparationConfig redactionOnly(
            java.util.Set<SecretKind> kinds, List<RedactionRule> rules) {
        return new PreparationConfig(kinds, rules, false, false, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "login password=hunter2 user=bob|login password=[redacted:password] user=bob",
                "PASSWORD: hunter2|PASSWORD: [redacted:password]",
                "db_password = s3cr3t; x|db_password = [redacted:password]; x",
                "{\"user\":\"bob\",\"password\":\"hun\\\"ter2\"}|{\"user\":\"bob\",\"password\":\"[redacted:password]\"}",
                "{\"a\":{\"b\":[{\"userPassword\": \"x y\"}]}}|{\"a\":{\"b\":[{\"userPassword\": \"[redacted:password]\"}]}}",
                "{\"password\":12345}|{\"password\":\"[redacted:password]\"}",
                "{\"passwd\":[\"a\",\"b\"]}|{\"passwd\":\"[redacted:password]\"}",
                "{\\\"password\\\":\\\"abc\\\",\\\"n\\\":1}|{\\\"password\\\":\\\"[redacted:password]\\\",\\\"n\\\":1}",
                "GET /x?api_key=abcd1234&y=1|GET /x?api_key=[redacted:api_key]&y=1",
                "x-api-key: 0123456789abcdef|x-api-key: [redacted:api_key]",
                "client_secret=aBc123 grant=x|client_secret=[redacted:secret] grant=x",
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG|aws_secret_access_key = [redacted:secret]",
                "refresh_token=abc&x=1|refresh_token=[redacted:token]&x=1",
                "\"access_token\": \"abc.def\"|\"access_token\": \"[redacted:token]\"",
                "Authorization: Bearer abc.def-123|Authorization: Bearer [redacted:authorization]",
                "authorization: Basic dXNlcjpwYXNz, x|authorization: Basic [redacted:authorization], x",
                "\"Authorization\":\"Bearer abcdef\"|\"Authorization\":\"Bearer [redacted:authorization]\"",
                "Authorization: Digest username=\"bob\", response=\"x\"|Authorization: Digest [redacted:authorization]\"bob\", response=\"x\"",
                "curl -H 'Authorization: token ghs_x'|curl -H 'Authorization: token [redacted:authorization]'",
                "sent bearer 0123456789abcdef01 on|sent bearer [redacted:authorization] on",
                "Cookie: sid=abc; theme=dark|Cookie: [redacted:cookie]",
                "Set-Cookie: sid=abc; Path=/|Set-Cookie: [redacted:cookie]",
                "mysql --password hunter2 -h db|mysql --password [redacted:password] -h db",
                "<password>hunter2</password>|<password>[redacted:password]</password>",
                "CREATE USER x WITH PASSWORD 'abc def'|CREATE USER x WITH PASSWORD '[redacted:password]'",
                "user[password]=abc&x=1|user[password]=[redacted:password]&x=1",
                ":password=>\"abc\"|:password=>\"[redacted:password]\"",
                "key AKIAIOSFODNN7EXAMPLE used|key [redacted:aws_key] used",
                "ghp_0123456789abcdefghijABCDEFGHIJ012345|[redacted:github_token]",
                "x xoxb-123456789012-abcdefABCDEF|x [redacted:slack_token]",
                "sk_live_4eC39HqLyjWDarjtT1zdp7dc|[redacted:stripe_key]",
                "AIzaSyA-1234567890abcdefghijklmnopqrstu|[redacted:google_key]",
                "postgres://bob:hunter2@db:5432/x|postgres://bob:[redacted:url_password]@db:5432/x",
                "redis://:p%40ss@cache/0|redis://:[redacted:url_password]@cache/0",
                "paid with 4111111111111111 ok|paid with [redacted:card] ok",
                "paid with 4111 1111 1111 1111.|paid with [redacted:card].",
                "card=5500-0000-0000-0004,x|card=[redacted:card],x",
                "amex 3782 822463 10005|amex [redacted:card]",
                "on 2026-01-24 4012888888881881|on 2026-01-24 [redacted:card]",
                "a 4222222222222|a [redacted:card]",
                "ab 4222222222222,|ab [redacted:card],",
                "a 3782-822463-10005.|a [redacted:card].",
                "ab 3782-822463-10005|ab [redacted:card]",
                "a 4111-1111-1111-1111,|a [redacted:card],",
                "ab 4111-1111-1111-1111: x|ab [redacted:card]: x",
                "{\"card_number\":4111111111111111}|{\"card_number\":\"[redacted:card]\"}",
                "{\"n\":\"4111111111111111\"}|{\"n\":\"[redacted:card]\"}",
                "pwd=abc|pwd=[redacted:password]",
                "Größe password=größe€ 日本|Größe password=[redacted:password] 日本",
            })
    void secret_isReplaced(String text, String expected) {
        assertThat(message(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token bucket is full",
                "password changed for bob",
                "pam_unix(passwd:chauthtok): password changed for root",
                "grep root /etc/passwd:root:x:0:0",
                "password: must be at least 8 characters long",
                "Invalid password: expired",
                "Unexpected token: identifier at line 3",
                "Unexpected token } in JSON at position 4",
                "unexpected token: \"}\"",
                "max_tokens=512 token_count=7",
                "the secretary's cookie: disabled",
                "authorization: failed for user bob",
                "Authorization required",
                "secret santa",
                "PWD=/home/bob/project",
                "password=null token=none api_key=",
                "password=****** secret=[redacted:secret]",
                "password=${DB_PASSWORD}",
                "id 550e8400-e29b-41d4-a716-446655440000",
                "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
                "at 1769248800123456789 and 1769248800123 ms",
                "2026-01-24T10:00:00.123456Z took 4111111111111 ns",
                "order 4111111111111112 shipped",
                "sum 4.111111111111111 and 4111111111111111.5",
                "user_4111111111111111 and 0x4111111111111111",
                "id 4111111111111111-4111-4111",
                "http://host:8080/path@x and https://example.com/?a=b@c",
                "mailto bob@example.com from 10.0.0.1:8080",
                "AKIA is a prefix, so is ghp_ and eyJhbGciOi",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                "nextPageToken=abc123 page_token=xyz",
                "bearer of bad news",
                "{\"password\":null,\"token\":true,\"cookie\":{}}",
                "tokenizer tokens=3 tokenize: abcdefgh1234",
                "+1 212 555 0100 or DE89370400440532013000",
            })
    void goodText_isLeftAlone(String text) {
        assertThat(message(text)).isEqualTo(text);
        assertThat(counted).isEmpty();
    }

    @Test
    void privateKeyAndJwt_areReplaced() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc==\n-----END RSA PRIVATE KEY-----";
        assertThat(message("a " + key + " b " + JWT + "."))
                .isEqualTo("a [redacted:private_key] b [redacted:jwt].");
        assertThat(counted).isEqualTo(Map.of("private_key", 1, "jwt", 1));
        assertThat(message("-----BEGIN PRIVATE KEY-----\nMIIE cut"))
                .isEqualTo("[redacted:private_key]");
    }

    @Test
    void redaction_isTheSameTwice() {
        String once =
                message("password=a token: abc12345678 Authorization: Bearer abc Cookie: a=b");
        assertThat(message(once)).isEqualTo(once);
    }

    @Test
    void fields_areReplacedByNameAndContent() {
        String body =
                """
                {"event_type":"log","source":"s","message":"m",
                 "tags":{"DB.Password":"x","api-key":"y","ok":"fine","card":4111111111111111,
                  "n":4111111111111111,"http.request.header.authorization":["Bearer a"]},
                 "payload":{"password":7,"token":{"type":"Bearer","access_token":"abc"},
                  "secret":{"a":1},"deep":{"a":[{"client_secret":"zz"},4111111111111111]},
                  "flag_password":true}}
                """;
        EventBatch batch = preparation.prepare(decode(body), SourceRule.ANY);
        assertThat(field(batch, FieldSpace.TAG, "DB.Password"))
                .isEqualTo("STRING [redacted:password]");
        assertThat(field(batch, FieldSpace.TAG, "api-key")).isEqualTo("STRING [redacted:api_key]");
        assertThat(field(batch, FieldSpace.TAG, "ok")).isEqualTo("STRING fine");
        assertThat(field(batch, FieldSpace.TAG, "card")).isEqualTo("STRING [redacted:card]");
        assertThat(field(batch, FieldSpace.TAG, "n")).isEqualTo("NUMBER 4111111111111111");
        assertThat(field(batch, FieldSpace.TAG, "http.request.header.authorization"))
                .isEqualTo("STRING [redacted:authorization]");
        assertThat(field(batch, FieldSpace.PAYLOAD, "password"))
                .isEqualTo("STRING [redacted:password]");
        assertThat(field(batch, FieldSpace.PAYLOAD, "token"))
                .isEqualTo("JSON {\"type\":\"Bearer\",\"access_token\":\"[redacted:token]\"}");
        assertThat(field(batch, FieldSpace.PAYLOAD, "secret"))
                .isEqualTo("STRING [redacted:secret]");
        assertThat(field(batch, FieldSpace.PAYLOAD, "deep"))
                .isEqualTo(
                        "JSON {\"a\":[{\"client_secret\":\"[redacted:secret]\"},4111111111111111]}");
        assertThat(field(batch, FieldSpace.PAYLOAD, "flag_password")).isEqualTo("TRUE ");
    }

    @Test
    void batchWithoutSecrets_isTheSameObject() {
        EventBatch batch =
                decode("{\"event_type\":\"log\",\"source\":\"s\",\"message\":\"all is well\"}");
        assertThat(preparation.prepare(batch, SourceRule.ANY)).isSameAs(batch);
    }

    @Test
    void personalData_isReplacedWhereSwitchedOn() {
        Preparation all =
                Preparation.of(
                        redactionOnly(EnumSet.allOf(SecretKind.class), List.of()), (_, _) -> {});
        assertThat(message(all, "mail bob.x@example.co.uk, call +49 30 901820, (212) 555-0100"))
                .isEqualTo("mail [redacted:email], call [redacted:phone], [redacted:phone]");
        assertThat(message(all, "pay DE89 3704 0044 0532 0130 00 or DE89370400440532013001"))
                .isEqualTo("pay [redacted:iban] or DE89370400440532013001");
        assertThat(message(all, "ssn 123-45-6789 dni 12345678Z nino AB 12 34 56 C on 2026-01-24"))
                .isEqualTo(
                        "ssn [redacted:national_id] dni [redacted:national_id]"
                                + " nino [redacted:national_id] on 2026-01-24");
    }

    @Test
    void ownRule_replacesItsGroup() {
        Preparation own =
                Preparation.of(
                        redactionOnly(
                                EnumSet.noneOf(SecretKind.class),
                                List.of(
                                        new RedactionRule("badge", "bdg-", "BDG-(\\d+)"),
                                        new RedactionRule("slow", "aaaa", "((a+)+\\2)+!!"))),
                        (_, _) -> {});
        assertThat(message(own, "at BDG-123 and BDG-"))
                .isEqualTo("at BDG-[redacted:badge] and BDG-");
        assertThat(message(own, "ends in BDG-9")).isEqualTo("ends in BDG-[redacted:badge]");
        assertThat(message(own, "a".repeat(60) + "!")).isEqualTo("[redacted:slow]");
    }

    @Test
    void badRule_namesWhatIsWrong() {
        assertThatThrownBy(() -> new RedactionRule("x", "abcd", "(ab"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regex of x: Unclosed group");
        assertThatThrownBy(() -> new RedactionRule("x", "ab", "ab"))
                .hasMessageContaining("4 to 64");
        assertThatThrownBy(() -> new RedactionRule("X y", "abcd", "ab"))
                .hasMessageContaining("a-z");
    }

    @Test
    void randomTexts_stayJsonAndFinish() {
        long seed = Long.getLong("belfry.seed", System.nanoTime());
        System.out.println("RedactionTest seed " + seed);
        Random random = new Random(seed);
        String[] parts = {
            "password",
            "token",
            "\"",
            "\\\"",
            ":",
            "=",
            " ",
            "4111111111111111",
            "{",
            "}",
            "[",
            "]",
            "Authorization",
            "Bearer ",
            "Cookie: ",
            "<password>",
            "://a:",
            "@",
            "-----BEGIN PRIVATE KEY-----",
            ",",
            "abc",
            "1",
            "'",
            "\\\\",
            "eyJhbGci",
            ".",
            "secret",
            "--password ",
            "é",
            "&",
            "\\n"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder inner = new StringBuilder();
            int count = random.nextInt(14);
            for (int part = 0; part < count; part++) {
                inner.append(parts[random.nextInt(parts.length)]);
            }
            String text = inner.toString();
            message(text);
            String quoted = text.replaceAll("(?<!\\\\)((?:\\\\\\\\)*)\"", "$1\\\\\"");
            String json =
                    "{\"a\":[\""
                            + quoted
                            + "\"],\"password\":5,\"z\":{\""
                            + "k"
                            + "\":\""
                            + quoted
                            + "\"}}";
            if (JsonMembers.read(json) == null) {
                continue;
            }
            String result = value(json);
            assertThat(JsonMembers.read(result)).as("%s -> %s", json, result).isNotNull();
            assertThat(result).doesNotContain("\"password\":5");
        }
    }

    @Test
    void longTexts_takeLinearTime() {
        for (String part :
                List.of(
                        "password",
                        "token=",
                        "://a:b",
                        "-----BEGIN PRIVATE KEY",
                        "4111 ",
                        "\"token\":[",
                        "eyJhbGci.",
                        "\\",
                        "Cookie: ")) {
            long start = System.nanoTime();
            message(part.repeat((256 << 10) / part.length()));
            assertThat(System.nanoTime() - start).as(part).isLessThan(5_000_000_000L);
        }
    }

    private String value(String json) {
        EventBatchBuilder builder = new EventBatchBuilder(1);
        builder.source("s");
        Objects.requireNonNull(builder.field(FieldSpace.PAYLOAD, "p")).add(0, ValueKind.JSON, json);
        builder.commit();
        FieldColumn column =
                preparation.prepare(builder.build(), SourceRule.ANY).fields().getFirst();
        assertThat(column.kind(0))
                .as("%s -> %s", json, column.values().text(0))
                .isEqualTo(ValueKind.JSON);
        return Objects.requireNonNull(column.values().text(0));
    }

    private String message(String text) {
        return message(preparation, text);
    }

    private static String message(Preparation preparation, String text) {
        EventBatchBuilder builder = new EventBatchBuilder(3);
        for (String message : new String[] {"before it", text, "behind it"}) {
            builder.source("s");
            builder.message(message);
            builder.commit();
        }
        EventBatch batch = preparation.prepare(builder.build(), SourceRule.ANY);
        assertThat(batch.messages().text(0)).isEqualTo("before it");
        assertThat(batch.messages().text(2)).isEqualTo("behind it");
        return Objects.requireNonNull(batch.messages().text(1));
    }

    private static EventBatch decode(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return JsonEvents.decode(
                        bytes, bytes.length, null, JsonEventsConfig.DEFAULTS, 1, SourceRule.ANY)
                .batch();
    }

    private static String field(EventBatch batch, FieldSpace space, String key) {
        FieldColumn field = Objects.requireNonNull(batch.field(space, key));
        return field.kind(0) + " " + field.values().text(0);
    }
}
