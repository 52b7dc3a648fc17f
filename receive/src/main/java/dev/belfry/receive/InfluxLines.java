package dev.belfry.receive;

import dev.belfry.receive.influx.LineProtocol;

/** Lines of Influx' protocol. */
public final class InfluxLines {
    private InfluxLines() {}

    /**
     * Reads the numbers of {@code body[0 .. length)}: each field is a series {@code
     * measurement_field} with the line's tags as labels; a wrong line is an error of its own.
     *
     * @param precision of times: {@code ns us ms s m h}; nanoseconds when it is none of them
     * @param database becomes the label {@code db} where there is none; empty for none
     * @param families what was told before
     * @param series finds the sender's series
     * @param nowMillis the time of lines that have none, epoch milliseconds
     */
    public static DecodedSamples decode(
            byte[] body,
            int length,
            String precision,
            String database,
            KnownFamilies families,
            SeriesIntake series,
            long nowMillis) {
        return new LineProtocol(body, length, precision, database, families, series, nowMillis)
                .read();
    }
}
