package dev.belfry.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.SeriesSamples;
import dev.belfry.receive.prometheus.ReadAnswers;
import dev.belfry.receive.prometheus.ReadRequests;
import dev.belfry.receive.protobuf.ProtoException;
import java.util.List;

/** The messages of Prometheus' remote read. */
public final class RemoteRead {
    private RemoteRead() {}

    /**
     * A matcher as it was asked for.
     *
     * @param operator how the value is compared
     * @param name the label's name
     * @param value a text or a regular expression
     */
    public record Matcher(LabelMatcher.Operator operator, String name, String value) {}

    /**
     * One of the questions.
     *
     * @param startMillis from when on, inclusive
     * @param endMillis until when, inclusive
     * @param matchers what the labels must pass
     */
    public record Query(long startMillis, long endMillis, List<Matcher> matchers) {
        /** Copies the list. */
        public Query {
            matchers = List.copyOf(matchers);
        }
    }

    /**
     * What is asked.
     *
     * @param queries the questions
     * @param streamed whether the answer may be chunks in a stream; else it is samples
     */
    public record Request(List<Query> queries, boolean streamed) {
        /** Copies the list. */
        public Request {
            queries = List.copyOf(queries);
        }
    }

    /**
     * The {@code prometheus.ReadRequest} that {@code body[0 .. length)} is, inflated.
     *
     * @throws BelfryException VALIDATION_ERROR when it is none, or asks too much at once
     */
    public static Request decode(byte[] body, int length) {
        try {
            return ReadRequests.read(body, length);
        } catch (ProtoException failure) {
            throw failure.refusal("body: no prometheus.ReadRequest");
        }
    }

    /** Gathers a {@code prometheus.ReadResponse}: samples, query by query. For one thread. */
    public static final class Samples {
        private final ReadAnswers.Samples answers = new ReadAnswers.Samples();

        /** Begins the answer to the next query. */
        public void begin() {
            answers.begin();
        }

        /** Adds a series; those without samples are left out. */
        public void add(SeriesSamples series) {
            answers.add(series);
        }

        /** Ends the answer to the query. */
        public void end() {
            answers.end();
        }

        /** How many bytes there are. */
        public int size() {
            return answers.size();
        }

        /** The message as a Snappy block. */
        public byte[] block() {
            return answers.block();
        }
    }

    /**
     * The frame of a stream that holds chunks of {@code series}, an answer to query {@code index};
     * empty when it has no samples.
     */
    public static byte[] frame(int index, SeriesSamples series) {
        return ReadAnswers.frame(index, series);
    }
}
