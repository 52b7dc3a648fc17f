package dev.belfry.receive.prepare;

import dev.belfry.model.BytesColumn;
import dev.belfry.model.EventBatch;
import dev.belfry.model.EventType;
import dev.belfry.receive.lines.LevelReader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes missing levels from messages, where it is safe. */
final class Levels {
    /*
     *   2026-01-24 10:00:00,123 ERROR [main] c.e.Shop - …      in capitals among the first words
     *   [error] …   <warn> …   level=info   error: …           where the form says that it is one
     *   E0312 10:00:00.123456 …                                klog
     *   <3>usb 1-1: …                                          the kernel's
     */
    private static final int LENGTH = 96;
    private static final int WORDS = 6;
    private static final String KLOG = "IWEF";
    private static final String[] KLOG_LEVELS = {"info", "warning", "error", "fatal"};

    /** Levels that are words of other things too: only in brackets or before a colon. */
    private static final Set<String> COMMON =
            Set.of("config", "fine", "finer", "finest", "alert", "verbose", "trace", "information");

    private Levels() {}

    /** The batch with levels: the same one when none was found. */
    static EventBatch find(EventBatch batch) {
        BytesColumn levels = batch.levels();
        if (!levels.mayHaveNulls()) {
            return batch;
        }
        byte[] severities = batch.severityNumbers();
        @Nullable String[] found = new @Nullable String[batch.count()];
        boolean any = false;
        for (int row = 0; row < batch.count(); row++) {
            boolean missing = levels.isNull(row) && (severities == null || severities[row] == 0);
            if (missing && batch.types()[row] == EventType.LOG.ordinal()) {
                found[row] = level(batch.messages(), row);
                any |= found[row] != null;
            }
        }
        return any ? batch.withLevels(filled(levels, found)) : batch;
    }

    private static BytesColumn filled(BytesColumn levels, @Nullable String[] found) {
        BytesColumn.Builder builder = new BytesColumn.Builder(found.length);
        for (int row = 0; row < found.length; row++) {
            String level = found[row];
            if (level != null) {
                builder.add(level);
            } else if (levels.isNull(row)) {
                builder.addNull();
            } else {
                builder.add(levels.data(), levels.start(row), levels.length(row));
            }
        }
        return builder.build();
    }

    private static @Nullable String level(BytesColumn messages, int row) {
        int from = messages.start(row);
        int to = Math.min(messages.end(row), from + LENGTH);
        return to - from < 3 ? null : find(Bytes.text(messages.data(), from, to));
    }

    /** The level that {@code text} names, or null. */
    static @Nullable String find(String text) {
        char first = text.charAt(0);
        if (first == '<'
                && text.charAt(2) == '>'
                && text.charAt(1) >= '0'
                && text.charAt(1) <= '7') {
            return LevelReader.syslog(text.charAt(1) - '0');
        }
        int klog = KLOG.indexOf(first);
        if (klog >= 0 && isKlog(text)) {
            return KLOG_LEVELS[klog];
        }
        String level = LevelReader.find(text, 0, WORDS);
        return level == null || isCommon(text, level) ? null : level;
    }

    private static boolean isCommon(String text, String level) {
        if (!COMMON.contains(Bytes.lower(level))) {
            return false;
        }
        int at = text.indexOf(level);
        int end = at + level.length();
        char before = at == 0 ? ' ' : text.charAt(at - 1);
        char behind = end == text.length() ? ' ' : text.charAt(end);
        return "[<=\"(".indexOf(before) < 0 && behind != ':' && behind != ']';
    }

    /* E0312 10:00:00.123456    1234 file.go:12] text */
    private static boolean isKlog(String text) {
        if (text.length() < 14
                || text.charAt(5) != ' '
                || text.charAt(8) != ':'
                || text.charAt(11) != ':') {
            return false;
        }
        for (int at = 1; at < 5; at++) {
            if (text.charAt(at) < '0' || text.charAt(at) > '9') {
                return false;
            }
        }
        return true;
    }
}
