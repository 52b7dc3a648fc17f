package dev.belfry.receive.prepare;

import dev.belfry.receive.RedactionRule;
import dev.belfry.receive.SecretKind;
import dev.belfry.receive.prepare.LiteralScan.Literal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds secrets in the bytes of a column; safe for many threads. */
final class SecretFinder {
    /* What a literal of the scan leads to. Each gives the place to go on from. */
    @FunctionalInterface
    private interface Finder {
        int find(byte[] data, int from, int to, int at, int literalEnd, Spans spans);
    }

    private static final String ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final String PRINTABLE = printable();
    private static final int REGEX_BEFORE = 256;
    private static final int REGEX_BEHIND = 4_096;
    private static final int USER_LENGTH_MAX = 256;

    private final Set<SecretKind> kinds;
    private final List<Literal> literals = new ArrayList<>();
    private final List<Finder> finders = new ArrayList<>();
    private final LiteralScan scan;
    private final boolean cards;

    SecretFinder(Set<SecretKind> redacted, List<RedactionRule> rules) {
        kinds = EnumSet.noneOf(SecretKind.class);
        kinds.addAll(redacted);
        keys();
        forms();
        for (RedactionRule rule : rules) {
            own(rule);
        }
        cards = kinds.contains(SecretKind.CARD);
        scan = new LiteralScan(literals, cards);
    }

    private static String printable() {
        StringBuilder text = new StringBuilder();
        for (char unit = 0; unit < 256; unit++) {
            text.append(Character.toLowerCase(unit) < 256 ? Character.toLowerCase(unit) : unit);
        }
        return text.toString();
    }

    private void add(boolean wanted, Literal literal, Finder finder) {
        if (wanted) {
            literals.add(literal);
            finders.add(finder);
        }
    }

    private void keys() {
        Finder keyed = new KeyedSecrets(kinds)::find;
        boolean words = kinds.contains(SecretKind.PASSWORD);
        add(words, Literal.of("password"), keyed);
        add(words, Literal.of("passwd"), keyed);
        add(words, Literal.of("passphrase"), keyed);
        add(words, Literal.of("passcode"), keyed);
        for (String end : List.of("=", ":", "\"", "'", "\\", " ", ">")) {
            add(
                    words,
                    new Literal("pwd" + end, 0, true, "", PRINTABLE),
                    (data, from, to, at, literalEnd, spans) ->
                            keyed.find(data, from, to, at, literalEnd - 1, spans));
        }
        boolean secrets = kinds.contains(SecretKind.SECRET);
        add(secrets, Literal.of("secret"), keyed);
        for (String name : List.of("private", "encryption")) {
            for (String link : List.of("", "_", "-", ".")) {
                add(secrets, Literal.of(name + link + "key"), keyed);
            }
        }
        boolean apiKeys = kinds.contains(SecretKind.API_KEY);
        for (String name : List.of("api", "access", "auth")) {
            for (String link : List.of("", "_", "-", ".")) {
                add(apiKeys, Literal.of(name + link + "key"), keyed);
            }
        }
        for (String end : List.of("=", ":", "\"", "'", "\\", " ", ">", "]")) {
            add(
                    kinds.contains(SecretKind.TOKEN),
                    Literal.of("token" + end),
                    (data, from, to, at, literalEnd, spans) ->
                            keyed.find(data, from, to, at, literalEnd - 1, spans));
        }
        add(kinds.contains(SecretKind.AUTHORIZATION), Literal.of("authorization"), keyed);
        add(kinds.contains(SecretKind.COOKIE), Literal.of("cookie"), keyed);
    }

