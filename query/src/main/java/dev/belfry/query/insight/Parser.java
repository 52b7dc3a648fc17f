package dev.belfry.query.insight;

import dev.belfry.query.insight.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads stages. */
final class Parser {
    /** The words that stages begin with. */
    static final Set<String> COMMANDS =
            Set.of(
                    "fields", "filter", "parse", "stats", "sort", "limit", "dedup", "pattern",
                    "display", "search");

    private static final String COMMANDS_TEXT =
            "fields, filter, parse, stats, sort, limit, dedup, pattern, display or search";

    private final String text;
    private final Lexer lexer;
    private final Expressions expressions;

    Parser(String text) {
        this.text = text;
        this.lexer = new Lexer(text);
        this.expressions = new Expressions(lexer);
    }

    /** All stages. */
    List<Stage> stages() {
        List<Stage> stages = new ArrayList<>();
        int start = lexer.skipSpace();
        if (start == text.length()) {
            return stages;
        }
        if (isCommand()) {
            expressions.begin();
            stages.add(command());
        } else {
            stages.add(search(start));
        }
        while (expressions.accept("|")) {
            if (stages.size() == Limits.STAGES_MAX) {
                throw Syntax.error(
                        text,
                        expressions.peek().at(),
                        "stage " + (Limits.STAGES_MAX + 1),
                        "at most " + Limits.STAGES_MAX + " stages");
            }
            stages.add(command());
        }
        Token rest = expressions.peek();
        if (rest.kind() != Kind.END) {
            throw expressions.error(rest, "| or the end");
        }
        return stages;
    }

    /* A text that begins with the word of a stage is one, unless the word is a field: level:error. */
    private boolean isCommand() {
        int start = lexer.at();
        int end = start;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        boolean whole =
                end == text.length()
                        || Character.isWhitespace(text.charAt(end))
                        || text.charAt(end) == '|';
        return whole && COMMANDS.contains(text.substring(start, end).toLowerCase(Locale.ROOT));
    }

    private Stage.Search search(int start) {
        SearchParser parser = new SearchParser(text, start);
        Term term = parser.terms();
        lexer.seek(parser.at());
        expressions.begin();
        return new Stage.Search(term, start);
    }

    private Stage command() {
        if (expressions.peek().isWord("search")) {
            return search(expressions.peek().end());
        }
        Token word = expressions.take();
        String command = word.kind() == Kind.NAME ? word.text().toLowerCase(Locale.ROOT) : "";
        return switch (command) {
            case "fields" -> new Stage.Fields(items(), word.at());
            case "filter" -> new Stage.Filter(expressions.expression(), word.at());
            case "parse" -> parse(word);
            case "stats" -> stats(word);
            case "sort" -> sort(word);
            case "limit" -> new Stage.Limit(count(), word.at());
            case "dedup" -> new Stage.Dedup(values(), word.at());
            case "pattern" -> new Stage.Patterns(expressions.expression(), word.at());
            case "display" -> new Stage.Display(values(), word.at());
            default -> throw Syntax.error(text, word.at(), word.shown(), COMMANDS_TEXT);
        };
    }

    private List<Stage.Item> items() {
        List<Stage.Item> items = new ArrayList<>();
        do {
            Node value = expressions.expression();
            items.add(new Stage.Item(value, alias()));
            bound(items.size());
        } while (expressions.accept(","));
        return items;
    }

    private @Nullable String alias() {
        return expressions.acceptWord("as") ? name() : null;
    }

    private String name() {
        Token name = expressions.take();
        if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME || name.text().isEmpty()) {
            throw expressions.error(name, "a name");
        }
        return name.text();
    }

    private List<Node> values() {
        List<Node> values = new ArrayList<>();
        do {
            values.add(expressions.expression());
            bound(values.size());
        } while (expressions.accept(","));
        return values;
    }

    private void bound(int count) {
        if (count > Limits.ITEMS_MAX) {
            throw expressions.error(
                    expressions.peek(), "at most " + Limits.ITEMS_MAX + " in a list");
        }
    }

    private Stage parse(Token word) {
        Token first = expressions.peekPattern();
        Node operand = new Node.Name("@message", word.at());
        if (first.kind() != Kind.TEXT && first.kind() != Kind.REGEX) {
            operand = expressions.operand();
            first = expressions.peekPattern();
        }
        if (first.kind() != Kind.TEXT && first.kind() != Kind.REGEX) {
            throw expressions.error(
                    first, "a pattern: \"user=*, method *\" or /user=(?<user>\\S+)/");
        }
        Node pattern = expressions.pattern();
        List<String> names = new ArrayList<>();
        if (expressions.acceptWord("as")) {
            do {
                names.add(name());
                bound(names.size());
            } while (expressions.accept(","));
        }
        return new Stage.Parse(operand, pattern, names, word.at());
    }

    private Stage stats(Token word) {
        List<Stage.Item> measures = items();
        List<Stage.Item> keys = expressions.acceptWord("by") ? items() : List.of();
        return new Stage.Stats(measures, keys, word.at());
    }

    private Stage sort(Token word) {
        expressions.acceptWord("by");
        List<Stage.Key> keys = new ArrayList<>();
        do {
            Node value = expressions.expression();
            boolean descending = expressions.acceptWord("desc");
            if (!descending) {
                expressions.acceptWord("asc");
            }
            keys.add(new Stage.Key(value, descending));
            bound(keys.size());
        } while (expressions.accept(","));
        return new Stage.Sort(keys, word.at());
    }

    private int count() {
        Token number = expressions.take();
        if (number.kind() == Kind.NUMBER && number.text().matches("\\d{1,9}")) {
            int count = Integer.parseInt(number.text());
            if (count <= Limits.ROWS_MAX) {
                return count;
            }
        }
        throw expressions.error(number, "a whole number from 0 to " + Limits.ROWS_MAX);
    }
}
