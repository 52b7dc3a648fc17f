package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.receive.prometheus.WriteRequests;
import dev.belfry.receive.protobuf.ProtoException;

/** What is written by Prometheus' remote write, in both its versions. Safe for many threads. */
public final class RemoteWrite {
    private final KnownFamilies families;

    /** Leaves out metadata of {@code families}. */
    public RemoteWrite(KnownFamilies families) {
        this.families = families;
    }

    /** Which message a body is. */
    public enum Message {
        /** {@code prometheus.WriteRequest}: remote write 1.0. */
        ONE,
        /** {@code io.prometheus.write.v2.Request}: remote write 2.0. */
        TWO
    }

    /**
     * What a request brought.
     *
     * @param decoded its samples, and what was wrong with others
     * @param staleHistograms staleness markers that came as histograms: for the sender they are
     *     such, among the samples they are numbers
     */
    public record Written(DecodedSamples decoded, int staleHistograms) {
        /** Numbers that were taken, staleness markers included. */
        public int samples() {
            return decoded.batch().count() - histograms();
        }

        /** Native histograms that were taken. */
        public int histograms() {
            int found = staleHistograms;
            for (int index = 0; index < decoded.batch().count(); index++) {
                found += decoded.batch().histogram(index) == null ? 0 : 1;
            }
            return found;
        }

        /** Exemplars that were taken. */
        public int exemplars() {
            return decoded.batch().exemplars().size();
        }
    }

    /**
     * Reads the inflated body {@code body[0 .. length)}.
     *
     * @param series finds its series, for its sender
     * @param nowMillis now, epoch milliseconds
     * @throws BelfryException VALIDATION_ERROR when it is no such message; what {@code series}
     *     refuses the whole for
     */
    public Written decode(
            Message message, byte[] body, int length, SeriesIntake series, long nowMillis) {
        try {
            return WriteRequests.read(message, body, length, series, families.begin(nowMillis));
        } catch (ProtoException failure) {
            throw failure.refusal(
                    "body: no "
                            + (message == Message.ONE
                                    ? "prometheus.WriteRequest"
                                    : "io.prometheus.write.v2.Request"));
        }
    }
}