    private void forms() {
        for (SecretForms.Form form : SecretForms.ALL) {
            String name = form.kind().text();
            add(
                    kinds.contains(form.kind()),
                    Literal.exact(form.prefix(), ALPHANUMERIC + "_-."),
                    (data, from, to, at, literalEnd, spans) ->
                            whole(at, form.end(data, from, at, to), literalEnd, name, spans));
        }
        for (String head : SecretForms.JWT_HEADS) {
            add(
                    kinds.contains(SecretKind.JWT),
                    Literal.exact(head, ""),
                    (data, from, to, at, literalEnd, spans) ->
                            whole(
                                    at,
                                    SecretForms.jwtEnd(data, from, at, to),
                                    literalEnd,
                                    "jwt",
                                    spans));
        }
        add(
                kinds.contains(SecretKind.PRIVATE_KEY),
                new Literal("-----BEGIN ", 5, false, "", ""),
                SecretFinder::pem);
        add(kinds.contains(SecretKind.AUTHORIZATION), Literal.of("bearer "), SecretFinder::bearer);
        add(
                kinds.contains(SecretKind.URL_PASSWORD),
                new Literal("://", 0, false, ALPHANUMERIC, PRINTABLE),
                SecretFinder::url);
    }

    private static int whole(int at, int end, int otherwise, String name, Spans spans) {
        if (end < 0) {
            return otherwise;
        }
        spans.add(at, end, name, false);
        return end;
    }

    private static int pem(byte[] data, int from, int to, int at, int literalEnd, Spans spans) {
        int label = literalEnd;
        while (label < to
                && label - literalEnd < 40
                && (Bytes.isAlphanumeric(data[label]) || data[label] == ' ')) {
            label++;
        }
        String name = Bytes.text(data, literalEnd, label).strip();
        if (!name.endsWith("PRIVATE KEY") && !name.endsWith("PRIVATE KEY BLOCK")
                || !Bytes.startsWith(data, label, to, "-----")) {
            return literalEnd;
        }
        int end = label + 5;
        while (end < to && data[end] != '"' && !Bytes.startsWith(data, end, to, "-----end")) {
            end++;
        }
        if (end < to && data[end] == '-') {
            end += 8;
            while (end < to && (Bytes.isAlphanumeric(data[end]) || data[end] == ' ')) {
                end++;
            }
            while (end < to && data[end] == '-') {
                end++;
            }
        }
        if (end > at && end < to && data[end] == '"' && data[end - 1] == '\\') {
            end--;
        }
        spans.add(at, end, SecretKind.PRIVATE_KEY.text(), false);
        return end;
    }

    private static int bearer(byte[] data, int from, int to, int at, int literalEnd, Spans spans) {
        int end = literalEnd;
        while (end < to && Bytes.isToken(data[end])) {
            end++;
        }
        boolean apart = at == from || !Bytes.isWord(data[at - 1]);
        if (apart && end - literalEnd >= 16 && KeyedSecrets.isTokenLike(data, literalEnd, end)) {
            spans.add(literalEnd, end, SecretKind.AUTHORIZATION.text(), false);
            return end;
        }
        return literalEnd;
    }

    /* scheme://user:password@host: the authority has no white space, quote or slash (RFC 3986, section 3.2). */
    private static int url(byte[] data, int from, int to, int at, int literalEnd, Spans spans) {
        int colon = -1;
        int sign = -1;
        int last = Math.min(to, literalEnd + 2 * USER_LENGTH_MAX);
        for (int end = literalEnd; end < last; end++) {
            byte next = data[end];
            if (Bytes.isSpace(next) || "/?#\"'<>\\".indexOf(next) >= 0) {
                break;
            }
            if (next == ':' && colon < 0) {
                colon = end;
            } else if (next == '@') {
                sign = end;
            }
        }
        if (colon < 0
                || sign <= colon + 1
                || Bytes.startsWith(data, colon + 1, sign, "[redacted:")
                || Bytes.startsWith(data, colon + 1, sign, "**")) {
            return literalEnd;
        }
        spans.add(colon + 1, sign, SecretKind.URL_PASSWORD.text(), false);
        return sign;
    }

