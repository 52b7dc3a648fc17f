package dev.belfry.query.insight;

import dev.belfry.query.Insights;

/** The bounds of a query's text and of what its steps hold; over one, the error names it. */
final class Limits {
    private Limits() {}

    /** Characters of a query: a page of text is long. */
    static final int TEXT_MAX = 32 << 10;

    /** Stages of a query. */
    static final int STAGES_MAX = 64;

    /** Levels of brackets and signs: the stack of a thread holds far more. */
    static final int DEPTH_MAX = 100;

    /** Operators in a row without brackets; and and or: {@link #LOGIC_MAX}. */
    static final int CHAIN_MAX = 100;

    /** Conditions joined by and, or. */
    static final int LOGIC_MAX = 500;

    /**
     * Parts of an expression when the names in it are written out: aliases of aliases grow fast.
     */
    static final int PARTS_MAX = 5_000;

    /** Fields, measures, keys of one stage. */
    static final int ITEMS_MAX = 200;

    /** Values of a list, arguments of a function. */
    static final int LIST_MAX = 1_000;

    /** Words and fields of a search. */
    static final int TERMS_MAX = 256;

    /** Rows of an answer: as the field's other tools. */
    static final int ROWS_MAX = Insights.ROWS_MAX;

    /** Rows that steps after the plan work on; what is cut is told. */
    static final int STEP_ROWS_MAX = Insights.STEP_ROWS_MAX;

    /** Characters of a pattern of like or of a text between two * of parse. */
    static final int PATTERN_MAX = 1_000;

    /** Characters of a regular expression. */
    static final int REGEX_MAX = 4_096;

    /** Heap bytes that a value in a step is counted with. */
    static final int VALUE_BYTES = 48;
}
