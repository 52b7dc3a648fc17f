package dev.belfry.query.promql;

/**
 * About how many instructions RE2 makes of a regular expression, found without making them: a few
 * characters can ask for billions ({@code ((a{1,100}){1,100}){1,100}}).
 *
 * @param instructions at most {@link #MAX}, which also stands for more
 * @param groups opening parentheses at most
 */
record RegexSize(long instructions, int groups) {
    /** Where counting ends. */
    static final long MAX = 1L << 40;

    static RegexSize of(String expression) {
        return new Counter(expression).count();
    }

    private static final class Counter {
        private final String text;

        /* What the open groups hold so far, outermost first; the last is the open one. */
        private final long[] sums;
        private int depth;
        private int groups;
        private long last;
        private int at;

        Counter(String text) {
            this.text = text;
            this.sums = new long[text.length() + 1];
        }

        RegexSize count() {
            while (at < text.length()) {
                char c = text.charAt(at);
                switch (c) {
                    case '(' -> {
                        add();
                        depth++;
                        groups++;
                        sums[depth] = 0;
                        at++;
                    }
                    case ')' -> {
                        add();
                        last = sums[depth] + 2;
                        depth = Math.max(0, depth - 1);
                        at++;
                    }
                    case '*', '+', '?', '|' -> {
                        last++;
                        at++;
                    }
                    case '{' -> repeat();
                    case '\\' -> escape();
                    case '[' -> characters();
                    default -> atom(at + 1);
                }
            }
            add();
            long all = 0;
            for (int i = 0; i <= depth; i++) {
                all = Math.min(MAX, all + sums[i]);
            }
            return new RegexSize(all, groups);
        }

        /** What ends before {@code end} takes one instruction. */
        private void atom(int end) {
            add();
            last = 1;
            at = Math.min(end, text.length());
        }

        private void add() {
            sums[depth] = Math.min(MAX, sums[depth] + last);
            last = 0;
        }

        private void repeat() {
            int end = text.indexOf('}', at);
            String bounds = end < 0 ? "" : text.substring(at + 1, end);
            if (!bounds.matches("\\d{1,6}(,\\d{0,6})?")) {
                atom(at + 1);
                return;
            }
            int comma = bounds.indexOf(',');
            boolean open = comma == bounds.length() - 1;
            long times =
                    Long.parseLong(
                            comma < 0 || open ? digits(bounds) : bounds.substring(comma + 1));
            last = Math.min(MAX, (last + 1) * Math.max(1, times + (open ? 1 : 0)));
            at = end + 1;
        }

        private static String digits(String bounds) {
            return bounds.endsWith(",") ? bounds.substring(0, bounds.length() - 1) : bounds;
        }

        private void escape() {
            char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (kind == 'Q') {
                int end = text.indexOf("\\E", at);
                int stop = end < 0 ? text.length() : end;
                last += stop - at;
                at = Math.min(text.length(), stop + 2);
                return;
            }
            boolean braced = at + 2 < text.length() && text.charAt(at + 2) == '{';
            boolean named = kind == 'p' || kind == 'P' || kind == 'x';
            int close = braced && named ? text.indexOf('}', at) : -1;
            atom(close < 0 ? at + 2 : close + 1);
        }

        private void characters() {
            int end = at + 1;
            if (end < text.length() && text.charAt(end) == '^') {
                end++;
            }
            int first = end;
            while (end < text.length() && (text.charAt(end) != ']' || end == first)) {
                if (text.charAt(end) == '\\') {
                    end++;
                } else if (text.startsWith("[:", end)) {
                    int close = text.indexOf(":]", end);
                    end = close < 0 ? end : close + 1;
                }
                end++;
            }
            atom(end + 1);
        }
    }
}
