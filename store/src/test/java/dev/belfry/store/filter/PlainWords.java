package dev.belfry.store.filter;

import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The words of a text by strings and code points, to compare with. */
final class PlainWords {
    private static final String[] PIECES = {
        "error",
        "Error",
        "ERROR",
        "e",
        "time_out",
        "x9",
        "42",
        " ",
        "  ",
        "-",
        "\n",
        ": ",
        "é",
        "É",
        "straße",
        "ΣΑΣ",
        "中文",
        "😀",
        "𝒜",
        "\u0130",
        "\u212A",
        "\u0301",
        "\u0000",
        "\u1E9E",
        "0af7651916cd43dd8448eb211c80319c",
        "00F067AA0BA902B7",
        "abcdefgh",
        "abcdefghi"
    };

    private static final byte[][] BROKEN = {
        {(byte) 0xC3},
        {(byte) 0xE4, (byte) 0xB8},
        {(byte) 0x80},
        {(byte) 0xFF},
        {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xC0, (byte) 0x80},
        {(byte) 0xF4, (byte) 0xBF}
    };

    private PlainWords() {}

    static List<String> of(byte[] utf8) {
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPLACE)
                            .replaceWith("\uFFFD")
                            .decode(ByteBuffer.wrap(utf8))
                            .toString();
        } catch (java.nio.charset.CharacterCodingException impossible) {
            throw new AssertionError(impossible);
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.codePoints()
                .forEach(codePoint -> {
                    if (codePoint == '_' || Character.isLetterOrDigit(codePoint)) {
                        int lower = Character.toLowerCase(codePoint);
                        boolean stays = codePoint >= 0x80 && lower < 0x80;
                        word.appendCodePoint(stays ? codePoint : lower);
                    } else if (!word.isEmpty()) {
                        words.add(word.toString());
                        word.setLength(0);
                    }
                });
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** Whether {@code phrase} stands in {@code words}, one after another. */
    static boolean stands(List<String> phrase, List<String> words) {
        for (int at = 0; at + phrase.size() <= words.size(); at++) {
            if (words.subList(at, at + phrase.size()).equals(phrase)) {
                return true;
            }
        }
        return false;
    }

    /** A text of up to {@code pieces} pieces, now and then with bytes that are not UTF-8. */
    static byte[] text(Random random, int pieces) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        for (int left = random.nextInt(pieces + 1); left > 0; left--) {
            if (random.nextInt(40) == 0) {
                bytes.writeBytes(BROKEN[random.nextInt(BROKEN.length)]);
            } else {
                String piece = PIECES[random.nextInt(PIECES.length)];
                bytes.writeBytes(piece.getBytes(StandardCharsets.UTF_8));
                if (random.nextBoolean()) {
                    bytes.write(' ');
                }
            }
        }
        return bytes.toByteArray();
    }
}
