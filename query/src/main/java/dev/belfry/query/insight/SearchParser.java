package dev.belfry.query.insight;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a search bar: words, "phrases", field:value, -, OR, brackets; up to a pipe. */
final class SearchParser {
    private static final String VALUE = "a value: error, \"timed out\", >100, *";

    private final String text;
    private int at;
    private int depth;
    private int count;

    SearchParser(String text, int from) {
        this.text = text;
        this.at = from;
    }

    /** Where it stopped: at a pipe or the end. */
    int at() {
        return at;
    }

    Term terms() {
        Term term = any();
        if (at < text.length() && text.charAt(at) != '|') {
            throw error(at, Character.toString(text.codePointAt(at)), "a word or |");
        }
        return term;
    }

    private dev.belfry.model.BelfryException error(int offset, String found, String expected) {
        return Syntax.error(text, offset, found, expected);
    }

    private Term any() {
        if (++depth > Limits.DEPTH_MAX) {
            throw error(at, "(", "at most " + Limits.DEPTH_MAX + " levels of brackets");
        }
        List<Term> terms = new ArrayList<>();
        terms.add(all());
        while (word("OR") || symbol("||")) {
            terms.add(all());
        }
        depth--;
        return terms.size() == 1 ? terms.getFirst() : new Term.Any(terms);
    }

    private Term all() {
        List<Term> terms = new ArrayList<>();
        while (true) {
            space();
            if (at == text.length() || text.charAt(at) == ')' || isPipe() || isWord("OR")) {
                break;
            }
            if (symbol("||")) {
                at -= 2;
                break;
            }
            if (word("AND") || symbol("&&")) {
                continue;
            }
            Term term = term();
            if (term != null) {
                terms.add(term);
            }
        }
        return terms.size() == 1 ? terms.getFirst() : new Term.All(terms);
    }

    private boolean isPipe() {
        return text.charAt(at) == '|' && !text.startsWith("||", at);
    }

    private @Nullable Term term() {
        if (++count > Limits.TERMS_MAX) {
            throw error(at, "more", "at most " + Limits.TERMS_MAX + " words and fields");
        }
        if (word("NOT") || negation()) {
            space();
            Term inner = at < text.length() && !isPipe() ? term() : null;
            return inner == null ? null : new Term.None(inner);
        }
        char c = text.charAt(at);
        if (c == '(') {
            int open = at++;
            Term inner = any();
            if (at == text.length() || text.charAt(at) != ')') {
                throw error(open, "a bracket that is not closed", "a closing )");
            }
            at++;
            return inner;
        }
        int start = at;
        if (c == '"') {
            String phrase = quoted();
            boolean isField = at < text.length() && text.charAt(at) == ':' && !phrase.isEmpty();
            if (isField) {
                at++;
                return field(phrase, start);
            }
            return new Term.Words(phrase, true);
        }
        String bare = bare(true);
        if (at < text.length() && text.charAt(at) == ':' && !bare.isEmpty()) {
            at++;
            return field(bare, start);
        }
        if (bare.isEmpty()) {
            at++; // A sign by itself, such as a colon, stands for no word.
            return null;
        }
        return new Term.Words(bare, false);
    }

    /* A minus or exclamation mark right before a term. */
    private boolean negation() {
        char c = text.charAt(at);
        boolean is =
                (c == '-' || c == '!')
                        && at + 1 < text.length()
                        && !Character.isWhitespace(text.charAt(at + 1));
        at += is ? 1 : 0;
        return is;
    }

    private Term field(String name, int start) {
        if (at == text.length()
                || Character.isWhitespace(text.charAt(at))
                || text.charAt(at) == '|') {
            throw error(at, "no value of " + name, VALUE);
        }
        for (Term.How how :
                List.of(
                        Term.How.LESS_OR_EQUAL,
                        Term.How.GREATER_OR_EQUAL,
                        Term.How.LESS,
                        Term.How.GREATER)) {
            if (symbol(how.text())) {
                space();
                return new Term.Field(name, how, value(name), false, start);
            }
        }
        char c = text.charAt(at);
        if (c == '(') {
            return values(name, start);
        }
        if (c == '[') {
            return range(name, start);
        }
        int regexEnd = c == '/' ? regexEnd() : -1;
        if (regexEnd > 0) {
            boolean fold = text.charAt(regexEnd - 1) == 'i';
            String pattern = text.substring(at + 1, regexEnd - (fold ? 2 : 1)).replace("\\/", "/");
            at = regexEnd;
            return new Term.Field(
                    name, Term.How.MATCHES, fold ? "(?i)" + pattern : pattern, true, start);
        }
        return isOrPresent(name, start);
    }

