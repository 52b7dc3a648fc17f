package dev.belfry.bench.promql;

import java.util.List;

/**
 * Range queries over the series of {@link Fleet}: rates and sums, quantiles, the greatest, joins,
 * subqueries, expressions of labels; over few and over many series, an hour and longer.
 */
public enum Questions {
    /** Rates of all counters by job. */
    RATE_SUM_BY("sum by (job) (rate(http_requests_total[5m]))", 1),
    /** Rates of all counters. */
    RATE_SUM_ALL("sum(rate(http_requests_total[5m]))", 1),
    /** Rates by what is left. */
    RATE_SUM_WITHOUT("sum without (instance, path) (rate(http_requests_total[5m]))", 1),
    /** Rates of a tenth. */
    RATE_OF_ONE_JOB("sum by (code) (rate(http_requests_total{job=\"job-3\"}[5m]))", 1),
    /** Errors of all requests. */
    ERROR_RATIO(
            "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))",
            1),
    /** Long windows over hours. */
    INCREASE_HOUR("sum by (code) (increase(http_requests_total[1h]))", 6),
    /** The newest two samples. */
    IRATE_MAX("max by (job) (irate(http_requests_total[2m]))", 1),
    /** Gauges as they are. */
    SUM_OF_GAUGES("sum by (job) (process_resident_memory_bytes)", 1),
    /** Their mean. */
    AVG_OF_GAUGES("avg by (job) (process_resident_memory_bytes)", 1),
    /** Greatest of windows. */
    MAX_OVER_TIME("max by (job) (max_over_time(process_resident_memory_bytes[10m]))", 1),
    /** Means of windows. */
    AVG_OVER_TIME("avg(avg_over_time(process_resident_memory_bytes[15m]))", 1),
    /** Quantiles of windows, a series each. */
    QUANTILE_OVER_TIME("quantile_over_time(0.9, process_resident_memory_bytes[10m])", 1),
    /** Deviation by job. */
    STDDEV("stddev by (job) (process_resident_memory_bytes)", 1),
    /** What is up. */
    COUNT_UP("count(up == 1)", 1),
    /** The ten fastest of all. */
    TOPK("topk(10, rate(http_requests_total[5m]))", 1),
    /** The five fastest hosts. */
    TOPK_OF_SUMS("topk(5, sum by (instance) (rate(http_requests_total[5m])))", 1),
    /** One quantile of all buckets. */
    QUANTILE_OF_HISTOGRAM(
            "histogram_quantile(0.99, sum by (le) (rate(request_seconds_bucket[5m])))", 1),
    /** Quantiles by job. */
    QUANTILE_BY_JOB(
            "histogram_quantile(0.9, sum by (le, job) (rate(request_seconds_bucket[5m])))", 1),
    /** A quantile of each histogram. */
    QUANTILE_OF_EACH("histogram_quantile(0.5, rate(request_seconds_bucket[5m]))", 1),
    /** Many counters to one version. */
    JOIN(
            "sum by (version) (rate(http_requests_total[5m]) * on (job, instance) group_left"
                    + " (version) build_info)",
            1),
    /** Series by series. */
    DIVIDE_SERIES("request_seconds_sum / request_seconds_count", 1),
    /** A range of an aggregation. */
    SUBQUERY("max_over_time(sum by (job) (rate(http_requests_total[5m]))[30m:1m])", 1),
    /** An expression with a prefix. */
    REGEX_PREFIX("sum by (path) (rate(http_requests_total{path=~\"/api/v1/.*\"}[5m]))", 1),
    /** An expression with alternatives. */
    REGEX_ALTERNATIVES("sum(rate(http_requests_total{instance=~\"host-(1|2|33|44).*\"}[5m]))", 1),
    /** Long windows over a day. */
    LONG("sum by (job) (rate(http_requests_total{code=\"200\"}[1h]))", 24);

    private final String query;
    private final int hours;

    Questions(String query, int hours) {
        this.query = query;
        this.hours = hours;
    }

    /** The query. */
    public String query() {
        return query;
    }

    /** How far back it reaches, in a fleet of days; never further than there are samples. */
    public int hours() {
        return hours;
    }

    /** All of them. */
    public static List<Questions> all() {
        return List.of(values());
    }
}
