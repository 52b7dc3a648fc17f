package dev.belfry.receive.prepare;

import dev.belfry.receive.SecretKind;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds e-mail addresses, phone numbers, IBANs and national ids; all are off by default. */
final class PersonalData {
    /* Each repetition is bounded, and no two that can match the same bytes follow one another. */
    private static final String APART = "(?<![0-9A-Za-z_])";
    private static final String END = "(?![0-9A-Za-z_])";
    private static final Pattern EMAIL =
            Pattern.compile(
                    "(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@(?:[A-Za-z0-9-]{1,63}+\\.){1,8}"
                            + "[A-Za-z]{2,24}(?![A-Za-z0-9-])");
    private static final Pattern PHONE =
            Pattern.compile(
                    "(?<![0-9A-Za-z_+.-])(?:\\+[1-9][0-9]{0,2}(?:[ .-]?\\(?[0-9]{1,5}\\)?){2,6}"
                            + "|(?:\\([2-9][0-9]{2}\\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4})"
                            + "(?![0-9A-Za-z_-])");
    private static final Pattern IBAN =
            Pattern.compile(
                    APART
                            + "[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?)"
                            + END);
    private static final Pattern NATIONAL_ID =
            Pattern.compile(
                    APART
                            + "(?:(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}"
                            + "|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"
                            + "|[0-9]{8}-?[A-Z]|[XYZ][0-9]{7}-?[A-Z]"
                            + "|[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z])"
                            + END);
    private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final BigInteger IBAN_MODULUS = BigInteger.valueOf(97);

    private static final List<SecretKind> ORDER =
            List.of(SecretKind.EMAIL, SecretKind.IBAN, SecretKind.NATIONAL_ID, SecretKind.PHONE);

    private final Set<SecretKind> kinds;
    private final Map<SecretKind, Pattern> patterns =
            Map.of(
                    SecretKind.EMAIL, EMAIL,
                    SecretKind.PHONE, PHONE,
                    SecretKind.IBAN, IBAN,
                    SecretKind.NATIONAL_ID, NATIONAL_ID);

    PersonalData(Set<SecretKind> kinds) {
        this.kinds = Set.copyOf(kinds);
    }

    /** Whether any of them is looked for. */
    boolean isWanted() {
        return patterns.keySet().stream().anyMatch(kinds::contains);
    }

    /** The text with what was found replaced; the same object where nothing was. */
    String redact(String text, RedactionCounts counts) {
        String result = text;
        for (SecretKind kind : ORDER) {
            Pattern pattern = patterns.get(kind);
            if (pattern == null || !kinds.contains(kind) || !isPossible(kind, result)) {
                continue;
            }
            Predicate<String> check = check(kind);
            Matcher matcher = pattern.matcher(result);
            StringBuilder changed = new StringBuilder();
            int from = 0;
            while (matcher.find()) {
                if (check.test(matcher.group())) {
                    changed.append(result, from, matcher.start());
                    changed.append("[redacted:").append(kind.text()).append(']');
                    from = matcher.end();
                    counts.count(kind.text());
                }
            }
            result = from == 0 ? result : changed.append(result, from, result.length()).toString();
        }
        return result;
    }

    private static boolean isPossible(SecretKind kind, String text) {
        if (kind == SecretKind.EMAIL) {
            return text.indexOf('@') >= 0;
        }
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                return true;
            }
        }
        return false;
    }

    private static Predicate<String> check(SecretKind kind) {
        return switch (kind) {
            case IBAN -> PersonalData::isIban;
            case PHONE -> text -> digits(text) >= 8 && digits(text) <= 15;
            case NATIONAL_ID -> PersonalData::isNationalId;
            default -> _ -> true;
        };
    }

    private static long digits(String text) {
        return text.chars().filter(unit -> unit >= '0' && unit <= '9').count();
    }

    /* ISO 13616: the first four behind the rest, letters as 10 to 35; the remainder by 97 is 1. */
    private static boolean isIban(String text) {
        String plain = text.replace(" ", "");
        if (plain.length() < 15 || plain.length() > 34) {
            return false;
        }
        StringBuilder number = new StringBuilder();
        for (char unit : (plain.substring(4) + plain.substring(0, 4)).toCharArray()) {
            number.append(Character.digit(unit, 36));
        }
        return new BigInteger(number.toString()).mod(IBAN_MODULUS).intValue() == 1;
    }

    private static boolean isNationalId(String text) {
        String plain = text.replace("-", "");
        boolean spanish =
                plain.length() == 9 && Character.isLetter(plain.charAt(8)) && digits(plain) >= 7;
        if (!spanish || plain.chars().skip(1).limit(7).anyMatch(unit -> unit < '0' || unit > '9')) {
            return true;
        }
        char first = plain.charAt(0);
        String digits =
                first >= 'X' && first <= 'Z'
                        ? (first - 'X') + plain.substring(1, 8)
                        : plain.substring(0, 8);
        return digits.chars().allMatch(unit -> unit >= '0' && unit <= '9')
                && DNI_LETTERS.charAt(Integer.parseInt(digits) % 23) == plain.charAt(8);
    }
}
