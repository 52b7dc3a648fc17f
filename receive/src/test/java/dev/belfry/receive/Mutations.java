package dev.belfry.receive;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bodies that are nearly good, for fuzz tests. */
public final class Mutations {
    private static final byte[] NASTY = {0, 1, 7, 8, 0x0A, 0x12, 0x7F, (byte) 0x80, (byte) 0xFF};

    private Mutations() {}

    /** One of {@code corpus} with a few bytes changed, left out, repeated, or from another. */
    public static byte[] next(Random random, List<byte[]> corpus) {
        byte[] body = corpus.get(random.nextInt(corpus.size())).clone();
        for (int count = 1 + random.nextInt(8); count > 0 && body.length > 0; count--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(7)) {
                case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> body[at] = NASTY[random.nextInt(NASTY.length)];
                case 2 -> body[at] = (byte) random.nextInt();
                case 3 -> body = Arrays.copyOf(body, at);
                case 4 -> body = joined(body, 0, at, body, at + 1, body.length);
                case 5 -> {
                    int from = random.nextInt(at + 1);
                    body = joined(body, 0, at, body, from, body.length);
                }
                default -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    int from = random.nextInt(other.length);
                    body = joined(body, 0, at, other, from, other.length);
                }
            }
        }
        return body;
    }

    private static byte[] joined(byte[] left, int from, int to, byte[] right, int on, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(left, from, to - from);
        out.write(right, Math.min(on, end), Math.max(0, end - on));
        return out.toByteArray();
    }
}
