import { describe, expect, it } from 'vitest';
import {
  align,
  boundedStep,
  distinct,
  durationSeconds,
  firstQuery,
  formatValue,
  parseValue,
  seriesName,
  stepFor,
  summaryOf,
} from './metrics';
import { formatMetricsUrl, isDuration, newQuery, parseMetricsUrl } from './metricsUrl';

const hour = { startMillis: 0, endMillis: 3_600_000 };

describe('steps', () => {
  it('fit the range in round numbers', () => {
    expect(stepFor(hour)).toBe(15);
    expect(stepFor({ startMillis: 0, endMillis: 60_000 })).toBe(1);
    expect(stepFor({ startMillis: 0, endMillis: 30 * 86_400_000 })).toBe(14_400);
    expect(stepFor({ startMillis: 0, endMillis: 3650 * 86_400_000 })).toBe(13 * 86_400);
  });

  it('are as asked for, within what the server gives', () => {
    expect(boundedStep('1m', hour)).toBe(60);
    expect(boundedStep(null, hour)).toBe(15);
    expect(boundedStep('1ms', hour)).toBeCloseTo(3600 / 10_999, 6);
  });

  it('are read as PromQL reads durations', () => {
    expect(durationSeconds('1h30m')).toBe(5400);
    expect(durationSeconds('250ms')).toBe(0.25);
    expect(isDuration('5m')).toBe(true);
    expect(isDuration('5')).toBe(false);
    expect(isDuration('m5')).toBe(false);
  });
});

describe('names and values', () => {
  it('names a series as PromQL does', () => {
    expect(seriesName({ __name__: 'up', job: 'a"b' })).toBe('up{job="a\\"b"}');
    expect(seriesName({ __name__: 'up' })).toBe('up');
    expect(seriesName({})).toBe('{}');
    expect(seriesName({ 'a.b': 'c' })).toBe('{"a.b"="c"}');
  });

  it('reads and writes values', () => {
    expect(parseValue('+Inf')).toBe(Infinity);
    expect(parseValue('-Inf')).toBe(-Infinity);
    expect(parseValue('NaN')).toBeNaN();
    expect(formatValue(0)).toBe('0');
    expect(formatValue(1234)).toBe('1.234k');
    expect(formatValue(12.5)).toBe('12.5');
    expect(formatValue(1_000_000)).toBe('1M');
    expect(formatValue(0.00123456)).toBe('0.001235');
    expect(formatValue(0.000001)).toBe('1e-6');
    expect(formatValue(-2500)).toBe('-2.5k');
    expect(formatValue(999.99)).toBe('1000');
  });

  it('proposes a query by the type', () => {
    expect(firstQuery('http_requests_total', 'counter')).toBe('sum(rate(http_requests_total[5m]))');
    expect(firstQuery('x_bucket', 'histogram')).toContain('sum by (le)');
    expect(firstQuery('cpu.load', 'gauge')).toBe('sum({"cpu.load"})');
    expect(firstQuery('jobs_total', 'unknown')).toBe('sum(rate(jobs_total[5m]))');
  });
});

describe('series', () => {
  it('are put on the steps, with gaps', () => {
    const aligned = align(
      [
        {
          metric: { __name__: 'up' },
          values: [
            [100, '1'],
            [130, '0.5'],
          ],
        },
        { metric: { job: 'h' }, histograms: [[115, { count: '7', sum: '3' }]] },
      ],
      100,
      15,
      130,
    );
    expect(aligned.seconds).toEqual([100, 115, 130]);
    expect(aligned.series.map(({ values }) => values)).toEqual([
      [1, null, 0.5],
      [null, 7, null],
    ]);
  });

  it('have names of their own when several queries have them', () => {
    const up = { metric: { __name__: 'up' }, values: [[0, '1']] as [number, string][] };
    const { series } = distinct(align([up, up, { metric: {}, values: [] }], 0, 15, 15));
    expect(series.map(({ name }) => name)).toEqual(['up', 'up (2)', '{}']);
  });

  it('are summed up', () => {
    expect(summaryOf([null, 2, 4, null])).toEqual({ min: 2, max: 4, mean: 3, last: 4 });
    expect(summaryOf([null])).toEqual({ min: null, max: null, mean: null, last: null });
  });
});

describe('the URL', () => {
  it('holds all that a person would share', () => {
    const state = parseMetricsUrl(
      '?q=up&q=rate(x[5m])&off=1&from=now-3h&to=now&tab=table&kind=stacked&step=30s&refresh=30s&tz=utc',
    );
    expect(state.queries).toEqual([
      { key: 0, text: 'up', shown: true },
      { key: 1, text: 'rate(x[5m])', shown: false },
    ]);
    expect(state.step).toBe('30s');
    expect(parseMetricsUrl(formatMetricsUrl(state))).toEqual(state);
  });

  it('tells queries apart wherever they stand', () => {
    const { queries } = parseMetricsUrl('?q=a&q=b');
    const left = queries.slice(1);
    expect(newQuery(left).key).toBe(2);
    expect(newQuery([]).key).toBe(0);
  });

  it('is as by default where it says nothing, or nonsense', () => {
    expect(formatMetricsUrl(parseMetricsUrl(''))).toBe('');
    expect(parseMetricsUrl('?step=abc&refresh=7s&kind=pie&tab=x').step).toBeNull();
    expect(formatMetricsUrl(parseMetricsUrl('?step=abc&refresh=7s&kind=pie&tab=x'))).toBe('');
  });
});
