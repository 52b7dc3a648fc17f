package dev.belfry.receive.importer;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongFunction;

/** Shows how an import gets on: a bar on a terminal, else a line now and then. Thread-safe. */
final class Progress {
    private static final long BAR_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final int BAR_WIDTH = 24;

    private final PrintStream output;
    private final boolean terminal;
    private final String name;
    private final long rawSize;
    private final LongFunction<String> shown;
    private final long startNanos = System.nanoTime();
    private long startPosition = -1;
    private long shownNanos = startNanos;
    private int shownLength;

    /**
     * Nothing shown yet.
     *
     * @param rawSize of the whole; -1 when unknown
     * @param shown how positions are shown
     */
    Progress(
            PrintStream output,
            boolean terminal,
            String name,
            long rawSize,
            LongFunction<String> shown) {
        this.output = output;
        this.terminal = terminal;
        this.name = name;
        this.rawSize = rawSize;
        this.shown = shown;
    }

    /** Says where it is; shown when it is time again. */
    synchronized void at(long rawPosition, long events) {
        if (startPosition < 0) {
            startPosition = rawPosition;
        }
        long now = System.nanoTime();
        if (now - shownNanos < (terminal ? BAR_NANOS : LINE_NANOS)) {
            return;
        }
        shownNanos = now;
        String text = text(rawPosition, events, (now - startNanos) / 1e9);
        if (terminal) {
            String blank = " ".repeat(Math.max(0, shownLength - text.length()));
            output.print("\r" + text + blank);
            output.flush();
            shownLength = text.length();
        } else {
            output.println(text);
        }
    }

    /** Takes the bar away. */
    synchronized void finish() {
        if (terminal && shownLength > 0) {
            output.print("\r" + " ".repeat(shownLength) + "\r");
            output.flush();
            shownLength = 0;
        }
    }

    private String text(long rawPosition, long events, double seconds) {
        StringBuilder text = new StringBuilder(name).append("  ");
        if (rawSize > 0) {
            double share = Math.min(1, (double) rawPosition / rawSize);
            if (terminal) {
                int full = (int) (share * BAR_WIDTH);
                text.append('[').append("█".repeat(full)).append("·".repeat(BAR_WIDTH - full));
                text.append("] ");
            }
            text.append(String.format(Locale.ROOT, "%.0f %%  ", share * 100));
            text.append(shown.apply(rawPosition)).append(" of ").append(shown.apply(rawSize));
        } else {
            text.append(shown.apply(rawPosition));
        }
        text.append(String.format(Locale.ROOT, "  %,d sent", events));
        if (seconds > 0.5) {
            text.append(String.format(Locale.ROOT, "  %,.0f/s", events / seconds));
            double perSecond = (rawPosition - Math.max(0, startPosition)) / seconds;
            if (rawSize > 0 && perSecond > 0) {
                text.append("  ETA ").append(duration((rawSize - rawPosition) / perSecond));
            }
        }
        return text.toString();
    }

    static String bytes(long count) {
        if (count < 1_024) {
            return count + " B";
        }
        String[] units = {"KiB", "MiB", "GiB", "TiB"};
        double value = count;
        int unit = -1;
        while (value >= 1_024 && unit < units.length - 1) {
            value /= 1_024;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    private static String duration(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        if (whole >= 3_600) {
            return whole / 3_600 + "h" + whole % 3_600 / 60 + "m";
        }
        return whole >= 60 ? whole / 60 + "m" + whole % 60 + "s" : whole + "s";
    }
}
