package dev.belfry.receive.prometheus;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoReader;

/** Takes an {@code io.prometheus.write.v2.Request} apart: remote write 2.0. Used once. */
final class WriteTwo {
    /*
     * prompb/io/prometheus/write/v2/types.proto of Prometheus:
     *
     *   Request   { symbols 4 …; TimeSeries 5 … }
     *   TimeSeries{ labels_refs 1 …; Sample 2 …; Histogram 3 …; Exemplar 4 …; Metadata 5; created_timestamp 6 }
     *   Sample    { value 1; timestamp 2; start_timestamp 3 }
     *   Exemplar  { labels_refs 1 …; value 2; timestamp 3 }
     *   Metadata  { type 1; help_ref 3; unit_ref 4 }
     *
     * References are numbers of symbols, names and values in turn. The first drafts tell when what is counted began
     * once for a series (created_timestamp), later ones with each sample (start_timestamp). A key is made of the
     * hashes of the symbols, since numbers change from request to request.
     */
    private static final int PROTOCOL = 4;

    private static final int SYMBOL = 4 << 3 | ProtoReader.LENGTH;
    private static final int SERIES = 5 << 3 | ProtoReader.LENGTH;
    private static final int REFERENCE = 1 << 3;
    private static final int REFERENCES = 1 << 3 | ProtoReader.LENGTH;
    private static final int SAMPLE = 2 << 3 | ProtoReader.LENGTH;
    private static final int HISTOGRAM = 3 << 3 | ProtoReader.LENGTH;
    private static final int EXEMPLAR = 4 << 3 | ProtoReader.LENGTH;
    private static final int METADATA = 5 << 3 | ProtoReader.LENGTH;
    private static final int CREATED = 6 << 3;

    private static final int HISTOGRAM_TYPE = 3;
    private static final int GAUGE_HISTOGRAM_TYPE = 4;
    private static final int SUMMARY_TYPE = 5;

    private final ProtoReader in;
    private final Gathering to;
    private final Symbols symbols;
    private final int[] references = new int[2 * SeriesIntake.LABELS_MAX];
    private int referenceCount;

    WriteTwo(ProtoReader in, Gathering to) {
        this.in = in;
        this.to = to;
        this.symbols = new Symbols(in.bytes, to.series.seed(), to.pairs);
    }

