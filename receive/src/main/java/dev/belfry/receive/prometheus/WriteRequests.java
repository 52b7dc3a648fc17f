package dev.belfry.receive.prometheus;

import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.RemoteWrite;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoReader;

/** Reads requests of remote write. */
public final class WriteRequests {
    /* What a sample takes when inflated, with ten labels in 1.0, with references in 2.0: for the first arrays. */
    private static final int SAMPLE_BYTES = 128;
    private static final int SAMPLES_EXPECTED_MAX = 1 << 14;

    private WriteRequests() {}

    /**
     * What {@code body[0 .. length)} brings.
     *
     * @throws dev.belfry.receive.protobuf.ProtoException when it is no such message
     */
    public static RemoteWrite.Written read(
            RemoteWrite.Message message,
            byte[] body,
            int length,
            SeriesIntake series,
            KnownFamilies.Told told) {
        ProtoReader in = new ProtoReader(body, 0, length);
        int expected = Math.min(SAMPLES_EXPECTED_MAX, length / SAMPLE_BYTES);
        Gathering to = new Gathering(series, told, expected);
        switch (message) {
            case ONE -> new WriteOne(in, to).run();
            case TWO -> new WriteTwo(in, to).run();
        }
        return to.written();
    }
}
