package dev.belfry.store;

/**
 * A function of single values. An argument that is absent, or of a kind that makes no sense, gives
 * an absent result, unless said otherwise. Positions and lengths are in UTF-16 units, from 0.
 */
public enum ScalarFunction {
    /** The first argument that is not absent. */
    COALESCE(1, Integer.MAX_VALUE),
    /** The second argument when the first is true, else the third. */
    IF(3, 3),
    /** A level as levels are compared, see {@link Levels#canonical}. */
    LEVEL(1, 1),
    /** How long a text is. */
    LENGTH(1, 1),
    /** A text in upper case. */
    UPPER(1, 1),
    /** A text without white space around it. */
    TRIM(1, 1),
    /** A text without white space before it. */
    TRIM_START(1, 1),
    /** A text without white space after it. */
    TRIM_END(1, 1),
    /** A text from a position on, at most so many units. */
    SUBSTRING(2, 3),
    /** All texts in a row; absent ones are empty. */
    CONCATENATE(1, Integer.MAX_VALUE),
    /** A text with each occurrence of the second replaced by the third. */
    REPLACE(3, 3),
    /** Whether the second text stands in the first, upper and lower case told apart. */
    CONTAINS(2, 2),
    /** Whether a text starts with another. */
    STARTS_WITH(2, 2),
    /** Whether a text ends with another. */
    ENDS_WITH(2, 2),
    /** The part of a text at a place, from 0, between the second text's occurrences. */
    PART(3, 3),
    /** Whether a value is absent or an empty text. */
    IS_EMPTY(1, 1),
    /** Whether a value is absent or a text of white space. */
    IS_BLANK(1, 1),
    /** A number without its sign. */
    ABSOLUTE(1, 1),
    /** The whole number above. */
    CEILING(1, 1),
    /** The whole number below. */
    FLOOR(1, 1),
    /** A number rounded half up to so many decimals, 0 by default. */
    ROUND(1, 2),
    /** The square root. */
    SQUARE_ROOT(1, 1),
    /** The natural logarithm. */
    LOGARITHM(1, 1),
    /** The logarithm to base 10. */
    LOGARITHM_10(1, 1),
    /** e to the power of a number. */
    EXPONENTIAL(1, 1),
    /** The first number to the power of the second. */
    POWER(2, 2),
    /** The greatest number; absent ones do not count. */
    GREATEST(1, Integer.MAX_VALUE),
    /** The least number; absent ones do not count. */
    LEAST(1, Integer.MAX_VALUE),
    /** The number that a value is or that its text says. */
    TO_NUMBER(1, 1),
    /** The text of a value. */
    TO_TEXT(1, 1),
    /** A time from epoch milliseconds or from RFC 3339 text. */
    TO_TIME(1, 1),
    /** The epoch milliseconds of a time. */
    TO_MILLIS(1, 1),
    /** A time rounded up to a multiple of so many nanoseconds. */
    TIME_CEILING(2, 2),
    /** A time as text, in UTC, by a pattern of {@link java.time.format.DateTimeFormatter}. */
    FORMAT_TIME(2, 2),
    /** A value inside a JSON text, by dotted path; a number goes into an array. */
    JSON_VALUE(2, 2),
    /** How many members a JSON array or object has. */
    JSON_LENGTH(1, 1);

    private final int argumentsMin;
    private final int argumentsMax;

    ScalarFunction(int argumentsMin, int argumentsMax) {
        this.argumentsMin = argumentsMin;
        this.argumentsMax = argumentsMax;
    }

    /** How many arguments it takes at least. */
    public int argumentsMin() {
        return argumentsMin;
    }

    /** How many arguments it takes at most. */
    public int argumentsMax() {
        return argumentsMax;
    }
}