    private void own(RedactionRule rule) {
        Pattern pattern = rule.pattern();
        String name = rule.name();
        add(
                true,
                new Literal(Bytes.lower(rule.literal()), 0, true, "", PRINTABLE),
                (data, from, to, at, literalEnd, spans) -> {
                    int start = Math.max(spans.lastEnd(from), Math.max(from, at - REGEX_BEFORE));
                    int end = Math.min(to, literalEnd + REGEX_BEHIND);
                    return regex(pattern, name, data, start, end, literalEnd, spans);
                });
    }

    private static int regex(
            Pattern pattern,
            String name,
            byte[] data,
            int from,
            int to,
            int literalEnd,
            Spans spans) {
        Matcher matcher = pattern.matcher(new SteppedText(Bytes.text(data, from, to)));
        int behind = literalEnd;
        try {
            while (matcher.find()) {
                int group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
                spans.add(from + matcher.start(group), from + matcher.end(group), name, false);
                behind = Math.max(behind, from + matcher.end(group));
            }
        } catch (SteppedText.TooManyStepsException | StackOverflowError _) {
            spans.add(Math.max(from, spans.lastEnd(from)), to, name, false);
            return to;
        }
        return behind;
    }

    /** Whether a column of this name holds card numbers where it holds numbers. */
    boolean isCard(String name) {
        return cards && SecretNames.isCard(name);
    }

    /** Whether values of {@code kind} are redacted. */
    boolean has(SecretKind kind) {
        return kinds.contains(kind);
    }

    /**
     * Where the next thing may be that is worth a look, or {@link LiteralScan#END}.
     *
     * @param mayBeCards false where no value is as long as the number of a card
     */
    int next(byte[] data, int at, int to, boolean mayBeCards) {
        return scan.next(data, at, to, mayBeCards);
    }

    /** Looks at {@code at}, which is within {@code [from, to)}, a value; answers where to go on. */
    int look(byte[] data, int from, int to, int at, Spans spans) {
        int behind = at + 2;
        int[] candidates = scan.candidates(data, at, to);
        for (int index = 0; index < candidates.length; index += 2) {
            int literal = candidates[index];
            int start = at - candidates[index + 1];
            if (start < Math.max(from, spans.lastEnd(from))
                    || !scan.matches(literal, data, start, to)) {
                continue;
            }
            int end = start + scan.length(literal);
            int next = finders.get(literal).find(data, from, to, start, end, spans);
            behind = Math.max(behind, Math.max(next, Math.min(end, at + 2)));
        }
        return cards && Bytes.isDigit(data[at])
                ? Math.max(behind, card(data, from, to, at, spans))
                : behind;
    }

    /** Looks through all of {@code data[from .. to)}. */
    void lookThrough(byte[] data, int from, int to, Spans spans) {
        int at = from;
        while ((at = next(data, at, to, true)) != LiteralScan.END) {
            at = look(data, from, to, at, spans);
        }
    }

    private static int card(byte[] data, int from, int to, int at, Spans spans) {
        int start = CardNumbers.runStart(data, Math.max(from, spans.lastEnd(from)), at);
        int last = start;
        while (start < to) {
            int end = CardNumbers.end(data, from, start, to);
            if (end > 0) {
                redact(data, from, start, end, spans);
                return end;
            }
            while (start < to && Bytes.isDigit(data[start])) {
                start++;
            }
            last = start;
            if (start + 1 >= to
                    || data[start] != ' ' && data[start] != '-'
                    || !Bytes.isDigit(data[start + 1])) {
                break;
            }
            start++;
        }
        return last;
    }

    /* A number in JSON is one of a card only when its name says so. */
    private static void redact(byte[] data, int from, int start, int end, Spans spans) {
        int before = start - 1;
        while (before >= from && data[before] == ' ') {
            before--;
        }
        String name = SecretKind.CARD.text();
        if (before > from && data[before] == ':' && data[before - 1] == '"') {
            int key = before - 2;
            while (key >= from && before - key < 64 && data[key] != '"') {
                key--;
            }
            if (SecretNames.isCard(Bytes.text(data, key + 1, before - 1))) {
                spans.add(start, end, name, true);
            }
            return;
        }
        spans.add(start, end, name, false);
    }
}
