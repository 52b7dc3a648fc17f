package dev.belfry.bench.promql;

import java.util.List;

/**
 * Range queries over the series of {@link Fleet}: rates and sums, quantiles, the greatest, joins,
 * subqueries, expressions of labels; over few and over many series, an hour and longer.
 */
enum Questions {
    RATE_SUM_BY("sum by (job) (rate(http_requests_total[5m]))", 1),
    RATE_SUM_ALL("sum(rate(http_requests_total[5m]))", 1),
    RATE_SUM_WITHOUT("sum without (instance, path) (rate(http_requests_total[5m]))", 1),
    RATE_OF_ONE_JOB("sum by (code) (rate(http_requests_total{job=\"job-3\"}[5m]))", 1),
    ERROR_RATIO(
            "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))",
            1),
    INCREASE_HOUR("sum by (code) (increase(http_requests_total[1h]))", 6),
    IRATE_MAX("max by (job) (irate(http_requests_total[2m]))", 1),
    SUM_OF_GAUGES("sum by (job) (process_resident_memory_bytes)", 1),
    AVG_OF_GAUGES("avg by (job) (process_resident_memory_bytes)", 1),
    MAX_OVER_TIME("max by (job) (max_over_time(process_resident_memory_bytes[10m]))", 1),
    AVG_OVER_TIME("avg(avg_over_time(process_resident_memory_bytes[15m]))", 1),
    QUANTILE_OVER_TIME("quantile_over_time(0.9, process_resident_memory_bytes[10m])", 1),
    STDDEV("stddev by (job) (process_resident_memory_bytes)", 1),
    COUNT_UP("count(up == 1)", 1),
    TOPK("topk(10, rate(http_requests_total[5m]))", 1),
    TOPK_OF_SUMS("topk(5, sum by (instance) (rate(http_requests_total[5m])))", 1),
    QUANTILE_OF_HISTOGRAM(
            "histogram_quantile(0.99, sum by (le) (rate(request_seconds_bucket[5m])))", 1),
    QUANTILE_BY_JOB(
            "histogram_quantile(0.9, sum by (le, job) (rate(request_seconds_bucket[5m])))", 1),
    QUANTILE_OF_EACH("histogram_quantile(0.5, rate(request_seconds_bucket[5m]))", 1),
    JOIN(
            "sum by (version) (rate(http_requests_total[5m]) * on (job, instance) group_left"
                    + " (version) build_info)",
            1),
    DIVIDE_SERIES(
            "request_seconds_sum / request_seconds_count", 1),
    SUBQUERY("max_over_time(sum by (job) (rate(http_requests_total[5m]))[30m:1m])", 1),
    REGEX_PREFIX("sum by (path) (rate(http_requests_total{path=~\"/api/v1/.*\"}[5m]))", 1),
    REGEX_ALTERNATIVES("sum(rate(http_requests_total{instance=~\"host-(1|2|33|44).*\"}[5m]))", 1),
    LONG("sum by (job) (rate(http_requests_total{code=\"200\"}[1h]))", 24);

    private final String query;
    private final int hours;

    Questions(String query, int hours) {
        this.query = query;
        this.hours = hours;
    }

    String query() {
        return query;
    }

    /** How far back it reaches, in a fleet of days; never further than there are samples. */
    int hours() {
        return hours;
    }

    static List<Questions> all() {
        return List.of(values());
    }
}
