package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.receive.RemoteRead;
import dev.belfry.receive.protobuf.ProtoReader;
import java.util.ArrayList;
import java.util.List;

/** Reads requests of remote read. */
public final class ReadRequests {
    /*
     * prompb/remote.proto, prompb/types.proto of Prometheus:
     *
     *   ReadRequest { Query 1 …; accepted_response_types 2 … }         types: 0 samples, 1 streamed chunks
     *   Query       { start_timestamp_ms 1; end_timestamp_ms 2; LabelMatcher 3 …; hints 4 }
     *   LabelMatcher{ type 1; name 2; value 3 }                        types: =, !=, =~, !~
     *
     * The first type that is known holds; none means samples.
     */
    private static final int STREAMED = 1;

    private final ProtoReader in;
    private final LabelPairs texts = new LabelPairs();
    private int type = -1;
    private int unknownType = -1;

    private ReadRequests(ProtoReader in) {
        this.in = in;
    }

    /**
     * The request that {@code body[0 .. length)} is.
     *
     * @throws dev.belfry.receive.protobuf.ProtoException when it is none
     * @throws BelfryException VALIDATION_ERROR when it asks too much at once, or for answers of
     *     other types only
     */
    public static RemoteRead.Request read(byte[] body, int length) {
        return new ReadRequests(new ProtoReader(body, 0, length)).run();
    }

    private RemoteRead.Request run() {
        List<RemoteRead.Query> queries = new ArrayList<>();
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | ProtoReader.LENGTH -> {
                    check("queries", queries.size(), Limits.QUERIES_MAX);
                    queries.add(query());
                }
                case 2 << 3 -> accepted((int) in.varint());
                case 2 << 3 | ProtoReader.LENGTH -> {
                    int outer = in.enter();
                    while (in.more()) {
                        accepted((int) in.varint());
                    }
                    in.leave(outer);
                }
                default -> in.skip(tag);
            }
        }
        if (type < 0 && unknownType >= 0) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "accepted_response_types: "
                            + unknownType
                            + " (expected: 0, samples, or 1, streamed chunks)");
        }
        return new RemoteRead.Request(queries, type == STREAMED);
    }

    private void accepted(int given) {
        if (given < 0 || given > STREAMED) {
            unknownType = given & Integer.MAX_VALUE;
        } else if (type < 0) {
            type = given;
        }
    }

    private RemoteRead.Query query() {
        int outer = in.enter();
        long start = 0;
        long end = 0;
        List<RemoteRead.Matcher> matchers = new ArrayList<>();
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> start = in.varint();
                case 2 << 3 -> end = in.varint();
                case 3 << 3 | ProtoReader.LENGTH -> {
                    check("matchers", matchers.size(), Limits.MATCHERS_MAX);
                    matchers.add(matcher());
                }
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        return new RemoteRead.Query(start, end, matchers);
    }

    private RemoteRead.Matcher matcher() {
        int outer = in.enter();
        int operator = 0;
        String name = "";
        String value = "";
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> operator = (int) in.varint();
                case 2 << 3 | ProtoReader.LENGTH -> name = text();
                case 3 << 3 | ProtoReader.LENGTH -> value = text();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        LabelMatcher.Operator[] operators = LabelMatcher.Operator.values();
        if (operator < 0 || operator >= operators.length) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR,
                    "matcher: type " + operator + " (expected: 0 to 3)");
        }
        return new RemoteRead.Matcher(operators[operator], name, value);
    }

    private String text() {
        int length = in.length();
        String text = texts.text(in.bytes, in.at, length);
        in.at += length;
        return text;
    }

    private static void check(String what, int count, int max) {
        if (count == max) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, what + ": more (expected: at most " + max + ")");
        }
    }
}