    void run() {
        int start = in.at;
        while (in.more()) {
            int tag = in.tag();
            if (tag == SYMBOL) {
                int length = in.length();
                symbols.add(in.at, length);
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == SERIES) {
                int outer = in.enter();
                to.seriesIndex++;
                series();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void series() {
        int start = in.at;
        referenceCount = 0;
        int lost = 0;
        long created = 0;
        int metadata = -1;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case REFERENCES -> references();
                case REFERENCE -> reference((int) in.varint());
                case CREATED -> created = in.varint();
                case METADATA -> {
                    metadata = in.at;
                    in.skip(tag);
                }
                case SAMPLE, HISTOGRAM, EXEMPLAR -> {
                    lost++;
                    in.skip(tag);
                }
                default -> in.skip(tag);
            }
        }
        int number;
        try {
            number = number();
            if (lost == 0) {
                throw wrong("series: no samples, histograms or exemplars", "at least one");
            }
        } catch (BelfryException e) {
            to.refuse(e, lost);
            return;
        }
        int end = in.at;
        if (metadata >= 0) {
            in.at = metadata;
            metadata(number);
        }
        in.at = start;
        values(number, created);
        in.at = end;
    }

    private void references() {
        int outer = in.enter();
        while (in.more()) {
            reference((int) in.varint());
        }
        in.leave(outer);
    }

    /* Those that are too many are counted only. */
    private void reference(int number) {
        if (referenceCount < references.length) {
            references[referenceCount] = number;
        }
        referenceCount++;
    }

    private void checkReferences() {
        if (referenceCount % 2 != 0 || referenceCount > references.length) {
            throw wrong(
                    "labels: " + referenceCount + " references",
                    "names and values in turn, at most " + references.length);
        }
    }

    private int number() {
        checkReferences();
        to.hash.reset(to.series.salt(PROTOCOL)).add(referenceCount);
        for (int index = 0; index < referenceCount; index++) {
            to.hash.add(symbols.hash(references[index]));
        }
        int known = to.find();
        if (known != SeriesResolver.NONE) {
            return known;
        }
        gather();
        return to.resolve();
    }

    /** Gathers the labels of the references. */
    private void gather() {
        to.pairs.clear();
        for (int index = 0; index < referenceCount; index += 2) {
            to.pairs.add(symbols.text(references[index]), symbols.text(references[index + 1]));
        }
    }

    private void values(int number, long created) {
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case SAMPLE -> sample(number, created);
                case HISTOGRAM -> to.histogram(in, number, created);
                case EXEMPLAR -> exemplar(number);
                default -> in.skip(tag);
            }
        }
    }

    private void sample(int number, long created) {
        int outer = in.enter();
        double value = 0;
        long timestamp = 0;
        long start = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 | ProtoReader.FIXED64 -> value = Double.longBitsToDouble(in.fixed64());
                case 2 << 3 -> timestamp = in.varint();
                case 3 << 3 -> start = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        to.sample(number, timestamp, value, start != 0 ? start : created);
    }

    private void exemplar(int number) {
        int outer = in.enter();
        double value = 0;
        long timestamp = 0;
        referenceCount = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case REFERENCES -> references();
                case REFERENCE -> reference((int) in.varint());
                case 2 << 3 | ProtoReader.FIXED64 -> value = Double.longBitsToDouble(in.fixed64());
                case 3 << 3 -> timestamp = in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        try {
            checkReferences();
            gather();
            to.exemplar(number, value, timestamp);
        } catch (BelfryException e) {
            to.refuse(e, 1);
        }
    }

    /** Reads what the series tells of its family; the reader stands before its length. */
    private void metadata(int number) {
        int outer = in.enter();
        int type = 0;
        int help = 0;
        int unit = 0;
        while (in.more()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> type = (int) in.varint();
                case 3 << 3 -> help = (int) in.varint();
                case 4 << 3 -> unit = (int) in.varint();
                default -> in.skip(tag);
            }
        }
        in.leave(outer);
        if (type == 0 && help == 0 && unit == 0) {
            return;
        }
        to.hash
                .reset(PROTOCOL)
                .add(nameHash())
                .add(type)
                .add(symbols.hash(help))
                .add(symbols.hash(unit));
        if (to.isKnown(to.hash.high())) {
            return;
        }
        try {
            String name = to.series.labels(number).metricName();
            to.metadata(family(name, type), type, symbols.text(unit), symbols.text(help));
        } catch (BelfryException e) {
            to.refuse(e, 1);
        }
    }

    /* The name's label stands first, but for names that begin with a capital or with what sorts before "_". */
    private long nameHash() {
        for (int index = 0; index + 1 < referenceCount; index += 2) {
            if (symbols.text(references[index]).equals(Labels.NAME)) {
                return symbols.hash(references[index + 1]);
            }
        }
        return 0;
    }

    /* Series of one family have names of their own, by suffix. */
    private static String family(String name, int type) {
        return switch (type) {
            case HISTOGRAM_TYPE, GAUGE_HISTOGRAM_TYPE ->
                    without(without(without(name, "_bucket"), "_sum"), "_count");
            case SUMMARY_TYPE -> without(without(name, "_sum"), "_count");
            default -> name;
        };
    }

    private static String without(String name, String suffix) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
    }

    private static BelfryException wrong(String what, String expected) {
        return new BelfryException(
                ErrorCode.VALIDATION_ERROR, what + " (expected: " + expected + ")");
    }
}
