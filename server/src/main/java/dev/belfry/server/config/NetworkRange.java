package dev.belfry.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of addresses such as {@code 10.0.0.0/8}.
 *
 * @param text as it was given
 * @param address its first address, 4 or 16 bytes
 * @param bits how many bits of an address must be those of the range
 */
public record NetworkRange(String text, byte[] address, int bits) {
    /**
     * The range that {@code text} is: an address, or one with {@code /BITS}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static NetworkRange parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        String wrong = "network: " + text + " (expected: a range such as 10.0.0.0/8 or fd00::/8)";
        if (!host.matches("[0-9a-fA-F:.]+")
                || !host.contains(":") && !host.matches("[0-9]+(\\.[0-9]+){3}")) {
            throw new IllegalArgumentException(wrong);
        }
        try {
            byte[] address = InetAddress.getByName(host).getAddress();
            int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > address.length * 8) {
                throw new IllegalArgumentException(wrong);
            }
            return new NetworkRange(text, address, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(wrong, e);
        }
    }

    /** Whether {@code other} is in the range. */
    public boolean contains(InetAddress other) {
        byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((bytes[bit >> 3] & mask) != (address[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetworkRange range && text.equals(range.text);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(address);
    }

    @Override
    public String toString() {
        return text;
    }
}