    private Term isOrPresent(String name, int start) {
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String value = value(name);
        return !quoted && value.equals("*")
                ? new Term.Field(name, Term.How.PRESENT, "", false, start)
                : new Term.Field(name, Term.How.IS, value, quoted, start);
    }

    /* The end of a regular expression that begins here, -1 when it is only a path. */
    private int regexEnd() {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '/') {
                int end = text.startsWith("i", i + 1) ? i + 2 : i + 1;
                boolean ends =
                        end == text.length()
                                || Character.isWhitespace(text.charAt(end))
                                || ")|".indexOf(text.charAt(end)) >= 0;
                if (ends) {
                    return i == at + 1 ? -1 : end;
                }
            }
        }
        return -1;
    }

    private Term values(String name, int start) {
        int open = at++;
        List<Term> terms = new ArrayList<>();
        while (true) {
            space();
            if (at == text.length()) {
                throw error(open, "a bracket that is not closed", "a closing )");
            }
            if (text.charAt(at) == ')') {
                at++;
                return terms.size() == 1 ? terms.getFirst() : new Term.Any(terms);
            }
            if (word("OR") || symbol(",")) {
                continue;
            }
            if (++count > Limits.TERMS_MAX) {
                throw error(at, "more", "at most " + Limits.TERMS_MAX + " words and fields");
            }
            terms.add(isOrPresent(name, start));
        }
    }

    private Term range(String name, int start) {
        int end = text.indexOf(']', at);
        String[] bounds =
                end < 0 ? new String[0] : text.substring(at + 1, end).strip().split("\\s+TO\\s+");
        if (bounds.length != 2) {
            throw error(at, "[", "a range: [100 TO 200], * for no bound");
        }
        at = end + 1;
        return new Term.Range(
                name,
                bounds[0].equals("*") ? null : bounds[0],
                bounds[1].equals("*") ? null : bounds[1],
                start);
    }

    private String value(String name) {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        String value = bare(false);
        if (value.isEmpty()) {
            throw error(at, "no value of " + name, VALUE);
        }
        return value;
    }

    private String quoted() {
        int start = at++;
        StringBuilder content = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return content.toString();
            }
            if (c == '\\' && at < text.length() && "\\\"".indexOf(text.charAt(at)) >= 0) {
                c = text.charAt(at++);
            }
            content.append(c);
        }
        throw error(start, "a quote that is not closed", "a closing \"");
    }

    /* A run without white space, brackets, pipe and (before a field's value) colon. */
    private String bare(boolean toColon) {
        StringBuilder content = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                content.append(text.charAt(at + 1));
                at += 2;
                continue;
            }
            if (Character.isWhitespace(c)
                    || c == '('
                    || c == ')'
                    || c == '|'
                    || c == '"'
                    || c == ',' && !toColon
                    || c == ':' && toColon && isField(content)) {
                break;
            }
            content.append(c);
            at++;
        }
        return content.toString();
    }

    /* Whether what stands before a colon can be a field: 12:30 and http://host are words. */
    private boolean isField(StringBuilder before) {
        return !before.isEmpty()
                && Lexer.isNameStart(before.charAt(0))
                && !text.startsWith("://", at)
                && before.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) || "_.@$-".indexOf(c) >= 0);
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean symbol(String symbol) {
        boolean is = text.startsWith(symbol, at);
        at += is ? symbol.length() : 0;
        return is;
    }

    private boolean isWord(String word) {
        int end = at + word.length();
        return text.startsWith(word, at)
                && (end == text.length()
                        || !Character.isLetterOrDigit(text.charAt(end))
                                && "_:.-".indexOf(text.charAt(end)) < 0);
    }

    private boolean word(String word) {
        space();
        boolean is = isWord(word);
        at += is ? word.length() : 0;
        return is;
    }
}
