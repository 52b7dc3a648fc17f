package dev.belfry.receive.otlp;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.Labels;
import dev.belfry.model.series.MetricType;
import dev.belfry.model.series.SeriesResolver;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.KnownFamilies;
import dev.belfry.receive.OtlpMetricsConfig;
import dev.belfry.receive.SeriesIntake;
import dev.belfry.receive.protobuf.ProtoException;
import dev.belfry.receive.protobuf.ProtoReader;
import dev.belfry.receive.series.Protocols;
import dev.belfry.receive.series.SampleSink;

/** Takes an {@code ExportMetricsServiceRequest} apart into samples; used once. */
public final class MetricsDecoder {
    /*
     * opentelemetry-proto 1.x, metrics.proto:
     *
     *   ExportMetricsServiceRequest { ResourceMetrics 1 … }
     *   ResourceMetrics { Resource 1 | ScopeMetrics 2 … | schema_url 3 }
     *   ScopeMetrics    { InstrumentationScope 1 | Metric 2 … | schema_url 3 }
     *   Metric { name 1 | description 2 | unit 3 | Gauge 5 | Sum 7 | Histogram 9 | ExponentialHistogram 10 |
     *            Summary 11 }
     *   each of these { point 1 … | aggregation_temporality 2 | is_monotonic 3 (Sum) }
     *
     * What identifies a series is hashed as it stands, from the outside in: resource and scope, then the metric,
     * then a point's attributes. A series that is known costs no more than that. What may stand behind the points
     * is read first, and the points are passed by their lengths then.
     */
    private static final int RESOURCE_METRICS = 1 << 3 | ProtoReader.LENGTH;
    private static final int RESOURCE = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_METRICS = 2 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE = 1 << 3 | ProtoReader.LENGTH;
    private static final int METRIC = 2 << 3 | ProtoReader.LENGTH;
    private static final int NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int DESCRIPTION = 2 << 3 | ProtoReader.LENGTH;
    private static final int UNIT = 3 << 3 | ProtoReader.LENGTH;
    private static final int GAUGE = 5 << 3 | ProtoReader.LENGTH;
    private static final int SUM = 7 << 3 | ProtoReader.LENGTH;
    private static final int HISTOGRAM = 9 << 3 | ProtoReader.LENGTH;
    private static final int EXPONENTIAL = 10 << 3 | ProtoReader.LENGTH;
    private static final int SUMMARY = 11 << 3 | ProtoReader.LENGTH;
    private static final int POINT = 1 << 3 | ProtoReader.LENGTH;
    private static final int TEMPORALITY = 2 << 3 | ProtoReader.VARINT;
    private static final int MONOTONIC = 3 << 3 | ProtoReader.VARINT;
    private static final int DELTA = 1;
    private static final int CUMULATIVE = 2;

    private static final int POINT_BYTES = 64;

    private final ProtoReader in;
    private final SampleSink sink;
    private final SeriesLabels labels;
    private final Family family;
    private final Point point;
    private final Points points;
    private final HistogramPoints histograms;
    private final int pointsMax;

    private long contextHigh;
    private long contextLow;
    private long resourceHigh;
    private long resourceLow;
    private int dataTag;
    private int dataFrom;
    private int dataTo;
    private long temporality;

    /** A decoder of the message {@code body[0 .. length)}. */
    public MetricsDecoder(
            byte[] body,
            int length,
            OtlpMetricsConfig config,
            KnownFamilies families,
            SeriesIntake series,
            long nowMillis) {
        in = new ProtoReader(body, 0, length);
        sink =
                new SampleSink(
                        series,
                        families.begin(nowMillis),
                        Protocols.OTLP,
                        config.toString(),
                        length / POINT_BYTES,
                        DecodedSamples.ERRORS_MAX);
        MetricNaming naming = new MetricNaming(config.translation());
        labels = new SeriesLabels(body, config, naming);
        family = new Family(body, naming);
        point = new Point(in, sink, labels, family, nowMillis);
        points = new Points(in, sink, point, family);
        histograms = new HistogramPoints(in, sink, point, family);
        pointsMax = config.pointsMax();
    }

    /**
     * The samples of the body.
     *
     * @throws BelfryException VALIDATION_ERROR when it is no such message; TOO_LARGE when it has
     *     too many points
     */
    public DecodedSamples decode() {
        try {
            while (in.more()) {
                int tag = in.tag();
                if (tag == RESOURCE_METRICS) {
                    int outer = in.enter();
                    resourceMetrics();
                    in.leave(outer);
                } else {
                    in.skip(tag);
                }
            }
        } catch (ProtoException failure) {
            throw failure.refusal("body: no ExportMetricsServiceRequest");
        }
        return sink.decoded();
    }

