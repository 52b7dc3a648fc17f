package dev.belfry.receive.prepare;

import dev.belfry.receive.SecretKind;
import org.jspecify.annotations.Nullable;

/** Finds secrets in JSON text by its structure: what was JSON stays JSON. */
final class JsonSecrets {
    private final SecretFinder finder;

    JsonSecrets(SecretFinder finder) {
        this.finder = finder;
    }

    /** Adds what is secret in {@code data[from .. to)}, which is JSON. */
    void find(byte[] data, int from, int to, Spans spans) {
        int at = from;
        int nameFrom = 0;
        int nameTo = -1;
        while (at < to) {
            byte next = data[at];
            if (next == '"') {
                int end = stringEnd(data, at + 1, to);
                int behind = blanks(data, end + 1, to);
                if (behind < to && data[behind] == ':') {
                    nameFrom = at + 1;
                    nameTo = end;
                    SecretKind kind = kind(data, at + 1, end);
                    at = blanks(data, behind + 1, to);
                    at = kind == null ? at : named(data, at, to, kind, spans);
                    continue;
                }
                finder.lookThrough(data, at + 1, end, spans);
                at = end + 1;
            } else if (Bytes.isDigit(next)) {
                int end = numberEnd(data, at, to);
                String name = nameTo < 0 ? "" : Bytes.text(data, nameFrom, nameTo);
                if (finder.isCard(name) && CardNumbers.end(data, at, at, end) == end) {
                    spans.add(at, end, SecretKind.CARD.text(), true);
                }
                at = end;
            } else {
                nameTo = next == '[' || next == '{' ? -1 : nameTo;
                at++;
            }
        }
    }

    private @Nullable SecretKind kind(byte[] data, int from, int to) {
        SecretKind kind = to - from > 128 ? null : SecretNames.kind(Bytes.text(data, from, to));
        return kind != null && finder.has(kind) ? kind : null;
    }

    /* The value of a secret's name; answers where to go on. */
    private static int named(byte[] data, int at, int to, SecretKind kind, Spans spans) {
        if (at >= to) {
            return to;
        }
        byte first = data[at];
        if (first == '"') {
            int end = stringEnd(data, at + 1, to);
            KeyedSecrets.addHeader(data, at + 1, end, kind, spans);
            return end + 1;
        }
        if (first == '[' || first == '{' && isWhole(kind)) {
            int end = KeyedSecrets.nestedEnd(data, at, to);
            if (end > at + 2) {
                spans.add(at, end, kind.text(), true);
            }
            return end < 0 ? to : end;
        }
        if (Bytes.isDigit(first) || first == '-') {
            int end = numberEnd(data, at, to);
            spans.add(at, end, kind.text(), true);
            return end;
        }
        return at;
    }

    /** Whether an object under such a name is replaced as a whole. */
    static boolean isWhole(SecretKind kind) {
        return kind == SecretKind.PASSWORD || kind == SecretKind.SECRET;
    }

    private static int stringEnd(byte[] data, int from, int to) {
        int end = from;
        while (end < to && data[end] != '"') {
            end += data[end] == '\\' ? 2 : 1;
        }
        return Math.min(end, to);
    }

    private static int numberEnd(byte[] data, int from, int to) {
        int end = from + 1;
        while (end < to && (Bytes.isAlphanumeric(data[end]) || "+-.".indexOf(data[end]) >= 0)) {
            end++;
        }
        return end;
    }

    private static int blanks(byte[] data, int from, int to) {
        int end = from;
        while (end < to && Bytes.isSpace(data[end])) {
            end++;
        }
        return end;
    }
}
