package dev.belfry.receive.prepare;

/** Numbers of payment cards: by issuer, length and check digit. */
final class CardNumbers {
    /*
     * Digits in one run or in groups parted by single blanks or dashes; ISO/IEC 7812-1 has 19 at most, and its
     * annex B the check digit (Luhn). The first digits must be of an issuer, with the lengths it uses: so times,
     * counters and random ids are left alone, but for 1 in 50 of those that begin like a card.
     */
    static final int DIGITS_MIN = 13;
    private static final int DIGITS_MAX = 19;

    private CardNumbers() {}

    /** Where the run of digits and separators around {@code at} begins. */
    static int runStart(byte[] data, int from, int at) {
        int start = at;
        while (start > from && at - start < 2 * DIGITS_MAX && isPart(data[start - 1])) {
            start--;
        }
        while (start < at && !Bytes.isDigit(data[start])) {
            start++;
        }
        return start;
    }

    /** Whether a number of a card may have {@code value}. */
    static boolean isPart(byte value) {
        return Bytes.isDigit(value) || value == ' ' || value == '-';
    }

    /** The end of the card number that begins at {@code start}, or -1 when none does. */
    static int end(byte[] data, int from, int start, int to) {
        if (start > from && joins(data, from, start - 1, -1)) {
            return -1;
        }
        int number = 0;
        int at = start;
        byte separator = 0;
        int first = 0;
        int group = 0;
        while (at < to && number <= DIGITS_MAX) {
            byte next = data[at];
            if (Bytes.isDigit(next)) {
                if (number++ < 4) {
                    first = first * 10 + next - '0';
                }
                group++;
                at++;
            } else if ((next == ' ' || next == '-')
                    && (separator == 0 || separator == next)
                    && group >= 4
                    && at + 1 < to
                    && Bytes.isDigit(data[at + 1])
                    && number < 16) {
                separator = next;
                group = 0;
                at++;
            } else {
                break;
            }
        }
        if (number < DIGITS_MIN || number > DIGITS_MAX || at < to && joins(data, to, at, 1)) {
            return -1;
        }
        return isIssuer(first, number) && isChecked(data, start, at) ? at : -1;
    }

    /* Letters, digits and what ids and numbers are made of; a full stop only when digits go on behind it. */
    private static boolean joins(byte[] data, int bound, int at, int step) {
        byte next = data[at];
        if (Bytes.isAlphanumeric(next) || next == '_' || next == '/' && step > 0 || next == '+') {
            return true;
        }
        boolean more = step > 0 ? at + 1 < bound : at - 1 >= bound;
        boolean links = next == '.' || next == '-' || next == ':' && step > 0;
        return links && more && Bytes.isAlphanumeric(data[at + step]);
    }

    private static boolean isIssuer(int first, int length) {
        int two = first / 100;
        if (two >= 40 && two <= 49) {
            return length == 13 || length == 16 || length == 19;
        }
        if (two >= 51 && two <= 55 || first >= 2221 && first <= 2720) {
            return length == 16;
        }
        if (two == 34 || two == 37) {
            return length == 15;
        }
        if (two == 36 || two == 38 || two == 39 || first >= 3000 && first <= 3059) {
            return length == 14;
        }
        boolean discover = first == 6011 || two == 65 || first >= 6440 && first <= 6499;
        boolean others =
                two == 35
                        || two == 62
                        || first == 6304
                        || first == 6759
                        || first == 5018
                        || first == 5020
                        || first == 5038
                        || first >= 6761 && first <= 6763;
        return (discover || others) && length >= 16;
    }

    private static boolean isChecked(byte[] data, int from, int to) {
        int sum = 0;
        boolean twice = false;
        for (int at = to - 1; at >= from; at--) {
            if (!Bytes.isDigit(data[at])) {
                continue;
            }
            int digit = data[at] - '0';
            int value = twice ? digit * 2 : digit;
            sum += value > 9 ? value - 9 : value;
            twice = !twice;
        }
        return sum % 10 == 0;
    }
}