    private void resourceMetrics() {
        int start = in.at;
        labels.resource().clear();
        labels.resourceChanged();
        while (in.more()) {
            int tag = in.tag();
            if (tag == RESOURCE) {
                int length = in.length();
                labels.resource().add(in.at, in.at + length);
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
        sink.begin();
        hash(labels.resource());
        resourceHigh = sink.hash.high();
        resourceLow = sink.hash.low();
        point.latestMillis = 0;
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == SCOPE_METRICS) {
                int outer = in.enter();
                scopeMetrics();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
        if (point.latestMillis != 0) {
            targetInfo();
        }
    }

    private void targetInfo() {
        sink.hash.reset(resourceHigh).add(resourceLow);
        int series = sink.find();
        if (series == SeriesResolver.NONE) {
            Labels info = labels.targetInfo();
            if (info.isEmpty()) {
                return;
            }
            series = sink.resolve(info);
            if (series == SeriesResolver.NONE) {
                return;
            }
        }
        sink.samples.add(series, point.latestMillis, 1);
        sink.begin().add(RESOURCE);
        if (sink.isNewFamily()) {
            sink.family("target_info", MetricType.GAUGE, "", "Target metadata");
        }
    }

    private void scopeMetrics() {
        int start = in.at;
        labels.scope().clear();
        labels.scopeChanged();
        while (in.more()) {
            int tag = in.tag();
            if (tag == SCOPE) {
                int length = in.length();
                labels.scope().add(in.at, in.at + length);
                in.at += length;
            } else {
                in.skip(tag);
            }
        }
        sink.hash.reset(resourceHigh).add(resourceLow).add(labels.scope().size());
        hash(labels.scope());
        contextHigh = sink.hash.high();
        contextLow = sink.hash.low();
        in.at = start;
        while (in.more()) {
            int tag = in.tag();
            if (tag == METRIC) {
                int outer = in.enter();
                metric();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void hash(Spans spans) {
        for (int i = 0; i < spans.size(); i++) {
            sink.hash.add(in.bytes, spans.from(i), spans.to(i) - spans.from(i));
        }
    }

    private void metric() {
        family.clear();
        dataTag = 0;
        while (in.more()) {
            int tag = in.tag();
            if ((tag & 7) != ProtoReader.LENGTH) {
                in.skip(tag);
                continue;
            }
            int length = in.length();
            int from = in.at;
            in.at += length;
            switch (tag) {
                case NAME -> {
                    family.nameFrom = from;
                    family.nameTo = in.at;
                }
                case DESCRIPTION -> {
                    family.helpFrom = from;
                    family.helpTo = in.at;
                }
                case UNIT -> {
                    family.unitFrom = from;
                    family.unitTo = in.at;
                }
                case GAUGE, SUM, HISTOGRAM, EXPONENTIAL, SUMMARY -> {
                    dataTag = tag;
                    dataFrom = from;
                    dataTo = in.at;
                }
                default -> {}
            }
        }
        if (dataTag != 0) {
            int outer = in.end;
            in.at = dataFrom;
            in.end = dataTo;
            data();
            in.leave(outer);
        }
    }

    private void data() {
        String wrong = kind();
        sink.hash.reset(contextHigh).add(contextLow).add(dataTag);
        sink.hash.add(family.type.ordinal());
        sink.hash.add(in.bytes, family.nameFrom, family.nameTo - family.nameFrom);
        sink.hash.add(in.bytes, family.unitFrom, family.unitTo - family.unitFrom);
        family.keyHigh = sink.hash.high();
        family.keyLow = sink.hash.low();
        boolean told = false;
        in.at = dataFrom;
        while (in.more()) {
            int tag = in.tag();
            if (tag != POINT) {
                in.skip(tag);
                continue;
            }
            int outer = in.enter();
            begin(wrong);
            if (!sink.isRefused()) {
                read();
                if (!told && !sink.isRefused()) {
                    told = true;
                    tell();
                }
            }
            in.leave(outer);
        }
    }

    private void begin(String wrong) {
        sink.item();
        if (sink.items() > pointsMax) {
            throw new BelfryException(
                    ErrorCode.TOO_LARGE,
                    "body: more than "
                            + pointsMax
                            + " points (expected: at most "
                            + pointsMax
                            + ")");
        }
        if (!wrong.isEmpty()) {
            sink.refuse(ErrorCode.VALIDATION_ERROR, wrong);
        }
    }

    private void read() {
        switch (dataTag) {
            case GAUGE, SUM -> points.number();
            case HISTOGRAM -> histograms.classic();
            case EXPONENTIAL -> histograms.exponential();
            default -> points.summary();
        }
    }

    /* What the metric is; the message when its points cannot be taken, else empty. */
    private String kind() {
        temporality = dataTag == GAUGE || dataTag == SUMMARY ? CUMULATIVE : 0;
        boolean monotonic = false;
        while (in.more()) {
            int tag = in.tag();
            if (tag == TEMPORALITY) {
                temporality = in.varint();
            } else if (tag == MONOTONIC) {
                monotonic = in.varint() != 0;
            } else {
                in.skip(tag);
            }
        }
        family.gauge = dataTag == GAUGE;
        family.delta = temporality == DELTA && dataTag != GAUGE && dataTag != SUMMARY;
        family.type =
                switch (dataTag) {
                    case SUM -> monotonic ? MetricType.COUNTER : MetricType.GAUGE;
                    case HISTOGRAM, EXPONENTIAL -> MetricType.HISTOGRAM;
                    case SUMMARY -> MetricType.SUMMARY;
                    default -> MetricType.GAUGE;
                };
        if (family.nameFrom == family.nameTo) {
            return "name: empty (expected: the name of the metric)";
        }
        return family.delta || temporality == CUMULATIVE
                ? ""
                : family.name()
                        + ": aggregation_temporality: "
                        + temporality
                        + " (expected: 1, delta, or 2, cumulative)";
    }

    private void tell() {
        sink.hash.reset(family.keyHigh).add(family.keyLow);
        sink.hash.add(in.bytes, family.helpFrom, family.helpTo - family.helpFrom);
        if (sink.isNewFamily()) {
            sink.family(family.name(), family.type, family.unit(), family.help());
        }
    }
}
