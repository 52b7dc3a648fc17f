package dev.belfry.receive.lines;

import java.util.ArrayList;
import java.util.List;

/** {@code key=value} lines as Go programs write them; values may be quoted. */
final class LogfmtLines implements LineParser {
    private record Pair(String key, String value, boolean quoted) {}

    private final FieldPlaces places;
    private final LineParser text;

    /** A parser that leaves lines without pairs to {@code text}. */
    LogfmtLines(FieldPlaces places, LineParser text) {
        this.places = places;
        this.text = text;
    }

    /** Whether a line begins with a pair and is made of pairs, mostly. */
    static boolean matches(String line) {
        int words = line.split(" +", 64).length;
        List<Pair> pairs = pairs(line);
        return pairs.size() >= 2
                && line.startsWith(pairs.getFirst().key + "=")
                && quotedWords(pairs) + pairs.size() >= words * 3 / 4;
    }

    private static int quotedWords(List<Pair> pairs) {
        int words = 0;
        for (Pair pair : pairs) {
            words += pair.quoted ? pair.value.split(" +").length - 1 : 0;
        }
        return words;
    }

    @Override
    public boolean continues(CharSequence record, String line) {
        return false;
    }

    @Override
    public boolean parse(String record, LineEvent event) {
        List<Pair> pairs = pairs(record);
        if (pairs.isEmpty()) {
            return text.parse(record, event);
        }
        places.begin();
        for (Pair pair : pairs) {
            places.putText(pair.key, pair.value, event);
        }
        places.finish(event);
        if (event.message() == null) {
            event.message(record);
        }
        return true;
    }

    private static List<Pair> pairs(String line) {
        List<Pair> pairs = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            int end = at;
            while (end < line.length() && isKey(line.charAt(end))) {
                end++;
            }
            if (end == at || end >= line.length() || line.charAt(end) != '=') {
                at = Math.max(at + 1, end);
                continue;
            }
            String key = line.substring(at, end);
            StringBuilder value = new StringBuilder();
            boolean quoted = end + 1 < line.length() && line.charAt(end + 1) == '"';
            at = quoted ? quoted(line, end + 2, value) : plain(line, end + 1, value);
            pairs.add(new Pair(key, value.toString(), quoted));
        }
        return pairs;
    }

    private static boolean isKey(char letter) {
        return letter > ' ' && letter != '=' && letter != '"';
    }

    private static int plain(String line, int from, StringBuilder value) {
        int end = from;
        while (end < line.length() && line.charAt(end) > ' ') {
            end++;
        }
        value.append(line, from, end);
        return end;
    }

    private static int quoted(String line, int from, StringBuilder value) {
        for (int at = from; at < line.length(); at++) {
            char letter = line.charAt(at);
            if (letter == '"') {
                return at + 1;
            }
            if (letter == '\\' && at + 1 < line.length()) {
                at++;
                char escaped = line.charAt(at);
                value.append(escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped);
            } else {
                value.append(letter);
            }
        }
        return line.length();
    }
}
