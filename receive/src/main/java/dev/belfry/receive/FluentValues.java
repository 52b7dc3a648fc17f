package dev.belfry.receive;

import dev.belfry.receive.fluent.TextArray;
import java.util.List;

/** Values of the handshake of Fluent's forward protocol. */
public final class FluentValues {
    private FluentValues() {}

    /**
     * The bytes of the strings that the array {@code data[from .. to)} holds.
     *
     * @throws FluentException when it holds anything else, or more than 16
     */
    public static List<byte[]> texts(byte[] data, int from, int to) {
        return TextArray.read(data, from, to);
    }
}
