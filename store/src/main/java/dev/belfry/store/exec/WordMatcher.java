package dev.belfry.store.exec;

import java.util.List;

/** Finds the words of a phrase in a row; case does not count; safe for many threads. */
interface WordMatcher {
    /** Whether they stand in the UTF-8 text {@code data[start .. end)}. */
    boolean matches(byte[] data, int start, int end);

    /** The words, lower case, in order. */
    List<String> words();
}
