package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;

/** Looks for a text in another, and at the clock meanwhile. */
final class TextSearch {
    /* String.indexOf compares the whole text at each place in the worst case. */
    private static final int STEPS_MAX = 1 << 22;

    private TextSearch() {}

    /** As {@link String#indexOf(String, int)}; stopped with the query. */
    static int indexOf(String text, String wanted, int from, QueryContext context) {
        int length = Math.max(1, wanted.length());
        int places = Math.max(1, STEPS_MAX / length);
        if (text.length() - from <= places) {
            int found = text.indexOf(wanted, from);
            context.work((found < 0 ? text.length() : found) - (long) from + 1);
            return found;
        }
        for (int start = from; start <= text.length() - wanted.length(); start += places) {
            int end = (int) Math.min(text.length(), (long) start + places + wanted.length() - 1);
            int found = text.indexOf(wanted, start, end);
            if (found >= 0) {
                return found;
            }
            context.work((long) places * length);
        }
        return -1;
    }
}
