package dev.belfry.query.insight;

import dev.belfry.store.Expr;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes the store's expressions of a search bar. */
final class SearchTranslator {
    private final Translator translator;

    SearchTranslator(Translator translator) {
        this.translator = translator;
    }

    Expr expr(Term term) {
        return switch (term) {
            case Term.All all -> new Expr.And(all.terms().stream().map(this::expr).toList());
            case Term.Any any -> new Expr.Or(any.terms().stream().map(this::expr).toList());
            case Term.None none -> new Expr.Not(expr(none.term()));
            case Term.Words words -> words(words);
            case Term.Field field -> field(field);
            case Term.Range range -> range(range);
        };
    }

    private static Expr words(Term.Words words) {
        if (!words.quoted() && words.text().contains("*")) {
            return new Expr.Like(Names.MESSAGE, "%" + wildcards(words.text()) + "%", true);
        }
        return isWordless(words.text()) ? Expr.TRUE : new Expr.Phrase(words.text());
    }

    private static boolean isWordless(String text) {
        return text.codePoints().noneMatch(c -> Character.isLetterOrDigit(c) || c == '_');
    }

    private static String wildcards(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace('*', '%');
    }

    private Expr field(Term.Field field) {
        Node.Name name = new Node.Name(field.field(), field.at());
        Expr operand = translator.expr(name);
        return switch (field.how()) {
            case PRESENT -> translator.expr(new Node.Present(name, false, field.at()));
            case MATCHES -> {
                Pattern pattern =
                        translator.pattern(new Node.Regex(field.value(), false, field.at()));
                yield new Expr.Matches(operand, pattern);
            }
            case IS -> is(field, operand);
            case LESS -> compare(Node.Operator.LESS, name, field.value());
            case LESS_OR_EQUAL -> compare(Node.Operator.LESS_OR_EQUAL, name, field.value());
            case GREATER -> compare(Node.Operator.GREATER, name, field.value());
            case GREATER_OR_EQUAL -> compare(Node.Operator.GREATER_OR_EQUAL, name, field.value());
        };
    }

    private static Expr is(Term.Field field, Expr operand) {
        if (!field.quoted() && field.value().contains("*")) {
            return new Expr.Like(operand, wildcards(field.value()), true);
        }
        return operand.equals(Names.MESSAGE) && !isWordless(field.value())
                ? new Expr.Contains(operand, field.value())
                : Translator.is(operand, List.of(field.value()));
    }

    private Expr range(Term.Range range) {
        Node.Name name = new Node.Name(range.field(), range.at());
        return new Expr.And(
                List.of(
                        bound(Node.Operator.GREATER_OR_EQUAL, name, range.low()),
                        bound(Node.Operator.LESS_OR_EQUAL, name, range.high())));
    }

    private Expr bound(Node.Operator operator, Node.Name name, @Nullable String value) {
        return value == null ? Expr.TRUE : compare(operator, name, value);
    }

    private Expr compare(Node.Operator operator, Node.Name name, String value) {
        return translator.expr(
                new Node.Binary(operator, name, literal(value, name.at()), name.at()));
    }

    private static Node literal(String value, int at) {
        try {
            double number = Double.parseDouble(value);
            return Double.isFinite(number) ? new Node.Number(number, at) : new Node.Text(value, at);
        } catch (NumberFormatException _) {
            return new Node.Text(value, at); // Texts are compared by their characters.
        }
    }
}
