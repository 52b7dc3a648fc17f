package dev.belfry.store.exec;

import dev.belfry.model.EventId;
import dev.belfry.store.Expr;
import dev.belfry.store.filter.Phrase;
import java.util.List;

/** A condition made ready to be evaluated; safe for many threads. */
sealed interface Predicate {
    /** All of {@code parts}, the cheapest first. */
    record All(List<Predicate> parts) implements Predicate {}

    /** Any of {@code parts}, the cheapest first. */
    record Any(List<Predicate> parts) implements Predicate {}

    /** Those that {@code part} is not true for. */
    record None(Predicate part) implements Predicate {}

    /** The same for all rows. */
    record Fixed(boolean value) implements Predicate {}

    /** The events with one of these ids. */
    record Ids(List<EventId> ids) implements Predicate {}

    /** A question about one value. */
    record Single(Expr operand, Condition test) implements Predicate {}

    /** A comparison of two values of the row. */
    record Pair(Expr.Comparison how, Expr left, Expr right) implements Predicate {}

    /** Whether there is a value. */
    record Present(Expr operand) implements Predicate {}

    /** A phrase anywhere in the event. */
    record Anywhere(Phrase phrase) implements Predicate {}

    /** Whether an expression's value is true. */
    record Truth(Expr expr) implements Predicate {}
}
